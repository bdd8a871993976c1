"""Which rule fired an alert: by the tool and its own id of the rule, a stub where it is unknown.

One statement for a batch. It reads what is known without a lock and writes only what is new, so
that importers wait for one another only while a rule fires for the first time ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from core import history, hot, ids, records, tenancy
from core.actors import Actor
from soc.intake.finish import line
from soc.models import Alert, DetectionRule
from soc.services.arrivals import Arrival

SERIAL = "RULE"  # the counter of the numbers
Name = tuple[str, str]
Fired = Alert | Arrival

_LINK = """
WITH looked AS (
  SELECT given.*, r.id, r.mitre_tactics::text AS tactics,
    (r.mitre_techniques || r.mitre_subtechniques)::text AS techniques
  FROM unnest(%(pks)s::uuid[], %(tools)s::text[], %(keys)s::text[], %(names)s::text[])
    AS given (pk, tool, key, name)
  LEFT JOIN soc_detectionrule r ON r.tenant_id = %(tenant)s AND NOT r.is_deleted
    AND r.source_name = given.tool AND r.source_rule_id = given.key
), made AS (
  INSERT INTO soc_detectionrule AS r (id, tenant_id, created_at, updated_at, created_by, updated_by,
    app_id, source, source_type, is_deleted, schema_version, tags, version, number, name,
    source_name, source_rule_id, is_active, is_stub, mitre_tactics, mitre_techniques,
    mitre_subtechniques, data_sources, author, documentation, definition)
  SELECT fresh.pk, %(tenant)s, %(now)s, %(now)s, %(person)s, %(person)s, %(app)s, 'edm', %(door)s,
    false, 1, '[]', 1, core_next_number(%(serial)s, 0), fresh.name, fresh.tool, fresh.key, true,
    true, '[]', '[]', '[]', '[]', '', '', ''
  FROM (SELECT * FROM looked WHERE id IS NULL ORDER BY tool, key) AS fresh
  ON CONFLICT (tenant_id, source_name, source_rule_id) WHERE NOT is_deleted
    DO UPDATE SET version = r.version
  RETURNING r.id, r.source_name, r.source_rule_id, r.mitre_tactics::text,
    (r.mitre_techniques || r.mitre_subtechniques)::text, r.id = ANY(%(pks)s::uuid[])
)
SELECT id, tool AS source_name, key AS source_rule_id, tactics, techniques, false AS is_new
FROM looked WHERE id IS NOT NULL
UNION ALL SELECT * FROM made
"""


@dataclass(frozen=True, slots=True)
class _Linked:
    """A rule as an alert needs it."""

    pk: UUID
    tactics: list[str]
    techniques: list[str]


def link(alerts: Sequence[Fired], *, actor: Actor) -> list[UUID]:
    """Set the rule of alerts that are not saved yet, and where they name no tactic or technique
    take the rule's. The stubs that this made come back: `remember` them in the verb's own event.
    """
    named = [(_name(alert), alert) for alert in alerts if alert.rule_key]
    if not named:
        return []
    found, made = _found(named, actor)
    for name, alert in named:
        rule = found[name]
        alert.rule_id = rule.pk
        alert.mitre_tactics = alert.mitre_tactics or rule.tactics
        alert.mitre_techniques = alert.mitre_techniques or rule.techniques
    return made


def link_one(alert: Alert, *, actor: Actor) -> None:
    """As above, for an alert that somebody writes down."""
    for stub in DetectionRule.objects.filter(pk__in=link([alert], actor=actor)):
        remember([stub.pk], actor=actor, event_id=records.remember(stub, "create", actor=actor))


def remember(stubs: Iterable[UUID], *, actor: Actor, event_id: UUID) -> None:
    """The history of stubs starts with the event that the alerts came by."""
    pks = list(stubs)
    if pks:
        person = actor.person_id
        history.write(DetectionRule, pks, kind=history.CREATED, person_id=person, event_id=event_id)


def _found(
    named: Sequence[tuple[Name, Fired]], actor: Actor
) -> tuple[dict[Name, _Linked], list[UUID]]:
    names: dict[Name, str] = {}
    for name, alert in named:
        names[name] = names.get(name) or alert.rule_name or ""
    wanted = sorted(names)
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "now": timezone.now(),
        "person": actor.person_id,
        "app": actor.app_id,
        "door": actor.source_type,
        "serial": SERIAL,
        "pks": [ids.new() for _ in wanted],
        "tools": [tool for tool, _ in wanted],
        "keys": [key for _, key in wanted],
        "names": [names[name] or name[1] for name in wanted],
    }
    rows = hot.rows(_LINK, values)
    found = {
        (row["source_name"], row["source_rule_id"]): _Linked(
            row["id"], orjson.loads(row["tactics"]), orjson.loads(row["techniques"])
        )
        for row in rows
    }
    return found, sorted(row["id"] for row in rows if row["is_new"])


def _name(alert: Fired) -> Name:
    """Tool and id as rules are kept under."""
    return line(alert.source_name), str(alert.rule_key)
