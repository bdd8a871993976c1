"""The numbers of the SOC over REST, as JSON or CSV."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import csvs
from core.api.views import TenantViewSet
from core.filters import unwrapped
from core.shapes import StrictSerializer
from soc.models import Alert
from soc.services import metrics

SHAPES = ("json", "csv")


class MetricsQuery(StrictSerializer):
    """What is asked for."""

    created_after = serializers.DateTimeField(required=False)
    created_before = serializers.DateTimeField(required=False)
    group_by = serializers.ChoiceField(choices=list(metrics.GROUPS), default="none")

    def get_fields(self) -> dict[str, Any]:
        """`as` is a word of Python's own."""
        fields: dict[str, Any] = super().get_fields()
        return fields | {"as": serializers.ChoiceField(choices=SHAPES, default="json")}


class SpanShape(serializers.Serializer[Any]):
    """Minutes, over `count` alerts for which they are known."""

    count = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)


class NumbersShape(serializers.Serializer[Any]):
    group = serializers.CharField(allow_null=True)
    volume = serializers.IntegerField(help_text="Alerts that arrived.")
    repeats = serializers.IntegerField(help_text="Repeats that were counted on them.")
    backlog = serializers.IntegerField(help_text="Alerts that waited at the window's end.")
    closed = serializers.IntegerField(help_text="Closed with a classification.")
    true_positive_rate = serializers.FloatField(allow_null=True)
    false_positive_rate = serializers.FloatField(allow_null=True)
    mttd = SpanShape(help_text="From the event to its arrival.")
    mtta = SpanShape(help_text="To the acknowledgement.")
    mttt = SpanShape(help_text="To the triage.")
    mttr = SpanShape(help_text="To the resolution, else the closing.")
    mttc = SpanShape(help_text="Until its investigation was contained.")


class MetricsAnswer(serializers.Serializer[Any]):
    created_after = serializers.DateTimeField()
    created_before = serializers.DateTimeField()
    group_by = serializers.CharField()
    results = NumbersShape(many=True)


class MetricsViewSet(TenantViewSet):
    """The numbers of the alerts that arrived within a window, from the rows themselves."""

    model = Alert
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:read", "show": "soc:read"}

    @extend_schema(
        parameters=[
            OpenApiParameter("created_after", type={"type": "string", "format": "date-time"}),
            OpenApiParameter("created_before", type={"type": "string", "format": "date-time"}),
            OpenApiParameter("group_by", enum=list(metrics.GROUPS)),
            OpenApiParameter("as", enum=list(SHAPES)),
        ],
        responses={
            (200, "application/json"): MetricsAnswer,
            (200, "text/csv"): OpenApiTypes.STR,
        },
        filters=False,
    )
    def show(self, request: Request) -> Response | HttpResponse:
        """The last 30 days unless told. `group_by=day` gives a series; `as=csv` a file."""
        query = MetricsQuery(data=unwrapped(request.query_params).dict())
        query.is_valid(raise_exception=True)
        values = query.validated_data
        asked = metrics.window(values.get("created_after"), values.get("created_before"))
        found = metrics.measure(asked, group_by=values["group_by"], app_id=self.actor.app_id)
        if values["as"] == "csv":
            return csv_of(found)
        return Response(
            {
                "created_after": asked.after,
                "created_before": asked.before,
                "group_by": values["group_by"],
                "results": [asdict(each) for each in found],
            }
        )


def csv_of(found: list[metrics.Numbers]) -> HttpResponse:
    """The numbers as a file to download."""
    return csvs.download("numbers.csv", csvs.written(*metrics.table(found)))
