"""The playbook over REST."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Writing
from core.errors import BadInput
from soc.api.serializers.playbooks import (
    ImportBody,
    PlaybookSerializer,
    PlaybookVersionSerializer,
    RunBody,
    TriggerTestBody,
    ValidateBody,
    Validity,
    Versions,
)
from soc.api.serializers.runs import RunSerializer
from soc.filters.playbooks import PlaybookFilters
from soc.models import Playbook
from soc.services import cacao_files, playbooks, run_stats, runs, triggers
from soc.workflows import RUN_PLAYBOOKS

LOOKED_BACK_DAYS = 30


class PlaybookViewSet(Writing):
    """A reusable response runbook."""

    model = Playbook
    service = playbooks
    serializer_class = PlaybookSerializer
    filterset_class = PlaybookFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "write": playbooks.WRITE,
        "run": RUN_PLAYBOOKS,
        "versions": "soc:read",
        "export": "soc:read",
    }

    def detailed(self, rows: list[Any]) -> list[Any]:
        return run_stats.with_stats(rows)

    @extend_schema(request=RunBody, responses={201: RunSerializer})
    @action(detail=True, methods=["post"])
    def run(self, request: Request, pk: str) -> Response:
        """Run it, on an alert or an investigation, or on nothing. Needs playbooks:run."""
        playbook, values = self.get_object(), self.checked(RunBody)
        run = runs.start(
            playbook,
            actor=self.actor,
            alert=values.get("alert_id"),
            investigation=values.get("investigation_id"),
            inputs=values.get("inputs"),
            dry_run=values.get("dry_run", False),
            stubs=values.get("stubs"),
            note=values.get("note") or "",
        )
        body = RunSerializer(runs.with_steps([run])[0]).data
        return Response(body, status=status.HTTP_201_CREATED)

    @extend_schema(responses=Versions, filters=False)
    @action(detail=True, methods=["get"])
    def versions(self, request: Request, pk: str) -> Response:
        """What it was, newest first. A run keeps the version that it started with."""
        found = playbooks.versions(self.get_object())
        return Response({"results": PlaybookVersionSerializer(found, many=True).data})

    @extend_schema(request=ValidateBody, responses=Validity)
    @action(detail=True, methods=["post"])
    def validate(self, request: Request, pk: str) -> Response:
        """Whether steps could be saved, and if not, the step and the field at fault."""
        playbook, values = self.get_object(), self.checked(ValidateBody)
        try:
            playbooks.checked(values.get("steps", playbook.steps))
        except BadInput as refusal:
            return Response({"valid": False, "fault": refusal.message})
        return Response({"valid": True, "fault": None})

    @extend_schema(request=TriggerTestBody, responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["post"], url_path="trigger-test", url_name="trigger-test")
    def trigger_test(self, request: Request, pk: str) -> Response:
        """What its conditions say of one alert, or how often it would have run in the last days."""
        playbook, values = self.get_object(), self.checked(TriggerTestBody)
        wanted = values.get("trigger_conditions", playbook.trigger_conditions)
        alert = values.get("alert_id")
        if alert is not None:
            return Response({"conditions": triggers.judged(wanted, alert)})
        days = values.get("days", LOOKED_BACK_DAYS)
        return Response(triggers.look_back(wanted, days=days, app_id=self.actor.app_id))

    @extend_schema(request=ImportBody, responses={201: PlaybookSerializer})
    @action(detail=False, methods=["post"], url_path="import", url_name="import")
    def take_in(self, request: Request) -> Response:
        """Read a CACAO 2.0 file. What cannot be run as it stands is listed in `faults`, and holds
        the playbook switched off.
        """
        values = self.checked(ImportBody)
        note = values.get("note") or ""
        made = cacao_files.read(values["cacao"], actor=self.actor, note=note)
        return self.shown(made, status.HTTP_201_CREATED)

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True, methods=["get"])
    def export(self, request: Request, pk: str) -> Response:
        """The playbook as a CACAO 2.0 file."""
        return Response(cacao_files.write(self.get_object()))
