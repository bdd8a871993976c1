"""The shapes of the rows that calls give back. A row is the JSON object itself; names that are not
listed here are there too.
"""

from typing import Any, TypedDict


class Row(TypedDict, total=False):
    """What every resource has."""

    id: str
    tenant_id: str
    app_id: str
    created_at: str
    updated_at: str
    created_by: str
    updated_by: str
    source: str
    source_type: str
    is_deleted: bool
    deleted_at: str | None
    deleted_by: str | None
    schema_version: int
    tags: list[str]
    version: int


class SeenIndicator(TypedDict):
    """An indicator as an alert shows it."""

    id: str
    type: str
    value: str
    malice: str
    role: str


class Alert(Row, total=False):
    title: str
    description: str
    severity: str
    status: str
    category: str | None
    verdict: str | None
    close_classification: str | None
    resolution: str | None
    source_alert: str
    source_name: str
    source_id: str | None
    timestamp: str | None
    rule_key: str | None
    rule_name: str | None
    detection_rule_id: str | None
    mitre_tactic: str | None
    mitre_technique: str | None
    mitre_tactics: list[str]
    mitre_techniques: list[str]
    kill_chain_phase: str | None
    host: Any
    user: Any
    indicators: list[SeenIndicator]
    malice: str
    related_alert_ids: list[str]
    related_finding_ids: list[str]
    assignee_id: str | None
    investigation_id: str | None
    incident_ids: list[str]
    playbook_run_ids: list[str]
    ticket_ref: Any
    raw_data: Any


class Investigation(Row, total=False):
    investigation_number: str
    title: str
    description: str
    status: str
    priority: str
    category: str | None
    assigned_to_id: str | None
    team_group_id: str | None
    alert_ids: list[str]
    finding_ids: list[str]
    timeline: list[dict[str, Any]]
    sla_definition_id: str | None
    sla_tracker: dict[str, Any] | None
    escalated_to_incident_id: str | None
    closed_at: str | None
    closure_reason: str | None


class Playbook(Row, total=False):
    name: str
    description: str
    category: str | None
    trigger_conditions: list[dict[str, Any]]
    trigger_on: list[str]
    auto_execute: bool
    mitre_tactics: list[str]
    mitre_techniques: list[str]
    steps: list[dict[str, Any]]
    required_connector_ids: list[str]
    owner_id: str | None
    enabled: bool
    last_run_at: str | None
    last_run_id: str | None
    run_stats: dict[str, Any]


class Indicator(Row, total=False):
    type: str
    value: str
    first_seen: str
    last_seen: str
    malice: str
    malice_source: str | None
    is_enriched: bool
    enrichment_results: dict[str, Any]
    ignore_similarity: bool


class DetectionRule(Row, total=False):
    number: int
    name: str
    source_name: str
    source_rule_id: str | None
    severity: str | None
    is_active: bool
    is_stub: bool
    mitre_tactics: list[str]
    mitre_techniques: list[str]
    mitre_subtechniques: list[str]
    data_sources: list[str]
    run_frequency: str | None
    author: str
    documentation: str
    definition: str
    first_fired_at: str | None
    last_fired_at: str | None


class Incident(Row, total=False):
    incident_number: str
    title: str
    description: str
    status: str
    severity: str
    category: str | None
    detected_at: str | None
    reported_at: str | None
    contained_at: str | None
    closed_at: str | None
    consolidated_investigation_ids: list[str]
    triggered_by_alert_ids: list[str]
    realized_risk_ids: list[str]
    affected_asset_ids: list[str]
    affected_account_ids: list[str]
    corrective_action_ids: list[str]
    reportable_to: list[str]
    reported_to_regulators_at: str | None
    customer_notified_at: str | None
    notifiability: str
    impact: dict[str, Any]
    owner_id: str | None
    mttd_minutes: float | None
    mttr_minutes: float | None


class IntakeAnswer(TypedDict):
    """What became of the records that were sent."""

    created: int
    duplicates: int
    rejected: int
    skipped: int
    results: list[dict[str, Any]]
