"""The shape of the incident, as the seed page has it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core import ids
from core.shapes import BASE_FIELDS, AnyJSON, PersonReference, RecordSerializer, References
from grc import links
from grc.models import Account, Asset, Incident, Risk
from grc.services import duties, incident_links


class LinkedReferences(References):
    """Ids of rows of another app; the link of the field's name knows which."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, **kwargs)

    def bind(self, field_name: str, parent: Any) -> None:
        super().bind(field_name, parent)
        self.model = links.model_of(field_name)


class IncidentSerializer(RecordSerializer):
    """A security or compliance incident."""

    title = serializers.CharField(required=False, max_length=2000)
    description = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    category = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=200
    )
    severity = serializers.CharField(required=False)
    status = serializers.CharField(required=False)
    notifiability = serializers.CharField(required=False)
    owner_id = PersonReference(required=False, allow_null=True)
    commander_ids = serializers.ListField(child=serializers.CharField(), required=False)
    root_cause = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    lessons_learned = AnyJSON(required=False, allow_null=True)
    financial_impact = serializers.DecimalField(
        max_digits=18, decimal_places=2, required=False, allow_null=True, coerce_to_string=False
    )
    impact = AnyJSON(
        required=False,
        help_text="The assessment: confidentiality, integrity and availability (none, low, medium, "
        "high), people, records, duration_minutes, data_kinds. Names left out stay unknown.",
    )
    mttd_minutes = serializers.FloatField(read_only=True, allow_null=True)
    mttr_minutes = serializers.FloatField(read_only=True, allow_null=True)
    consolidated_investigation_ids = LinkedReferences(required=False)
    triggered_by_alert_ids = serializers.SerializerMethodField()
    realized_risk_ids = References(Risk, required=False)
    affected_asset_ids = References(Asset, required=False)
    affected_account_ids = References(Account, required=False)
    corrective_action_ids = serializers.SerializerMethodField()
    reportable_to = serializers.SerializerMethodField()
    reported_to_regulators_at = serializers.SerializerMethodField()
    customer_notified_at = serializers.SerializerMethodField()
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Incident
        fields = (
            *BASE_FIELDS,
            "incident_number",
            "title",
            "description",
            "category",
            "severity",
            "status",
            "notifiability",
            "first_event_at",
            "detected_at",
            "reported_at",
            "contained_at",
            "eradicated_at",
            "recovered_at",
            "closed_at",
            "realized_risk_ids",
            "affected_asset_ids",
            "affected_account_ids",
            "consolidated_investigation_ids",
            "triggered_by_alert_ids",
            "owner_id",
            "commander_ids",
            "root_cause",
            "lessons_learned",
            "corrective_action_ids",
            "reportable_to",
            "reported_to_regulators_at",
            "customer_notified_at",
            "financial_impact",
            "impact",
            "mttd_minutes",
            "mttr_minutes",
            "partial_times",
            "note",
        )
        read_only_fields = ("incident_number", "closed_at", "partial_times")

    def to_representation(self, instance: Incident) -> dict[str, Any]:
        touched = getattr(instance, "shown_touched", {})
        row: Any = instance
        for field in incident_links.COLUMNS:
            setattr(row, field, touched.get(field, []))
        shown = super().to_representation(instance)
        shown["consolidated_investigation_ids"] = _ids(
            "inv", instance, "consolidated_investigation_ids"
        )
        shown["commander_ids"] = [
            ids.show("per", ids.read("per", text)) for text in instance.commander_ids
        ]
        impact = instance.financial_impact
        shown["financial_impact"] = float(impact) if isinstance(impact, Decimal) else impact
        return shown

    def get_triggered_by_alert_ids(self, row: Incident) -> list[str]:
        return _ids("alr", row, "triggered_by_alert_ids")

    def get_corrective_action_ids(self, row: Incident) -> list[str]:
        return [ids.show("cor", pk) or "" for pk in _told(row).actions]

    def get_reportable_to(self, row: Incident) -> list[str]:
        return [ids.show("reg", pk) or "" for pk in _told(row).regulators]

    def get_reported_to_regulators_at(self, row: Incident) -> datetime | None:
        """When the first duty to an authority was met."""
        return _told(row).reported_at

    def get_customer_notified_at(self, row: Incident) -> datetime | None:
        """When the people or customers concerned were first told."""
        return _told(row).notified_at


def _told(row: Incident) -> duties.Reported:
    told: duties.Reported = getattr(row, "shown_duties", None) or duties.Reported()
    return told


def _ids(prefix: str, row: Incident, name: str) -> list[str]:
    linked: dict[str, list[Any]] = getattr(row, "shown_links", {})
    return [ids.show(prefix, pk) or "" for pk in linked.get(name, [])]
