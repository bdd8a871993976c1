"""What stands beside an alert on its page, in one statement: indicators with their sightings,
related alerts, case, incidents, findings, runs, assets of the register, and how often its host and
user were seen lately. Every part is read by an index that starts with the tenant, up to a bound.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from core import hot, ids, tenancy
from soc.models import Alert

MOST = 50  # of indicators, related alerts, findings and runs
SIGHTINGS = 100  # counted up to here
LATELY = timedelta(days=30)
KINDS = {
    "indicators": "ind",
    "related": "alr",
    "findings": "fnd",
    "runs": "run",
    "cases": "inv",
    "incidents": "inc",
    "assets": "ast",
}

_PART = """
(SELECT json_agg(part) FROM ({select}) AS part)::text AS {name}
"""
_PARTS = {
    "indicators": """
SELECT i.id, i.type, i.value, i.malice, l.role, i.first_seen,
  coalesce(i.enrichment_results -> i.malice_source ->> 'reason', i.malice_source, '') AS reason,
  (SELECT count(*) FROM (SELECT FROM soc_alertindicator o
    WHERE o.tenant_id = %(tenant)s AND o.indicator_id = i.id LIMIT %(sightings)s) AS each) AS seen
FROM soc_alertindicator l JOIN soc_indicator i ON i.id = l.indicator_id
WHERE l.tenant_id = %(tenant)s AND l.alert_id = %(alert)s
ORDER BY array_position(ARRAY['malicious','suspicious','benign'], i.malice), l.id LIMIT %(most)s
""",
    "related": """
SELECT a.id, a.title, a.severity, a.status, a.occurred_at, tie.reason
FROM (
  SELECT r.related_id AS other, r.reason, r.kind, r.score FROM soc_alertrelation r
  WHERE r.tenant_id = %(tenant)s AND r.alert_id = %(alert)s
  UNION ALL
  SELECT r.alert_id, r.reason, r.kind, r.score FROM soc_alertrelation r
  WHERE r.tenant_id = %(tenant)s AND r.related_id = %(alert)s
) AS tie JOIN soc_alert a ON a.tenant_id = %(tenant)s AND a.id = tie.other AND NOT a.is_deleted
ORDER BY tie.kind <> 'manual', tie.score DESC, a.id LIMIT %(most)s
""",
    "cases": """
SELECT c.id, c.investigation_number || ' ' || c.title AS title, c.status,
  c.escalated_to_incident_id AS incident
FROM soc_investigationalert l JOIN soc_investigation c ON c.id = l.investigation_id
WHERE l.tenant_id = %(tenant)s AND l.alert_id = %(alert)s AND l.left_at IS NULL
""",
    "incidents": """
SELECT n.id, n.incident_number || ' ' || n.title AS title, n.status FROM grc_incident n
WHERE n.tenant_id = %(tenant)s AND NOT n.is_deleted AND n.id = ANY(
  ARRAY(SELECT e.incident_id FROM soc_alertescalation e
    WHERE e.tenant_id = %(tenant)s AND e.alert_id = %(alert)s)
  || ARRAY(SELECT c.escalated_to_incident_id
    FROM soc_investigationalert l JOIN soc_investigation c ON c.id = l.investigation_id
    WHERE l.tenant_id = %(tenant)s AND l.alert_id = %(alert)s AND l.left_at IS NULL))
""",
    "findings": """
SELECT f.id, f.title, f.kind, f.confidence, f.recommended_action, f.agent_name, f.size_bytes,
  f.created_at
FROM soc_findingalert l JOIN soc_finding f ON f.id = l.finding_id
WHERE l.tenant_id = %(tenant)s AND l.alert_id = %(alert)s AND NOT f.is_deleted
ORDER BY f.id DESC LIMIT %(most)s
""",
    "runs": """
SELECT r.id, r.status, r.dry_run, r.trigger, r.created_at,
  json_build_object('name', v.name) AS playbook_version
FROM soc_playbookrun r LEFT JOIN soc_playbookversion v ON v.id = r.playbook_version_id
WHERE r.tenant_id = %(tenant)s AND r.alert_id = %(alert)s AND NOT r.is_deleted
ORDER BY r.id DESC LIMIT %(most)s
""",
    "assets": """
SELECT s.id, s.name, s.kind, s.criticality, s.classification, s.service, p.name AS owner
FROM grc_asset s LEFT JOIN core_person p ON p.id = s.owner_id
WHERE s.tenant_id = %(tenant)s AND s.id = ANY(%(assets)s) AND NOT s.is_deleted
""",
    "hosts": """
SELECT count(*) AS many FROM (SELECT FROM soc_alert o
  WHERE o.tenant_id = %(tenant)s AND o.host_name = %(host)s AND o.id >= %(since)s
    AND NOT o.is_deleted LIMIT %(sightings)s) AS each
""",
    "users": """
SELECT count(*) AS many FROM (SELECT FROM soc_alert o
  WHERE o.tenant_id = %(tenant)s AND o.user_name = %(user)s AND o.id >= %(since)s
    AND NOT o.is_deleted LIMIT %(sightings)s) AS each
""",
}
_BESIDE = "SELECT " + ", ".join(
    _PART.format(select=select, name=name) for name, select in _PARTS.items()
)


def beside(alert: Alert) -> dict[str, Any]:
    """All that the page shows beside the alert's own fields; each part a list of plain values with
    ids as they are shown.
    """
    since = timezone.now() - LATELY
    values = {
        "tenant": tenancy.required(),
        "alert": alert.pk,
        "most": MOST,
        "sightings": SIGHTINGS + 1,
        "assets": _assets_of(alert),
        "host": alert.host_name,
        "user": alert.user_name,
        "since": ids.at(int(since.timestamp() * 1000)),
    }
    [row] = hot.rows(_BESIDE, values)
    found = {name: [_read(name, each) for each in _loaded(row[name])] for name in _PARTS}
    return found | {
        "case": next(iter(found["cases"]), None),
        "lately_since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
        "host_count": _up_to(found["hosts"][0]["many"]),
        "user_count": _up_to(found["users"][0]["many"]),
    }


def _loaded(text: str | None) -> Sequence[Mapping[str, Any]]:
    loaded: Sequence[Mapping[str, Any]] = orjson.loads(text or "[]")
    return loaded


def _read(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    read = dict(row)
    if name in KINDS:
        read["shown_id"] = ids.show_text(KINDS[name], row["id"])
    for key in ("first_seen", "occurred_at", "created_at"):
        if row.get(key):
            read[key] = datetime.fromisoformat(row[key])
    if "seen" in row:
        read["seen"] = _up_to(row["seen"])
    return read


def _up_to(number: int) -> str:
    """`7`, or `100+` where it may be more."""
    return f"{SIGHTINGS}+" if number > SIGHTINGS else str(number)


def _assets_of(alert: Alert) -> list[UUID]:
    """The assets of the register among those that the alert names."""
    named = [each.get("id") for each in alert.affected_assets if isinstance(each, dict)]
    found = [ids.read("ast", each) for each in named if isinstance(each, str)]
    return [pk for pk in found if pk]
