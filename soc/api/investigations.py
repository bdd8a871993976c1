"""The investigation over REST."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import verb
from soc.api.casework import CaseWork
from soc.api.serializers.investigations import InvestigationSerializer
from soc.api.slas import WithClocks
from soc.filters.investigations import InvestigationFilters
from soc.models import Investigation
from soc.services import investigations, reading
from soc.workflows import RESPOND


class InvestigationViewSet(WithClocks, CaseWork):
    """An analyst-led investigation, optionally rolling up alerts."""

    model = Investigation
    service = investigations
    serializer_class = InvestigationSerializer
    filterset_class = InvestigationFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "write": "soc:write",
        "report": "soc:read",
        "clocks": "soc:read",
        "escalate": RESPOND,
        "destroy": "soc:configure",
        "restore": "soc:configure",
    }

    def detailed(self, rows: list[Any]) -> list[Any]:
        return reading.with_contents(rows, app_id=self.actor.app_id)

    @verb(Investigation, "start")
    def start(self, request: Request, pk: str) -> Response:
        """Begin the work."""
        return self.move("start")

    @verb(Investigation, "hold")
    def hold(self, request: Request, pk: str) -> Response:
        """Pause, with what it waits for."""
        return self.move("hold")

    @verb(Investigation, "resume")
    def resume(self, request: Request, pk: str) -> Response:
        """Go on after a pause."""
        return self.move("resume")

    @verb(Investigation, "contain")
    def contain(self, request: Request, pk: str) -> Response:
        """Say that the attacker cannot go further."""
        return self.move("contain")

    @verb(Investigation, "resolve")
    def resolve(self, request: Request, pk: str) -> Response:
        """Say that the work is done."""
        return self.move("resolve")

    @verb(Investigation, "close")
    def close(self, request: Request, pk: str) -> Response:
        """Close with a reason; open alerts and tasks go along when told so."""
        return self.move("close")

    @verb(Investigation, "reopen")
    def reopen(self, request: Request, pk: str) -> Response:
        """Take it up again."""
        return self.move("reopen")

    @verb(Investigation, "escalate")
    def escalate(self, request: Request, pk: str) -> Response:
        """Link or open the incident. Needs sentinel:respond."""
        return self.move("escalate")
