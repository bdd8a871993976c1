"""The alert as the seed pages of `/v1` show it: whole in Title Case, and flat."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core.shapes import AnyJSON, ShownId, StrictSerializer
from soc.api import examples
from soc.api.v1.words import AnyCase
from soc.attack import tactic_name
from soc.models import Alert, AlertIndicator, ContextDocument, DetectionRule, Finding
from soc.vocabulary import CLASSIFICATIONS, ENRICHMENT, MALICE, SEVERITIES
from soc.workflows import ALERT


class SeenIndicator(serializers.Serializer[AlertIndicator]):
    """An indicator of the alert (seed page PATCH /v1/alerts)."""

    uuid = serializers.CharField(source="indicator.pk", read_only=True)
    type = serializers.CharField(source="indicator.type", read_only=True)
    value = serializers.CharField(source="indicator.value", read_only=True)
    first_seen = serializers.DateTimeField(source="indicator.first_seen", read_only=True)
    last_seen = serializers.DateTimeField(source="indicator.last_seen", read_only=True)
    is_enriched = serializers.BooleanField(source="indicator.is_enriched", read_only=True)
    malice = AnyCase(MALICE, source="indicator.malice", read_only=True)
    created_at = serializers.DateTimeField(source="indicator.created_at", read_only=True)
    updated_at = serializers.DateTimeField(source="indicator.updated_at", read_only=True)
    malice_source = serializers.CharField(
        source="indicator.malice_source", read_only=True, allow_null=True
    )
    malice_overridden_at = serializers.DateTimeField(
        source="indicator.malice_overridden_at", read_only=True, allow_null=True
    )
    enrichment_results = AnyJSON(source="indicator.enrichment_results", read_only=True)


class SeenRule(serializers.Serializer[DetectionRule]):
    """The rule that fired (seed page PATCH /v1/alerts). `created_by` is the author whom the rule's
    source names.
    """

    uuid = serializers.UUIDField(source="pk", read_only=True)
    name = serializers.CharField(read_only=True)
    source_rule_id = serializers.CharField(read_only=True)
    source_name = serializers.CharField(read_only=True)
    severity = AnyCase(SEVERITIES, read_only=True)
    is_active = serializers.BooleanField(read_only=True)
    mitre_tactics = serializers.ListField(child=serializers.CharField(), read_only=True)
    mitre_techniques = serializers.ListField(child=serializers.CharField(), read_only=True)
    mitre_subtechniques = serializers.ListField(child=serializers.CharField(), read_only=True)
    data_sources = serializers.ListField(child=serializers.CharField(), read_only=True)
    run_frequency = serializers.CharField(read_only=True)
    created_by = serializers.CharField(source="author", read_only=True)
    documentation = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class SeenDocument(serializers.Serializer[ContextDocument]):
    """A context document that concerns the alert (seed page PATCH /v1/alerts)."""

    uuid = serializers.UUIDField(source="pk", read_only=True)
    title = serializers.CharField(read_only=True)
    document_type = serializers.CharField(read_only=True)
    is_global = serializers.BooleanField(read_only=True)
    description = serializers.CharField(read_only=True)
    tags = serializers.ListField(child=serializers.CharField(), read_only=True)
    version = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    content = serializers.CharField(read_only=True)
    targeting_rules = AnyJSON(read_only=True)


class AgentFinding(serializers.Serializer[Finding]):
    """What an automated analyst found about the alert (seed page PATCH /v1/alerts)."""

    uuid = serializers.UUIDField(source="pk", read_only=True)
    title = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)
    agent_name = serializers.CharField(read_only=True, allow_null=True)
    confidence = serializers.FloatField(read_only=True, allow_null=True)
    recommended_action = serializers.CharField(read_only=True, allow_null=True)
    details = AnyJSON(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


@extend_schema_serializer(examples=examples.request(examples.SEED_PATCH, "Close as benign"))
class WholeAlert(StrictSerializer):
    """Everything about an alert; a PATCH may write the six names that the page lists."""

    uuid = serializers.UUIDField(source="pk", read_only=True)
    title = serializers.CharField(read_only=True)
    severity = AnyCase(SEVERITIES)
    status = AnyCase(ALERT.statuses)
    enrichment_status = AnyCase(ENRICHMENT, read_only=True)
    source_name = serializers.CharField(read_only=True)
    occurred_at = serializers.DateTimeField(read_only=True, allow_null=True)
    ingested_at = serializers.DateTimeField(source="created_at", read_only=True)
    enriched_at = serializers.DateTimeField(read_only=True, allow_null=True)
    is_enriched = serializers.BooleanField(read_only=True)
    fingerprint = serializers.CharField(read_only=True)
    close_classification = AnyCase(
        CLASSIFICATIONS, help_text="Needed when the status becomes Closed."
    )
    acknowledged_at = serializers.DateTimeField(read_only=True, allow_null=True)
    triaged_at = serializers.DateTimeField(read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    tags = serializers.ListField(
        child=serializers.CharField(allow_blank=True), required=False, allow_null=True
    )
    detection_rule_id = serializers.IntegerField(
        source="rule.number", read_only=True, allow_null=True
    )
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    description = serializers.CharField(read_only=True)
    duplicate_count = serializers.IntegerField(read_only=True)
    last_seen_at = serializers.DateTimeField(read_only=True, allow_null=True)
    raw_payload = AnyJSON(source="raw_data", read_only=True, allow_null=True)
    malice = AnyCase(MALICE, read_only=True)
    malice_override = AnyCase(MALICE)
    reset_malice_override = serializers.BooleanField(required=False, write_only=True)
    malice_override_source = serializers.CharField(read_only=True, allow_null=True)
    malice_override_at = serializers.DateTimeField(read_only=True, allow_null=True)
    indicators = SeenIndicator(source="shown_indicators", many=True, read_only=True)
    detection_rule = SeenRule(source="rule", read_only=True, allow_null=True)
    context_documents = SeenDocument(source="shown_documents", many=True, read_only=True)
    agent_findings = AgentFinding(source="shown_agent_findings", many=True, read_only=True)


class WholeAlertAnswer(serializers.Serializer[Any]):
    """The envelope of the page: the alert, and nothing yet to say about it."""

    data = WholeAlert()  # type: ignore[assignment]
    meta = serializers.DictField()


class FlatAlert(serializers.Serializer[Alert]):
    """The alert object of the threats page. Its `source` is the tool's name."""

    id = ShownId("alr", source="pk")
    tenant_id = ShownId("ten")
    title = serializers.CharField(read_only=True)
    description = serializers.CharField(read_only=True)
    severity = serializers.CharField(read_only=True)
    status = serializers.CharField(read_only=True)
    category = serializers.CharField(read_only=True, allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]
        source="source_name", read_only=True
    )
    affected_assets = serializers.ListField(child=serializers.DictField(), read_only=True)
    mitre_tactics = serializers.SerializerMethodField()
    mitre_techniques = serializers.ListField(child=serializers.CharField(), read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    resolved_at = serializers.DateTimeField(read_only=True, allow_null=True)
    metadata = serializers.DictField(read_only=True)

    def get_mitre_tactics(self, row: Alert) -> list[str]:
        """By name; an id that ATT&CK does not know as it came."""
        return [tactic_name(tactic) for tactic in row.mitre_tactics]
