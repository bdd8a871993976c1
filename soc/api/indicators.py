"""The indicator over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Changing
from core.shapes import NoteSerializer
from soc.api.serializers.indicators import IndicatorSerializer, JudgeBody, SightingSerializer
from soc.filters.indicators import IndicatorFilters
from soc.models import Indicator
from soc.services import indicators


class IndicatorViewSet(Changing):
    """Indicators of compromise, shared by all applications of the tenant."""

    model = Indicator
    service = indicators
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "write": "soc:write",
        "sightings": "soc:read",
    }

    def detailed(self, rows: list[Any]) -> list[Any]:
        return indicators.with_counts(rows)

    @extend_schema(request=JudgeBody)
    @action(detail=True, methods=["post"])
    def judge(self, request: Request, pk: str) -> Response:
        """Say what it is. The verdict stays until it is reset."""
        values = self.checked(JudgeBody)
        row = indicators.judge(
            self.get_object(),
            actor=self.actor,
            verdict=values["malice"],
            note=values.get("note") or "",
        )
        return self.shown(row)

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def reset(self, request: Request, pk: str) -> Response:
        """Take a verdict back: what enrichment says counts again."""
        note = self.checked(NoteSerializer).get("note") or ""
        return self.shown(indicators.reset(self.get_object(), actor=self.actor, note=note))

    @extend_schema(responses=SightingSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def sightings(self, request: Request, pk: str) -> Response:
        """The alerts that saw it, newest first."""
        rows = indicators.sightings(self.get_object(), app_id=self.actor.app_id)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(SightingSerializer(page, many=True).data)
