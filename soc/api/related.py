"""The alerts that belong together with one, over REST."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Reading
from core.shapes import ShownId
from soc.models import Alert
from soc.services import relations

MOST = 500


class RelatedAlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert that belongs together with another, and why."""

    alert_id = ShownId("alr", source="id")
    kind = serializers.CharField(
        source="relation.kind", help_text="manual, repeat, or correlated by a job."
    )
    reason = serializers.CharField(source="relation.reason")
    score = serializers.IntegerField(source="relation.score")
    related_at = serializers.DateTimeField(source="relation.created_at")

    class Meta:
        model = Alert
        fields = (
            "alert_id",
            "title",
            "severity",
            "status",
            "kind",
            "reason",
            "score",
            "related_at",
            "occurred_at",
            "created_at",
        )


class WithRelated(Reading):
    """An alert's `related`, with their reasons."""

    @extend_schema(responses=RelatedAlertSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def related(self, request: Request, pk: str) -> Response:
        """The alerts that belong together with this one: those linked by hand first, then the
        strongest ties.
        """
        alert = self.get_object()
        rows = relations.related_of([alert.pk])[alert.pk]
        found = relations.related_alerts(alert, rows, app_id=self.actor.app_id, most=MOST)
        shown = RelatedAlertSerializer(found, many=True).data
        return Response({"results": shown, "next": None, "previous": None})
