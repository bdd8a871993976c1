"""Runs of playbooks, and the steps that wait for people, over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Moving, Reading, verb
from soc.api.serializers.runs import (
    AnswerBody,
    CompleteBody,
    RetryBody,
    RunSerializer,
    StepRunSerializer,
)
from soc.filters.playbooks import RunFilters, StepFilters
from soc.models import PlaybookRun, StepRun
from soc.services import runs, step_decisions
from soc.workflows import RUN_PLAYBOOKS


class RunViewSet(Moving):
    """One run of one version of a playbook."""

    model = PlaybookRun
    service = runs
    serializer_class = RunSerializer
    filterset_class = RunFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": RUN_PLAYBOOKS}

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("playbook_version")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "brief": self.action == "list"}

    def detailed(self, rows: list[Any]) -> list[Any]:
        return runs.with_steps(rows)

    @verb(PlaybookRun, "cancel")
    def cancel(self, request: Request, pk: str) -> Response:
        """Begin nothing more of it."""
        return self.move("cancel")

    @verb(PlaybookRun, "settle")
    def settle(self, request: Request, pk: str) -> Response:
        """Say whether a call happened of which nobody knows."""
        return self.move("settle")

    @extend_schema(request=RetryBody, responses={201: RunSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Run the same version again from one step on, as another run."""
        row, values = self.get_object(), self.checked(RetryBody)
        note = values.get("note") or ""
        made = runs.retry(row, actor=self.actor, from_step=values["step"], note=note)
        return self.shown(made, status.HTTP_201_CREATED)


class StepRunViewSet(Reading):
    """The steps of runs; those that wait for a person are answered here."""

    model = StepRun
    serializer_class = StepRunSerializer
    filterset_class = StepFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "write": "approvals:decide",
        "complete": "soc:write",
    }
    history: ClassVar[Any] = None

    def seen(self, rows: Any) -> Any:
        """An application sees the steps of the runs that it started."""
        app_id = self.actor.app_id
        own = rows if app_id is None else rows.filter(run__app_id=app_id)
        return own.filter(run__is_deleted=False).prefetch_related("decisions")

    def retrieve(self, request: Request, pk: str) -> Response:
        """One step. It has no ETag: the worker writes it."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=AnswerBody)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Let the run go on. Needs approvals:decide, and that somebody else started it."""
        return self._answer(step_decisions.approve, AnswerBody)

    @extend_schema(request=AnswerBody)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Do not let it."""
        return self._answer(step_decisions.reject, AnswerBody)

    @extend_schema(request=CompleteBody)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Say that a manual task is done, or that it could not be."""
        return self._answer(step_decisions.complete, CompleteBody)

    def _answer(self, service: Any, body: Any) -> Response:
        step, values = self.get_object(), self.checked(body)
        done = service(step, actor=self.actor, **values)
        return Response(self.get_serializer(done).data)
