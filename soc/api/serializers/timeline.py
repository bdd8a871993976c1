"""Shapes of the timeline."""

from rest_framework import serializers

from core.shapes import BASE_FIELDS, RecordSerializer, Reference
from soc.models import Alert, Investigation, TimelineEntry


class TimelineEntrySerializer(RecordSerializer):
    """What happened in an investigation: `occurred_at` when, `created_at` when it was written."""

    investigation_id = Reference(Investigation, required=False)
    alert_id = Reference(Alert, required=False, allow_null=True)
    occurred_at = serializers.DateTimeField(required=False)
    kind = serializers.CharField(required=False)
    text = serializers.CharField(max_length=20_000)
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = TimelineEntry
        fields = (
            *BASE_FIELDS,
            "investigation_id",
            "alert_id",
            "occurred_at",
            "kind",
            "text",
            "note",
        )
