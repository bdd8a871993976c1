"""The answer of an alert, made by one statement: the same JSON as its serializer's, at a fraction
of the cost (docs/benchmarks.md). A test holds the two equal.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from core import hot, ids, tenancy

_IDS = {
    "id": "alr",
    "tenant_id": "ten",
    "app_id": "app",
    "created_by": "per",
    "updated_by": "per",
    "deleted_by": "per",
    "duplicate_of_id": "alr",
    "detection_rule_id": "rul",
    "assignee_id": "per",
    "investigation_id": "inv",
}
_COLUMNS = """
a.id, a.tenant_id, a.app_id, a.created_at, a.updated_at, a.created_by, a.updated_by, a.source,
a.source_type, a.is_deleted, a.deleted_at, a.deleted_by, a.schema_version, a.tags, a.version,
a.title, a.description, a.severity, a.source_severity, a.status, a.category, a.verdict, a.cause,
a.resolution, a.close_classification, a.source_name, a.source_id, a.occurred_at, a.last_seen_at,
a.duplicate_count, a.duplicate_of_id, a.fingerprint, a.rule_key, a.rule_name,
a.rule_id AS detection_rule_id, a.mitre_tactics ->> 0 AS mitre_tactic,
a.mitre_techniques ->> 0 AS mitre_technique, a.mitre_tactics, a.mitre_techniques,
a.kill_chain_phase, a.host, a."user", a.host_name, a.user_name, a.affected_assets, a.malice,
a.malice_override, a.malice_override_source, a.malice_override_at, a.enrichment_status,
a.enrichment_status = 'enriched' AS is_enriched, a.enriched_at, a.assignee_id, a.ticket_ref,
a.acknowledged_at, a.triaged_at, a.escalated_at, a.resolved_at, a.closed_at, a.suppressed_at,
a.metadata
"""
# What hangs on an alert, each read by an index that starts with the tenant.
_HANGING = """
(SELECT json_agg(json_build_array(i.id, i.type, i.value, i.malice, l.role) ORDER BY l.id)
  FROM soc_alertindicator l JOIN soc_indicator i ON i.id = l.indicator_id
  WHERE l.tenant_id = a.tenant_id AND l.alert_id = a.id)::text AS indicators,
(SELECT json_agg(json_build_array(
    CASE WHEN r.alert_id = a.id THEN r.related_id ELSE r.alert_id END, r.kind) ORDER BY r.id)
  FROM soc_alertrelation r
  WHERE r.tenant_id = a.tenant_id AND (r.alert_id = a.id OR r.related_id = a.id))::text AS related,
(SELECT l.investigation_id FROM soc_investigationalert l
  WHERE l.tenant_id = a.tenant_id AND l.alert_id = a.id AND l.left_at IS NULL) AS investigation_id,
ARRAY(SELECT e.incident_id FROM soc_alertescalation e
  WHERE e.tenant_id = a.tenant_id AND e.alert_id = a.id)
|| ARRAY(SELECT c.escalated_to_incident_id
  FROM soc_investigationalert l JOIN soc_investigation c ON c.id = l.investigation_id
  WHERE l.tenant_id = a.tenant_id AND l.alert_id = a.id AND l.left_at IS NULL
    AND c.escalated_to_incident_id IS NOT NULL) AS incident_ids,
ARRAY(SELECT l.finding_id FROM soc_findingalert l JOIN soc_finding f ON f.id = l.finding_id
  WHERE l.tenant_id = a.tenant_id AND l.alert_id = a.id AND NOT f.is_deleted
  ORDER BY l.id) AS related_finding_ids,
ARRAY(SELECT r.id FROM soc_playbookrun r
  WHERE r.tenant_id = a.tenant_id AND r.alert_id = a.id AND NOT r.dry_run AND NOT r.is_deleted
  ORDER BY r.id) AS playbook_run_ids
"""
_FROM = "FROM soc_alert a WHERE a.tenant_id = %s"
_PLAIN = f"SELECT {_COLUMNS}, {_HANGING} {_FROM}"
_WITH_RAW = f"SELECT {_COLUMNS}, a.raw_data, {_HANGING} {_FROM}"
_THESE = "AND a.id = ANY(%s)"
_NEWEST = f"{_PLAIN} AND NOT a.is_deleted AND a.id < %s ORDER BY a.id DESC LIMIT %s"
_ONE = f"{_WITH_RAW} AND a.id = %s AND NOT a.is_deleted AND (%s::uuid IS NULL OR a.app_id = %s)"
_LAST = UUID(int=(1 << 128) - 1)


class Found(NamedTuple):
    """An alert of a page: its key, for the page's cursors, and its answer."""

    id: UUID
    body: dict[str, Any]


def newest(count: int, before: UUID | None) -> list[Found]:
    """So many live alerts of the tenant, newest first, from before one of them on."""
    rows = hot.rows(_NEWEST, [tenancy.required(), before or _LAST, count])
    return [Found(row["id"], _shown(row)) for row in rows]


def bodies(pks: Iterable[UUID], *, raw: bool) -> list[dict[str, Any]]:
    """The answers of these alerts, in the order given; deleted ones too, since the caller has found
    them. `raw` adds the first record as it came.
    """
    wanted = list(pks)
    if not wanted:
        return []
    found = hot.rows(f"{_WITH_RAW if raw else _PLAIN} {_THESE}", [tenancy.required(), wanted])
    by_id = {row["id"]: row for row in found}
    return [_shown(by_id[pk]) for pk in wanted if pk in by_id]


def body(pk: UUID | None, *, app_id: UUID | None) -> dict[str, Any] | None:
    """The whole answer of a live alert; None where the caller has none of that id."""
    found = hot.rows(_ONE, [tenancy.required(), pk, app_id, app_id]) if pk else []
    return _shown(found[0]) if found else None


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """The row of the statement, made into what the serializer would show."""
    for name, prefix in _IDS.items():
        if row[name] is not None:
            row[name] = ids.show(prefix, row[name])
    if row["app_id"] is None:
        del row["app_id"]
    related = [
        (ids.show_text("alr", pk), kind) for pk, kind in orjson.loads(row.pop("related") or "[]")
    ]
    row["timestamp"] = row["occurred_at"]
    row["ingested_at"] = row["created_at"]
    row["source_alert"] = row["source_name"]
    row["indicators"] = [_indicator(each) for each in orjson.loads(row["indicators"] or "[]")]
    row["related_alert_ids"] = [pk for pk, _ in related]
    row["correlated_alert_ids"] = [pk for pk, kind in related if kind != "manual"]
    row["related_finding_ids"] = [ids.show("fnd", pk) for pk in row["related_finding_ids"]]
    row["incident_ids"] = [ids.show("inc", pk) for pk in dict.fromkeys(row["incident_ids"])]
    row["playbook_run_ids"] = [ids.show("run", pk) for pk in row["playbook_run_ids"]]
    return row


def _indicator(parts: list[str]) -> Mapping[str, Any]:
    pk, type_, value, malice, role = parts
    return {
        "id": ids.show_text("ind", pk),
        "type": type_,
        "value": value,
        "malice": malice,
        "role": role,
    }
