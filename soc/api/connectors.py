"""The connector over REST."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Writing
from core.shapes import NoteSerializer
from soc.api.serializers.connectors import ConnectorSerializer
from soc.filters.playbooks import ConnectorFilters
from soc.models import Connector
from soc.services import connectors


class ConnectorViewSet(Writing):
    """An address outside that playbooks may call."""

    model = Connector
    service = connectors
    serializer_class = ConnectorSerializer
    filterset_class = ConnectorFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": connectors.ADMIN}

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Have the worker try to reach it; `health` says what came of it."""
        note = self.checked(NoteSerializer).get("note") or ""
        return self.shown(connectors.check_later(self.get_object(), actor=self.actor, note=note))
