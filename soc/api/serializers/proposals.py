"""Shape of the investigation proposal."""

from rest_framework import serializers

from core import ids
from core.shapes import BASE_FIELDS, RecordSerializer, ShownId
from soc.models import Proposal


class ProposalSerializer(RecordSerializer):
    """Alerts that hang together, proposed by a job; a person accepts or dismisses it."""

    investigation_id = ShownId("inv")
    alert_ids = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields = (
            *BASE_FIELDS,
            "title",
            "reason",
            "score",
            "status",
            "alert_ids",
            "investigation_id",
            "accepted_at",
            "dismissed_at",
        )
        read_only_fields = fields

    def get_alert_ids(self, row: Proposal) -> list[str]:
        return [ids.show("alr", pk) or "" for pk in getattr(row, "shown_alert_ids", [])]
