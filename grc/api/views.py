"""The grc domain over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Writing, verb
from grc.api.duty_shapes import AssessBody, FactBody, IncidentLineage, IncidentObligations
from grc.api.serializers import IncidentSerializer
from grc.filters import IncidentFilters
from grc.models import Incident
from grc.services import duties, incidents, lineage, obligations


class IncidentViewSet(Writing):
    """A security or compliance incident."""

    model = Incident
    service = incidents
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "grc:read",
        "write": "grc:write",
        "obligations": "grc:read",
        "lineage": "grc:read",
    }

    def detailed(self, rows: list[Any]) -> list[Any]:
        return incidents.with_links(rows)

    @verb(Incident, "contain")
    def contain(self, request: Request, pk: str) -> Response:
        """It cannot spread any further."""
        return self.move("contain")

    @verb(Incident, "eradicate")
    def eradicate(self, request: Request, pk: str) -> Response:
        """The cause is gone."""
        return self.move("eradicate")

    @verb(Incident, "recover")
    def recover(self, request: Request, pk: str) -> Response:
        """Work goes on as before."""
        return self.move("recover")

    @verb(Incident, "close")
    def close(self, request: Request, pk: str) -> Response:
        """Nothing is left to do; refused while something is open."""
        return self.move("close")

    @verb(Incident, "reopen")
    def reopen(self, request: Request, pk: str) -> Response:
        """Take it up again; its times stay."""
        return self.move("reopen")

    @verb(Incident, "report")
    def report(self, request: Request, pk: str) -> Response:
        """Write down when it was formally reported."""
        return self.move("report")

    @extend_schema(request=AssessBody)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: str) -> Response:
        """Answer the questionnaire; which duties apply follows. A no needs a reason."""
        row = self.get_object()
        given = self.checked(AssessBody)
        answers = [
            {**answer, "regulator": answer.pop("regulator_id", None)} for answer in given["answers"]
        ]
        note = given.get("note") or ""
        return self.shown(obligations.assess(row, answers, actor=self.actor, note=note))

    @extend_schema(request=FactBody)
    @action(detail=True, methods=["post"])
    def facts(self, request: Request, pk: str) -> Response:
        """Write down when something happened from which clocks run. A correction needs a note."""
        row = self.get_object()
        given = self.checked(FactBody)
        note = given.get("note") or ""
        return self.shown(
            obligations.record_fact(
                row, given["fact"], actor=self.actor, at=given.get("at"), note=note
            )
        )

    @extend_schema(responses=IncidentObligations, filters=False)
    @action(detail=True, methods=["get"])
    def obligations(self, request: Request, pk: str) -> Response:
        """What decides the duties to report, and the duties with their deadlines."""
        told = duties.of(self.get_object())
        told["results"] = [row for row, _ in told["duties"]]
        return Response(IncidentObligations(told).data)

    @extend_schema(responses=IncidentLineage, filters=False)
    @action(detail=True, methods=["get"])
    def lineage(self, request: Request, pk: str) -> Response:
        """Why this was reported, or not: every hop with who, when and why."""
        hops = lineage.of(self.get_object(), app_id=self.actor.app_id)
        return Response(IncidentLineage({"results": hops}).data)
