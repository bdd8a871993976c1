"""Shapes of the indicator: by itself, and as an alert shows it."""

from typing import Any

from core.shapes import (
    BASE_FIELDS,
    RecordSerializer,
)
from soc.models import AlertIndicator, Indicator


class IndicatorSerializer(RecordSerializer):
    """What an attacker leaves behind, once per tenant, type and value."""

    class Meta:
        model = Indicator
        fields = (
            *BASE_FIELDS,
            "type",
            "value",
            "first_seen",
            "last_seen",
            "malice",
            "malice_source",
            "malice_overridden_at",
            "is_enriched",
            "enrichment_results",
            "ignore_similarity",
        )
        read_only_fields = fields


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
