"""Shape of a line of a list of known indicators."""

from rest_framework import serializers

from core.shapes import BASE_FIELDS, RecordSerializer
from soc.models import IndicatorListEntry
from soc.vocabulary import LIST_KINDS


class IndicatorListEntrySerializer(RecordSerializer):
    """A line of a list. What it lists (kind, type, value) does not change."""

    kind = serializers.CharField(max_length=40, help_text=f"One of: {', '.join(LIST_KINDS)}.")
    type = serializers.CharField(max_length=40)
    value = serializers.CharField(
        max_length=8_000,
        help_text="A value, a network (192.0.2.0/24), or a name and all below it (.example.com).",
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = IndicatorListEntry
        fields = (*BASE_FIELDS, "kind", "type", "value", "reason", "expires_at", "note")
