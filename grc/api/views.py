"""The grc domain over REST."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Writing, verb
from grc.api.serializers import IncidentSerializer
from grc.filters import IncidentFilters
from grc.models import Incident
from grc.services import incidents


class IncidentViewSet(Writing):
    """A security or compliance incident."""

    model = Incident
    service = incidents
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilters
    scopes: ClassVar[dict[str, str]] = {"read": "grc:read", "write": "grc:write"}

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
