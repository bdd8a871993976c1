"""Which rule fired an alert: by the tool and its own id of the rule, a stub where it is unknown.

One statement for a batch reads what is known, without a lock; another writes what is new, so that
importers wait for one another only while a rule fires for the first time ever.
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

_SHOWN = """
r.id, r.source_name, r.source_rule_id, r.mitre_tactics::text AS tactics,
(r.mitre_techniques || r.mitre_subtechniques)::text AS techniques
"""
_KNOWN = f"""
SELECT {_SHOWN} FROM unnest(%(tools)s::text[], %(keys)s::text[]) AS given (tool, key)
JOIN soc_detectionrule r ON r.tenant_id = %(tenant)s AND NOT r.is_deleted
  AND r.source_name = given.tool AND r.source_rule_id = given.key
"""  # noqa: S608 - ours
_MAKE = f"""
INSERT INTO soc_detectionrule AS r (id, tenant_id, created_at, updated_at, created_by, updated_by,
  app_id, source, source_type, is_deleted, schema_version, tags, version, number, name,
  source_name, source_rule_id, is_active, is_stub, mitre_tactics, mitre_techniques,
  mitre_subtechniques, data_sources, author, documentation, definition)
SELECT given.pk, %(tenant)s, %(now)s, %(now)s, %(person)s, %(person)s, %(app)s, 'edm', %(door)s,
  false, 1, '[]', 1, core_next_number(%(serial)s, 0), given.name, given.tool, given.key, true,
  true, '[]', '[]', '[]', '[]', '', '', ''
FROM unnest(%(pks)s::uuid[], %(tools)s::text[], %(keys)s::text[], %(names)s::text[])
  AS given (pk, tool, key, name)
ON CONFLICT (tenant_id, source_name, source_rule_id) WHERE NOT is_deleted
  DO UPDATE SET version = r.version
RETURNING {_SHOWN}, r.id = ANY(%(pks)s::uuid[]) AS is_new
"""  # noqa: S608 - ours


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
    found = _linked(hot.rows(_KNOWN, _of(names)))
    new = sorted(names.keys() - found.keys())  # in one order, so that no two wait in a circle
    if not new:
        return found, []
    made = hot.rows(_MAKE, _of(new) | _stubs([names[name] or name[1] for name in new], actor))
    return found | _linked(made), sorted(row["id"] for row in made if row["is_new"])


def _of(names: Iterable[Name]) -> dict[str, Any]:
    tools, keys = zip(*names, strict=True)
    return {"tenant": tenancy.required(), "tools": list(tools), "keys": list(keys)}


def _stubs(names: list[str], actor: Actor) -> dict[str, Any]:
    return {
        "now": timezone.now(),
        "person": actor.person_id,
        "app": actor.app_id,
        "door": actor.source_type,
        "serial": SERIAL,
        "pks": [ids.new() for _ in names],
        "names": names,
    }


def _linked(rows: Iterable[dict[str, Any]]) -> dict[Name, _Linked]:
    return {
        (row["source_name"], row["source_rule_id"]): _Linked(
            row["id"], orjson.loads(row["tactics"]), orjson.loads(row["techniques"])
        )
        for row in rows
    }


def _name(alert: Fired) -> Name:
    """Tool and id as rules are kept under."""
    return line(alert.source_name), str(alert.rule_key)
