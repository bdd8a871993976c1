"""Verbs of the incident."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import audit, ids, records, workflow
from core.actors import Actor
from core.errors import BadInput, InputNeeded
from core.services import counters, people
from grc import links
from grc.models import Incident
from grc.models.incident import FACTS
from grc.services import duties, impact, incident_links
from grc.vocabulary import NOTIFIABILITY, SEVERITIES
from grc.workflows import FACT_OF, OPEN, WRITE

TIMES = (*FACTS, "reported_at")
WRITABLE = (
    "title",
    "description",
    "category",
    "severity",
    "tags",
    "owner_id",
    "commander_ids",
    "root_cause",
    "lessons_learned",
    "financial_impact",
    "impact",
    "notifiability",
    *TIMES,
)
LINKED = "consolidated_investigation_ids"


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Incident:
    """An incident written down by a person or a tool; `{}` is enough."""
    actor.require(WRITE)
    incident = Incident(**_clean(values), status="detected")
    incident.detected_at = incident.detected_at or timezone.now()
    _check_facts(incident)
    incident.incident_number = counters.next_number("INC")
    records.create(incident, actor=actor, note=note)
    return _with_links(incident, values, actor, note)


@audit.verb
def open_from_escalation(
    *,
    actor: Actor,
    title: str,
    severity: str,
    detected_at: datetime,
    first_event_at: datetime | None,
    note: str = "",
) -> Incident:
    """The incident that an escalation opens; whoever may escalate needs no other scope for it."""
    incident = Incident(
        title=title,
        severity=severity if severity in SEVERITIES else "medium",
        detected_at=detected_at,
        first_event_at=first_event_at if first_event_at and first_event_at <= detected_at else None,
        incident_number=counters.next_number("INC"),
    )
    return records.create(incident, actor=actor, verb="open", note=note)


@audit.verb
def consider_events(
    incident: Incident, *, actor: Actor, detected_at: datetime, first_event_at: datetime | None
) -> None:
    """Move detection and first event back when an alert that joins is older than those known."""
    fresh = records.lock(incident)
    earlier: dict[str, Any] = {}
    detected = min(fresh.detected_at or detected_at, detected_at)
    if detected != fresh.detected_at:
        earlier["detected_at"] = detected
    seen = [moment for moment in (fresh.first_event_at, first_event_at) if moment]
    first = min([*seen, detected]) if seen else None
    if first != fresh.first_event_at:
        earlier["first_event_at"] = first
    records.change(fresh, earlier, actor=actor, verb="consider_events")


@audit.verb
def update(
    incident: Incident, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Incident:
    """Change fields; a `status` among them is the one move that leads there. Corrected facts keep
    their order, and need a reason (`note`).
    """
    actor.require(WRITE)
    fresh = records.lock(incident)
    move = workflow.of(Incident).move_to(fresh, values["status"]) if values.get("status") else None
    changes = _clean(values)
    facts = {name: changes[name] for name in TIMES if name in changes}
    _check_facts(fresh, **facts)
    _check_reason(fresh, facts, note)
    fresh = records.change(fresh, changes, actor=actor, note=note)
    fresh = _with_links(fresh, values, actor, note)
    return perform(fresh, move.verb, actor=actor, note=note) if move else fresh


@audit.verb
def perform(
    incident: Incident, verb: str, *, actor: Actor, note: str = "", at: datetime | None = None
) -> Incident:
    """Make a move; `at` says when it happened, if not now."""
    fact = FACT_OF.get(verb)

    def follow(fresh: Incident) -> dict[str, datetime]:
        if fact is None:
            return {}
        moment = at or _kept(fresh, fact) or timezone.now()
        _check_facts(fresh, closing=verb == "close", **{fact: moment})
        return {fact: moment}

    return workflow.perform(incident, verb, actor=actor, note=note, follow=follow)


def with_links(rows: list[Incident]) -> list[Incident]:
    """Incidents with what other apps know of them: a query or two per link for any number."""
    pks = [row.pk for row in rows]
    found = {name: links.read(name, pks) for name in links.names()}
    told = duties.reported(pks)
    touched = incident_links.of(pks)
    for row in rows:
        shown: Any = row
        shown.shown_links = {name: values.get(row.pk, []) for name, values in found.items()}
        shown.shown_duties = told[row.pk]
        shown.shown_touched = touched[row.pk]
    return rows


def is_open(incident: Incident) -> bool:
    return incident.status in OPEN


def delete(incident: Incident, *, actor: Actor, note: str = "") -> Incident:
    return records.delete(incident, actor=actor, scope=WRITE, note=note)


def restore(incident: Incident, *, actor: Actor, note: str = "") -> Incident:
    return records.restore(incident, actor=actor, scope=WRITE, note=note)


def _with_links(incident: Incident, values: Mapping[str, Any], actor: Actor, note: str) -> Incident:
    named = [name for name in incident_links.COLUMNS if values.get(name) is not None]
    if values.get(LINKED) is not None:
        before = links.read(LINKED, [incident.pk])
        links.write(LINKED, incident, values[LINKED], actor=actor, note=note)
        incident.refresh_from_db()
        if links.read(LINKED, [incident.pk]) != before:
            records.touch(incident, actor=actor)
    for name in named:
        incident_links.set_links(incident, name, values[name], actor=actor, note=note)
    return incident


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The writable fields that were given, each checked; others are the server's and are left
    out.
    """
    clean = {name: values[name] for name in WRITABLE if name in values}
    _one_of(clean, "severity", SEVERITIES)
    _one_of(clean, "notifiability", NOTIFIABILITY)
    if "impact" in clean:
        clean["impact"] = impact.clean(clean["impact"])
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    if "owner_id" in clean:
        clean["owner_id"] = people.require_member(clean["owner_id"], field="owner_id")
    if "commander_ids" in clean:
        clean["commander_ids"] = _commanders(clean["commander_ids"])
    return clean


