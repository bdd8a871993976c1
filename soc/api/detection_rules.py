"""The detection rule over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Writing
from soc.api.serializers.rules import (
    DetectionRuleSerializer,
    QualityShown,
    RuleQuality,
    WindowQuery,
)
from soc.api.windows import window_of
from soc.filters.rules import DetectionRuleFilters, RuleQualityFilters
from soc.models import DetectionRule
from soc.services import rule_quality, rules


class DetectionRuleViewSet(Writing):
    """What tools fire alerts by, shared by all applications of the tenant."""

    model = DetectionRule
    service = rules
    serializer_class: ClassVar[Any] = DetectionRuleSerializer
    filterset_class: ClassVar[Any] = DetectionRuleFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "quality": "soc:read",
        "quality_list": "soc:read",
        "write": "soc:configure",
    }

    def detailed(self, rows: list[Any]) -> list[Any]:
        return rule_quality.with_fired(rows, app_id=self.actor.app_id)

    @extend_schema(parameters=[WindowQuery], responses=RuleQuality)
    @action(detail=True, methods=["get"], filterset_class=None)
    def quality(self, request: Request, pk: str) -> Response:
        """Volume, verdicts, false positives and medians of its alerts over a window."""
        during = window_of(request)
        row = self.get_object()
        rule_quality.with_quality([row], during=during, app_id=self.actor.app_id)
        row.window = during
        return Response(RuleQuality(row).data)

    @extend_schema(responses=QualityShown(many=True))
    @action(
        detail=False,
        methods=["get"],
        url_path="quality",
        url_name="quality-list",
        filterset_class=RuleQualityFilters,
    )
    def quality_list(self, request: Request) -> Response:
        """The quality of every rule over a window, newest rule first."""
        during = window_of(request, alone=False)
        page: Any = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rule_quality.with_quality(page, during=during, app_id=self.actor.app_id)
        return self.get_paginated_response(QualityShown(page, many=True).data)
