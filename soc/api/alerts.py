"""The alert over REST. Each action gets, calls a service, and responds."""

from typing import Any, ClassVar

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core import bodies, ids, problems, workflow
from core.api.renderers import at_once
from core.api.views import verb
from core.shapes import StrictSerializer
from soc.api import alert_rows
from soc.api.commented import Commented
from soc.api.related import WithRelated
from soc.api.serializers.alerts import AlertSerializer, AssignBody, BulkAnswer
from soc.api.serializers.documents import ContextDocuments, ContextDocumentSerializer
from soc.api.slas import WithClocks
from soc.filters.alerts import AlertFilters
from soc.models import Alert
from soc.services import alerts, documents, reading
from soc.workflows import ALERT, RESPOND

MAX_BULK = 500
# What is read of a row before its answer is, or before a verb locks it; and of deleted ones.
KEYS = ("id", "pk", "updated_at")  # what a page and its cursors need of a live row
LIGHT = ("id", "is_deleted", "version")
TOMBSTONE = ("tenant_id", "created_at", "updated_at", "deleted_at", "deleted_by")
NAMING = {"assign", "undo", *(move.verb for move in ALERT)}
LOOKING = {"list", "bulk", "destroy"} | NAMING


class AlertMoves(WithRelated, WithClocks, Commented):
    """Everything that can be done with an alert, whatever its answer looks like."""

    model = Alert
    service = alerts
    serializer_class: ClassVar[Any] = AlertSerializer
    filterset_class = AlertFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "related": "soc:read",
        "clocks": "soc:read",
        "write": "soc:write",
        "escalate": RESPOND,
        "context_documents": "soc:read",
        "destroy": "soc:configure",
        "restore": "soc:configure",
    }

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if self._with_raw() else rows.for_list()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "without_raw": not self._with_raw()}

    def scope_of(self, action_name: str) -> str:
        if action_name == "comments":
            return "soc:read" if self.request.method == "GET" else "soc:write"
        if action_name == "bulk" and self.kwargs.get("verb") == "escalate":
            return RESPOND
        return super().scope_of(action_name)

    def detailed(self, rows: list[Any]) -> list[Any]:
        return reading.with_links(rows)

    def _with_raw(self) -> bool:
        return self.action != "list" or self.request.query_params.get("include") == "raw_data"

    @verb(Alert, "acknowledge")
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Say that someone has seen it."""
        return self.move("acknowledge")

    @verb(Alert, "triage")
    def triage(self, request: Request, pk: str) -> Response:
        """Start looking into it."""
        return self.move("triage")

    @verb(Alert, "escalate")
    def escalate(self, request: Request, pk: str) -> Response:
        """Hand it on: joins or opens an investigation and an incident. Needs sentinel:respond."""
        return self.move("escalate")

    @verb(Alert, "resolve")
    def resolve(self, request: Request, pk: str) -> Response:
        """Say how it was dealt with."""
        return self.move("resolve")

    @verb(Alert, "close")
    def close(self, request: Request, pk: str) -> Response:
        """Close with a classification; verdict and cause follow."""
        return self.move("close")

    @verb(Alert, "suppress")
    def suppress(self, request: Request, pk: str) -> Response:
        """Keep it and its repeats out of the queue."""
        return self.move("suppress")

    @verb(Alert, "reopen")
    def reopen(self, request: Request, pk: str) -> Response:
        """Back into the queue."""
        return self.move("reopen")

    @verb(Alert, "reclassify")
    def reclassify(self, request: Request, pk: str) -> Response:
        """Correct the classification of a closed alert."""
        return self.move("reclassify")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take one's own last move back, within 15 minutes."""
        return self.shown(alerts.undo(self.get_object(), actor=self.actor))

    @extend_schema(request=AssignBody)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Give it to a member of the tenant, or to nobody (null)."""
        values = self.checked(AssignBody)
        note = values.get("note", "")
        row = alerts.assign(
            self.get_object(), actor=self.actor, assignee_id=values["assignee_id"], note=note
        )
        return self.shown(row)

    @extend_schema(responses=ContextDocuments, filters=False)
    @action(detail=True, methods=["get"], url_path="context-documents")
    def context_documents(self, request: Request, pk: str) -> Response:
        """What the team knows that concerns this alert: documents for all, and those that match."""
        rows = documents.of_alert(self.get_object())
        return Response({"results": ContextDocumentSerializer(rows, many=True).data})

    @extend_schema(request=OpenApiTypes.OBJECT, responses=BulkAnswer)
    @action(detail=False, methods=["post"], url_path="bulk/(?P<verb>[a-z]+)")
    def bulk(self, request: Request, verb: str) -> Response:
        """The same verb for many alerts: `{"ids": […], …the verb's body}`, one answer per alert."""
        body_class = _bulk_body(verb)
        values = self.checked(body_class)
        texts = values.pop("ids")
        found = self._by_ids(texts)
        rows = [found.get(text) for text in texts]
        note = values.pop("note", None) or ""
        if verb == "assign":
            results = alerts.bulk(
                rows, verb, actor=self.actor, assignee_id=values["assignee_id"], note=note
            )
        else:
            arguments = workflow.arguments(workflow.of(Alert)[verb], values)
            results = alerts.bulk(rows, verb, actor=self.actor, note=note, **arguments)
        return Response(
            {"results": [_result(text, each) for text, each in zip(texts, results, strict=True)]}
        )

    def _by_ids(self, texts: list[str]) -> dict[str, Alert]:
        read = {text: ids.read("alr", text) for text in texts}
        rows = self.get_queryset().for_list().in_bulk([pk for pk in read.values() if pk])
        return {text: rows[pk] for text, pk in read.items() if pk in rows}


class AlertViewSet(AlertMoves):
    """A detection from a security tool."""

    def get_queryset(self) -> Any:
        """Whoever only looks for the row reads no more of it than that."""
        rows = super().get_queryset()
        if self.action not in LOOKING:
            return rows
        if self.action == "list" and not self.shows_deleted:
            return rows.values_list(*KEYS, named=True)
        return rows.only(*LIGHT, *(TOMBSTONE if self.shows_deleted else ()))

    def get_object(self) -> Any:
        """Moves read the row under its lock. An application moves what it sent alone, so for one
        the row is looked for before.
        """
        if self.action in NAMING and self.actor.app_id is None:
            return self.named()
        return super().get_object()

    def bodies(self, rows: list[Any]) -> list[Any]:
        return alert_rows.bodies([row.pk for row in rows], raw=self._with_raw())

    def retrieve(self, request: Request, pk: str) -> HttpResponseBase:
        body = alert_rows.body(ids.read("alr", pk), app_id=self.actor.app_id)
        if body is None:
            raise NotFound
        return at_once(request, body, {"ETag": f'"v{body["version"]}"'})

    def list(self, request: Request) -> Response:
        # The newest without a filter, which tools read all day, are one statement.
        pages: Any = self.paginator
        page = None if self.actor.app_id else pages.newest(request, alert_rows.newest)
        if page is None:
            return super().list(request)
        return self.get_paginated_response([row.body for row in page])


def _bulk_body(verb: str) -> type[StrictSerializer]:
    ids_field = serializers.ListField(
        child=serializers.CharField(max_length=64), allow_empty=False, max_length=MAX_BULK
    )
    if verb == "assign":
        return type("AlertBulkAssignBody", (AssignBody,), {"ids": ids_field})
    if verb not in {move.verb for move in workflow.of(Alert)}:
        raise problems.Problem(404, "not_found", problems.NOT_FOUND)
    return type(
        f"AlertBulk{verb.capitalize()}Body",
        (bodies.body_of(workflow.of(Alert), verb),),
        {"ids": ids_field},
    )


def _result(text: str, each: Exception | Alert) -> dict[str, Any]:
    """The HTTP code that this alert would have got by itself, and why."""
    if isinstance(each, Exception):
        problem = problems.describe(each)
        return {"id": text, "status": problem["status"] if problem else 500, "problem": problem}
    return {"id": text, "status": 200, "problem": None}
