"""Shape of the investigation, as the seed page has it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core import ids
from core.models import Team
from core.shapes import (
    BASE_FIELDS,
    PersonReference,
    RecordSerializer,
    Reference,
    References,
    ShownId,
)
from soc.api import examples
from soc.api.serializers.slas import Tracker
from soc.models import Alert, Investigation, SLADefinition, Template


@extend_schema_serializer(
    examples=examples.request(examples.INVESTIGATION, "An account taken over")
)
class InvestigationSerializer(RecordSerializer):
    """An analyst-led investigation, optionally rolling up alerts."""

    title = serializers.CharField(required=False, max_length=2000)
    description = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    status = serializers.CharField(required=False)
    priority = serializers.CharField(required=False)
    category = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=200
    )
    closure_reason = serializers.CharField(required=False, allow_null=True, max_length=20_000)
    pause_reason = serializers.CharField(required=False, allow_null=True, max_length=2000)
    assigned_to_id = PersonReference(required=False, allow_null=True)
    alert_ids = References(Alert, required=False)
    escalated_to_incident_id = ShownId("inc")
    finding_ids = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    team_group_id = Reference(Team, required=False, allow_null=True)
    template_id = Reference(Template, required=False)
    merged_into_id = ShownId("inv")
    merges = serializers.SerializerMethodField()
    sla_definition_id = Reference(
        SLADefinition,
        required=False,
        allow_null=True,
        help_text="The one that governs it; null in a body lets the priority decide.",
    )
    sla_tracker = serializers.SerializerMethodField()
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Investigation
        fields = (
            *BASE_FIELDS,
            "investigation_number",
            "title",
            "description",
            "status",
            "priority",
            "category",
            "assigned_to_id",
            "team_group_id",
            "template_id",
            "merged_into_id",
            "merges",
            "alert_ids",
            "finding_ids",
            "timeline",
            "sla_definition_id",
            "sla_tracker",
            "escalated_to_incident_id",
            "started_at",
            "contained_at",
            "resolved_at",
            "escalated_at",
            "closed_at",
            "closure_reason",
            "pause_reason",
            "note",
        )
        read_only_fields = (
            "investigation_number",
            "started_at",
            "contained_at",
            "resolved_at",
            "escalated_at",
            "closed_at",
        )

    def to_representation(self, instance: Investigation) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["alert_ids"] = [
            ids.show("alr", pk) for pk in getattr(instance, "shown_alert_ids", [])
        ]
        tracker = shown["sla_tracker"]
        shown["sla_definition_id"] = tracker["definition_id"] if tracker else None
        return shown

    def get_timeline(self, row: Investigation) -> list[dict[str, Any]]:
        """Events, notes and actions, by when they happened."""
        return list(getattr(row, "shown_timeline", []))

    def get_finding_ids(self, row: Investigation) -> list[str]:
        return [ids.show("fnd", pk) or "" for pk in getattr(row, "shown_finding_ids", [])]

    def get_merges(self, row: Investigation) -> list[dict[str, Any]]:
        """What was merged into it, oldest first."""
        return list(getattr(row, "shown_merges", []))

    @extend_schema_field(Tracker(allow_null=True))
    def get_sla_tracker(self, row: Investigation) -> dict[str, Any] | None:
        """Its clocks as they read now; null when no definition governs it."""
        tracker = getattr(row, "shown_tracker", None)
        return Tracker(tracker).data if tracker else None
