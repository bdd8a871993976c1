"""Shapes of the alert, as the seed pages have it, and of the bodies of its actions."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core import ids
from core.models.rows import INDEXABLE
from core.shapes import (
    BASE_FIELDS,
    AnyJSON,
    PersonReference,
    RecordSerializer,
    Reference,
    References,
    ShownId,
    StrictSerializer,
)
from soc.api import examples
from soc.api.serializers.indicators import indicator_of
from soc.models import Alert


@extend_schema_serializer(examples=examples.request(examples.ALERT, "A sign-in from a new country"))
class AlertSerializer(RecordSerializer):
    """A detection from a security tool."""

    timestamp = serializers.DateTimeField(source="occurred_at", required=False, allow_null=True)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True)
    ingested_at = serializers.DateTimeField(source="created_at", read_only=True)
    status = serializers.CharField(required=False)
    title = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=2000
    )
    description = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=100_000
    )
    severity = serializers.CharField(required=False, allow_null=True)
    category = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=200
    )
    source_name = serializers.CharField(required=False, max_length=200)
    source_id = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=INDEXABLE
    )
    rule_key = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=255,
        help_text="The tool's own id of the rule that fired; it links the alert to the rule.",
    )
    rule_name = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=255
    )
    detection_rule_id = ShownId("rul", source="rule_id")
    source_alert = serializers.CharField(source="source_name", read_only=True)
    mitre_tactic = serializers.CharField(required=False, allow_null=True)
    mitre_technique = serializers.CharField(required=False, allow_null=True)
    mitre_tactics = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False
    )
    mitre_techniques = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False
    )
    kill_chain_phase = serializers.CharField(required=False, allow_null=True, max_length=200)
    host = AnyJSON(required=False, allow_null=True)
    user = AnyJSON(required=False, allow_null=True)
    affected_assets = serializers.ListField(
        child=serializers.DictField(), required=False, allow_null=True
    )
    ticket_ref = AnyJSON(required=False, allow_null=True)
    metadata = serializers.DictField(required=False)
    raw_data = AnyJSON(required=False, allow_null=True)
    indicators = serializers.ListField(child=serializers.DictField(), required=False)
    is_enriched = serializers.BooleanField(read_only=True)
    assignee_id = PersonReference(required=False, allow_null=True)
    duplicate_of_id = Reference(Alert, source="duplicate_of", required=False, allow_null=True)
    close_classification = serializers.CharField(required=False, allow_null=True)
    resolution = serializers.CharField(required=False, allow_null=True)
    malice_override = serializers.CharField(required=False, allow_null=True)
    reset_malice_override = serializers.BooleanField(required=False, write_only=True)
    related_alert_ids = References(Alert, required=False, allow_null=True)
    investigation_id = serializers.SerializerMethodField()
    incident_ids = serializers.SerializerMethodField()
    correlated_alert_ids = serializers.SerializerMethodField()
    related_finding_ids = serializers.SerializerMethodField()
    playbook_run_ids = serializers.SerializerMethodField()
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Alert
        fields = (
            *BASE_FIELDS,
            "title",
            "description",
            "severity",
            "source_severity",
            "status",
            "category",
            "verdict",
            "cause",
            "resolution",
            "close_classification",
            "source_alert",
            "source_name",
            "source_id",
            "timestamp",
            "occurred_at",
            "ingested_at",
            "last_seen_at",
            "duplicate_count",
            "duplicate_of_id",
            "fingerprint",
            "rule_key",
            "rule_name",
            "detection_rule_id",
            "mitre_tactic",
            "mitre_technique",
            "mitre_tactics",
            "mitre_techniques",
            "kill_chain_phase",
            "host",
            "user",
            "host_name",
            "user_name",
            "affected_assets",
            "indicators",
            "malice",
            "malice_override",
            "malice_override_source",
            "malice_override_at",
            "reset_malice_override",
            "enrichment_status",
            "is_enriched",
            "enriched_at",
            "related_alert_ids",
            "correlated_alert_ids",
            "related_finding_ids",
            "assignee_id",
            "investigation_id",
            "incident_ids",
            "playbook_run_ids",
            "ticket_ref",
            "acknowledged_at",
            "triaged_at",
            "escalated_at",
            "resolved_at",
            "closed_at",
            "suppressed_at",
            "metadata",
            "raw_data",
            "note",
        )
        read_only_fields = (
            "source_severity",
            "verdict",
            "cause",
            "last_seen_at",
            "duplicate_count",
            "fingerprint",
            "host_name",
            "user_name",
            "malice",
            "malice_override_source",
            "malice_override_at",
            "enrichment_status",
            "enriched_at",
            "acknowledged_at",
            "triaged_at",
            "escalated_at",
            "resolved_at",
            "closed_at",
            "suppressed_at",
        )

    def get_fields(self) -> dict[str, Any]:
        """A list leaves the raw record out unless it is asked for."""
        fields: dict[str, Any] = super().get_fields()
        if self.context.get("without_raw"):
            del fields["raw_data"]
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hand the duplicate on under the name that services know."""
        if "duplicate_of" in attrs:
            attrs["duplicate_of_id"] = attrs.pop("duplicate_of")
        return attrs

    def to_representation(self, instance: Alert) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["indicators"] = [
            indicator_of(link) for link in getattr(instance, "shown_indicators", [])
        ]
        related = getattr(instance, "shown_relations", [])
        shown["related_alert_ids"] = [_other_end(row, instance) for row in related]
        shown["duplicate_of_id"] = ids.show("alr", instance.duplicate_of_id)
        return shown

    def get_investigation_id(self, row: Alert) -> str | None:
        return ids.show("inv", getattr(row, "shown_investigation_id", None))

    def get_incident_ids(self, row: Alert) -> list[str]:
        return [ids.show("inc", pk) or "" for pk in getattr(row, "shown_incident_ids", [])]

    def get_correlated_alert_ids(self, row: Alert) -> list[str]:
        rows = getattr(row, "shown_relations", [])
        return [_other_end(each, row) for each in rows if each.kind != "manual"]

    def get_related_finding_ids(self, row: Alert) -> list[str]:
        return [ids.show("fnd", pk) or "" for pk in getattr(row, "shown_finding_ids", [])]

    def get_playbook_run_ids(self, row: Alert) -> list[str]:
        return [ids.show("run", pk) or "" for pk in getattr(row, "shown_run_ids", [])]


def _other_end(row: Any, alert: Alert) -> str:
    return ids.show("alr", row.related_id if row.alert_id == alert.pk else row.alert_id) or ""


class AssignBody(StrictSerializer):
    assignee_id = PersonReference(allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class BulkItem(serializers.Serializer[Any]):
    id = serializers.CharField()
    status = serializers.IntegerField(help_text="The HTTP code for this alert.")
    problem = serializers.DictField(allow_null=True)


class BulkAnswer(serializers.Serializer[Any]):
    results = BulkItem(many=True)
