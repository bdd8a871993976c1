"""ATT&CK over REST: the tenant's numbers on the matrix."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import TenantViewSet
from soc.api.serializers.attack import AttackMatrix
from soc.api.serializers.rules import WindowQuery
from soc.api.windows import window_of
from soc.models import DetectionRule
from soc.services import attack_matrix


class AttackViewSet(TenantViewSet):
    """What alerts have shown of ATT&CK, and what rules look for."""

    model = DetectionRule
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "write": "soc:configure",
        "matrix": "soc:read",
        "navigator_layer": "soc:read",
    }
    serializer_class = AttackMatrix
    pagination_class = None

    @extend_schema(parameters=[WindowQuery], responses=AttackMatrix)
    @action(detail=False, methods=["get"])
    def matrix(self, request: Request) -> Response:
        """Each tactic with its techniques: alerts seen, true and false positives, active rules."""
        return Response(AttackMatrix(self._matrix(request)).data)

    @extend_schema(parameters=[WindowQuery], responses=OpenApiTypes.OBJECT)
    @action(detail=False, methods=["get"], url_path="navigator-layer")
    def navigator_layer(self, request: Request) -> Response:
        """The same as a layer of the ATT&CK Navigator, to download."""
        name = {"Content-Disposition": 'attachment; filename="attack-layer.json"'}
        return Response(attack_matrix.layer(self._matrix(request)), headers=name)

    def _matrix(self, request: Request) -> Any:
        return attack_matrix.matrix(during=window_of(request), app_id=self.actor.app_id)
