"""The investigation proposal over REST."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Moving, verb
from soc.api.serializers.proposals import ProposalSerializer
from soc.filters.proposals import ProposalFilters
from soc.models import Proposal
from soc.services import proposals


class ProposalViewSet(Moving):
    """Groups of alerts that may be one case. Jobs make them; people accept or dismiss."""

    model = Proposal
    service = proposals
    serializer_class = ProposalSerializer
    filterset_class = ProposalFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}

    def detailed(self, rows: list[Any]) -> list[Any]:
        return proposals.with_alerts(rows)

    @verb(Proposal, "accept")
    def accept(self, request: Request, pk: str) -> Response:
        """Open an investigation with its alerts."""
        return self.move("accept")

    @verb(Proposal, "dismiss")
    def dismiss(self, request: Request, pk: str) -> Response:
        """Say that it is no case; these alerts are not proposed again."""
        return self.move("dismiss")