def _commanders(value: object) -> list[str]:
    if not isinstance(value, list):
        raise BadInput("commander_ids is a list of ids of people.", field="commander_ids")
    known = people.members()
    found: list[str] = []
    for item in value:
        person_id: UUID | None = ids.read("per", item)
        if person_id not in known:
            raise BadInput(people.unknown_reference("per", item), field="commander_ids")
        found.append(str(person_id))
    return list(dict.fromkeys(found))


def _one_of(clean: dict[str, Any], name: str, words: tuple[str, ...]) -> None:
    if name in clean and clean[name] not in words:
        raise BadInput(
            f"'{clean[name]}' is not known here. Use one of: {', '.join(words)}.", field=name
        )


def _kept(incident: Incident, fact: str) -> datetime | None:
    """After a reopening the times stay as they were; only the closing is a new one."""
    kept: datetime | None = None if fact == "closed_at" else getattr(incident, fact)
    return kept


def _check_reason(incident: Incident, facts: Mapping[str, datetime | None], note: str) -> None:
    """A time that was written down before does not move without a reason."""
    moved = [name for name, at in facts.items() if getattr(incident, name) not in (None, at)]
    if moved and not note.strip():
        told = f"{moved[0]} was written down before. Give a note: why it moves."
        raise InputNeeded(told, field="note")


def _check_facts(incident: Incident, *, closing: bool = False, **new: datetime | None) -> None:
    """Facts lie in the past and in their order: first event, detected, contained, eradicated,
    recovered, closed. `new` are the times about to be written.
    """
    order = [*FACTS, "closed_at"] if closing or incident.status == "closed" else [*FACTS]
    times = {name: new.get(name, getattr(incident, name)) for name in (*order, "reported_at")}
    now = timezone.now()
    for name, moment in times.items():
        if moment and moment > now:
            raise BadInput(f"{name} lies in the future; say when it happened.", field=name)
    known = [(name, times[name]) for name in order if times[name]]
    for (earlier, before), (later, after) in pairwise(known):
        if before > after:
            raise BadInput(f"{later} lies before {earlier}; correct one of the two.", field=later)
