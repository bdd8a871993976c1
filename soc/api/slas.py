"""SLA definitions and business calendars over REST, and the clocks of a row."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import records
from core.api.views import Reading, Writing
from soc.api.serializers.slas import (
    BusinessCalendarSerializer,
    Clocks,
    ClockShape,
    SLADefinitionSerializer,
)
from soc.filters.slas import BusinessCalendarFilters, SLADefinitionFilters
from soc.models import BusinessCalendar, SLADefinition
from soc.services import calendars, clock_reading, slas

SCOPES = {"read": "soc:read", "write": "soc:configure"}


class BusinessCalendarViewSet(Writing):
    """When time counts."""

    model = BusinessCalendar
    service = calendars
    serializer_class = BusinessCalendarSerializer
    filterset_class = BusinessCalendarFilters
    scopes: ClassVar[dict[str, str]] = SCOPES


class SLADefinitionViewSet(Writing):
    """How long each step may take, by severity or priority."""

    model = SLADefinition
    service = slas
    serializer_class = SLADefinitionSerializer
    filterset_class = SLADefinitionFilters
    scopes: ClassVar[dict[str, str]] = SCOPES


class WithClocks(Reading):
    """A row's `clocks`."""

    @extend_schema(responses=Clocks, filters=False)
    @action(detail=True, methods=["get"])
    def clocks(self, request: Request, pk: str) -> Response:
        """Its clocks, each with what it counted in words."""
        row: Any = self.get_object()
        shown = clock_reading.of(records.noun(row), [row.pk])[row.pk]
        return Response({"results": ClockShape(shown, many=True).data})
