"""The shift handover over REST."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Changing, verb
from soc.api.serializers.handovers import HandoverSerializer
from soc.filters.handovers import HandoverFilters
from soc.models import ShiftHandover
from soc.services import handovers


class HandoverViewSet(Changing):
    """The handover of a shift: generated, signed out by who leaves, signed in by who comes."""

    model = ShiftHandover
    service: ClassVar[Any] = handovers
    serializer_class = HandoverSerializer
    filterset_class = HandoverFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}

    @verb(ShiftHandover, "sign_out")
    def sign_out(self, request: Request, pk: str) -> Response:
        """Freeze what it tells, and leave."""
        return self.move("sign_out")

    @verb(ShiftHandover, "sign_in")
    def sign_in(self, request: Request, pk: str) -> Response:
        """Take over. Not by who signed out."""
        return self.move("sign_in")

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True, methods=["get"])
    def contents(self, request: Request, pk: str) -> Response:
        """What it tells: of a draft as it is now, else as it was signed out."""
        return Response(handovers.contents_of(self.get_object()))
