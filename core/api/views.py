"""The base of every resource: scopes, tenant, ids, ETags, Idempotency-Key, history."""

import re
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core import bodies, ids, problems, workflow
from core.actors import Actor
from core.api import idempotency
from core.api.authentication import actor_of
from core.api.histories import history_of
from core.filters import OF_THE_DELETED, unwrapped
from core.shapes import NoteSerializer, Tombstone

_ETAG = re.compile(r'"v(\d+)"')


class TenantViewSet(GenericViewSet):  # type: ignore[type-arg]
    """Rows of one tenant. `scopes` names the scope of each action; others need `write`."""

    model: ClassVar[Any]
    scopes: ClassVar[dict[str, str]]
    filterset_class: ClassVar[Any] = None
    lookup_value_regex = "[^/]+"
    http_method_names: ClassVar[list[str]] = ["get", "post", "patch", "delete", "head"]

    def scope_of(self, action_name: str) -> str:
        return (
            self.scopes["read"]
            if action_name in READING
            else self.scopes.get(action_name, self.scopes["write"])
        )

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def get_queryset(self) -> Any:
        return self.seen(self.model.objects)

    def seen(self, rows: Any) -> Any:
        """Of some rows, those that this caller sees. Resources may narrow it."""
        return rows.of_application(self.actor.app_id)

    def get_object(self) -> Any:
        return self.find(self.get_queryset())

    def find(self, rows: Any) -> Any:
        """The row of the id in the path; every other id gives the same 404."""
        row = rows.filter(pk=self._pk()).first()
        if row is None:
            raise NotFound
        row.expected_version = self._expected_version()
        return row

    def named(self) -> Any:
        """The row of the id in the path, of which nothing but the id is read: for a verb that reads
        it under its lock before it looks at anything else, and gives the 404 itself.
        """
        row = self.model.from_db(DEFAULT_DB_ALIAS, ["id"], [self._pk()])
        row.expected_version = self._expected_version()
        return row

    def _pk(self) -> UUID:
        pk = ids.read(self.model.ID_PREFIX, self.kwargs["pk"])
        if pk is None:
            raise NotFound
        return pk

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.claim = idempotency.claim(request)

    def handle_exception(self, exc: Exception) -> Response | HttpResponse:
        if isinstance(exc, idempotency.Replay):
            kept = exc.kept
            headers = {"ETag": kept.etag} if kept.etag else {}
            return HttpResponse(
                bytes(kept.body),
                status=kept.status,
                content_type=kept.content_type,
                headers=headers,
            )
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        final.headers["Cache-Control"] = "no-store"
        mine = getattr(self, "claim", None)
        if mine and isinstance(final, Response):
            idempotency.keep(mine, final)
        return final

    def checked(self, serializer_class: Any = None, **kwargs: Any) -> dict[str, Any]:
        """The body of the request, validated."""
        wanted = serializer_class or self.get_serializer_class()
        context = {**self.get_serializer_context(), "actor": self.actor}
        serializer = wanted(data=self.request.data, context=context, **kwargs)
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values

    def shown(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """One row with its ETag."""
        return Response(self.bodies([row])[0], status=code, headers={"ETag": f'"v{row.version}"'})

    def bodies(self, rows: list[Any]) -> list[Any]:
        """The answers of some rows, in their order."""
        shown: list[Any] = self.get_serializer(self.detailed(rows), many=True).data
        return shown

    def detailed(self, rows: list[Any]) -> list[Any]:
        """Rows with what a page shows beside their columns, read for all at once. Resources
        override this.
        """
        return rows

    def _expected_version(self) -> int | None:
        header = self.request.headers.get("If-Match")
        if header is None or header.strip() == "*":
            return None
        match = _ETAG.fullmatch(header.strip())
        if match is None:
            raise problems.Problem(
                412, "stale", "This ETag is not one of ours. Read the row again."
            )
        return int(match[1][:9])


READING = ("list", "retrieve", "history", "metadata")


class Reading(TenantViewSet):
    """List, get and history. `tombstones`: whether lists may hold deleted rows as such."""

    tombstones: ClassVar[bool] = True

    def get_queryset(self) -> Any:
        """The live rows; a list by what changed or was deleted holds the deleted ones too."""
        return self.seen(self.model.with_deleted) if self.shows_deleted else super().get_queryset()

    @property
    def shows_deleted(self) -> bool:
        """Whether this request's list holds deleted rows, as tombstones."""
        may = self.tombstones and self.action == "list" and hasattr(self.model, "with_deleted")
        return may and bool(OF_THE_DELETED & unwrapped(self.request.query_params).keys())

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None  # noqa: S101 - every list has pages
        live = [row for row in page if not getattr(row, "is_deleted", False)]
        shown = {row.pk: body for row, body in zip(live, self.bodies(live), strict=True)}
        return self.get_paginated_response(
            [shown[row.pk] if row.pk in shown else Tombstone(row).data for row in page]
        )

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.shown(self.get_object())

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True, methods=["get"])
    def history(self, request: Request, pk: str) -> Response:
        """Who did what, when and why, newest first, with the fields that changed."""
        rows = (
            self.model.with_deleted if hasattr(self.model, "with_deleted") else self.model.objects
        )
        found = self.find(self.seen(rows))
        return Response(history_of(found, request))


class Moving(Reading):
    """The moves of a life cycle, through the module `service`."""

    service: ClassVar[Any]

    def move(self, verb: str) -> Response:
        """Make a move of the resource's life cycle with the inputs of its table."""
        cycle = workflow.of(self.model)
        values = self.checked(bodies.body_of(cycle, verb))
        arguments = workflow.arguments(cycle[verb], values)
        note = values.get("note") or ""
        return self.shown(
            self.service.perform(self.get_object(), verb, actor=self.actor, note=note, **arguments)
        )


class Changing(Moving):
    """Create and update, for what is never deleted."""

    def create(self, request: Request) -> Response:
        values = self.checked()
        note = values.pop("note", None) or ""
        row = self.service.create(values, actor=self.actor, note=note)
        return self.shown(row, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        values = self.checked(partial=True, instance=row)
        note = values.pop("note", None) or ""
        return self.shown(self.service.update(row, values, actor=self.actor, note=note))


class Writing(Changing):
    """Create, update, delete and restore through the module `service`, which has a function for
    each.
    """

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        self.service.delete(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Bring a deleted row back."""
        rows = self.model.with_deleted.deleted()
        row = self.find(self.seen(rows))
        note = self.checked(NoteSerializer).get("note") or ""
        return self.shown(self.service.restore(row, actor=self.actor, note=note))


def verb(model: Any, name: str) -> Callable[[Any], Any]:
    """Make a method the `@action` of one move: POST …/{id}/name with that move's body."""

    def decorate(function: Any) -> Any:
        body = bodies.body_of(workflow.of(model), name)
        described = extend_schema(request=body, description=function.__doc__)(function)
        return action(detail=True, methods=["post"], url_path=name, url_name=name)(described)

    return decorate
