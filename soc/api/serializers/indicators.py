"""Shapes of the indicator: by itself, as an alert shows it, and as it was seen."""

from typing import Any

from rest_framework import serializers

from core.shapes import BASE_FIELDS, NoteSerializer, RecordSerializer, ShownId
from soc.models import Alert, AlertIndicator, Indicator
from soc.services.indicators import MOST_COUNTED


class IndicatorSerializer(RecordSerializer):
    """What an attacker leaves behind, once per tenant, type and value."""

    type = serializers.CharField(max_length=40)
    value = serializers.CharField(max_length=8_000)
    ignore_similarity = serializers.BooleanField(required=False)
    sighting_count = serializers.SerializerMethodField()
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Indicator
        fields = (
            *BASE_FIELDS,
            "type",
            "value",
            "first_seen",
            "last_seen",
            "sighting_count",
            "malice",
            "malice_source",
            "malice_overridden_at",
            "is_enriched",
            "enrichment_results",
            "ignore_similarity",
            "note",
        )
        read_only_fields = (
            "first_seen",
            "last_seen",
            "malice",
            "malice_source",
            "malice_overridden_at",
            "is_enriched",
            "enrichment_results",
        )

    def get_sighting_count(self, row: Indicator) -> int:
        return int(getattr(row, "sighting_count", 0))

    get_sighting_count.__doc__ = f"How many alerts saw it, counted up to {MOST_COUNTED:,}."


class JudgeBody(NoteSerializer):
    malice = serializers.CharField(max_length=40, help_text="benign, suspicious or malicious.")


class SightingSerializer(serializers.ModelSerializer[Alert]):
    """An alert that saw an indicator, and the indicator's role there."""

    alert_id = ShownId("alr", source="id")
    role = serializers.CharField()

    class Meta:
        model = Alert
        fields = (
            "alert_id",
            "role",
            "occurred_at",
            "created_at",
            "title",
            "severity",
            "status",
            "source_name",
        )


def indicator_of(link: AlertIndicator) -> dict[str, Any]:
    """An indicator as an alert shows it."""
    indicator = link.indicator
    return {
        "id": indicator.shown_id,
        "type": indicator.type,
        "value": indicator.value,
        "malice": indicator.malice,
        "role": link.role,
    }
