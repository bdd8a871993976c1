"""Deciding on many alerts in one go, and taking all of it back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import audit
from core.actors import Actor
from core.errors import Conflict
from core.models import AuditEvent, Person
from soc.models import Alert, Investigation
from soc.services import alerts, links
from soc.workflows import WRITE

ASSIGN = "assign"
# What was done to an alert that is now in this status, as people say it.
DONE = {
    "open": "reopened",
    "triaging": "taken into triage",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw of an alert when they decided on it."""

    status: str
    assignee_id: UUID | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with each alert: a move with its inputs, a new assignee, or both. Without
    `assigns` whoever has it keeps it. `together` escalates all into one investigation: that of the
    first alert; those that are in an open one of their own stay there.
    """

    verb: str = ""
    inputs: Mapping[str, Any] | None = None
    note: str = ""
    assigns: bool = False
    assignee_id: UUID | None = None
    together: bool = False


class Taken(Conflict):
    """Somebody else was quicker; `told` says what they did: `taken by S. Petrov`."""

    def __init__(self, told: str) -> None:
        self.told = told
        super().__init__(f"This alert was {told} since you looked.")


@audit.verb
def decide(
    rows: Sequence[Alert | None],
    decision: Decision,
    *,
    actor: Actor,
    seen: Mapping[UUID, Seen] | None = None,
) -> list[Exception | Alert]:
    """Carry a decision out on each alert by itself: an alert, or what stopped it. An alert that
    somebody else has taken or moved since it was `seen` is left as it is.
    """
    quicker = _quicker(rows, seen or {})
    joined: dict[str, Investigation] = {}

    def act(row: Alert) -> Alert:
        done = _carry_out(row, decision, quicker, joined, actor)
        if decision.together and not joined:
            joined["investigation"] = links.current_investigations([row.pk])[row.pk]
        return done

    return alerts.one_by_one(rows, act, actor=actor)


def undo(
    rows: Sequence[Alert | None], *, correlation_id: UUID, actor: Actor
) -> list[Exception | Alert]:
    """Take back what one's own decision of that correlation did to each alert, as a single undo
    would; the trail names both by the same correlation.
    """
    token = audit.correlation.set(correlation_id)
    try:
        return _undo(rows, correlation_id=correlation_id, actor=actor)
    finally:
        audit.correlation.reset(token)


@audit.verb
def _undo(
    rows: Sequence[Alert | None], *, correlation_id: UUID, actor: Actor
) -> list[Exception | Alert]:
    actor.require(WRITE)
    done: dict[UUID | None, dict[UUID, str]] = defaultdict(dict)
    pks = [row.pk for row in rows if row is not None]
    events = AuditEvent.objects.filter(object_id__in=pks, actor_id=actor.person_id)
    found = events.filter(correlation_id=correlation_id, object_type="alert")
    for event_id, object_id, verb in found.values_list("pk", "object_id", "verb"):
        done[object_id][event_id] = verb.partition(".")[2]
    return alerts.one_by_one(rows, lambda row: _undo_one(row, done[row.pk], actor), actor=actor)


def _carry_out(
    row: Alert,
    decision: Decision,
    quicker: Mapping[UUID, str],
    joined: Mapping[str, Investigation],
    actor: Actor,
) -> Alert:
    if row.pk in quicker:
        raise Taken(quicker[row.pk])
    if decision.assigns:
        row = alerts.assign(row, actor=actor, assignee_id=decision.assignee_id, note=decision.note)
    if not decision.verb or decision.verb == ASSIGN:
        return row
    inputs = {**joined, **(decision.inputs or {})}
    return alerts.perform(row, decision.verb, actor=actor, note=decision.note, **inputs)


def _undo_one(row: Alert, done: Mapping[UUID, str], actor: Actor) -> Alert:
    if not done:
        raise Conflict("There is nothing of this to undo here.")
    assigned = next((pk for pk, verb in done.items() if verb == ASSIGN), None)
    versions: Any = Alert.history
    if set(done.values()) != {ASSIGN}:
        last = versions.filter(id=row.pk).latest("version")
        if last.history_user_id == actor.person_id and last.event_id not in done:
            raise Conflict("You changed this again since. Look at the history.")
        row = alerts.undo(row, actor=actor)
    if assigned is None:
        return row
    after = versions.filter(id=row.pk, event_id=assigned).first()
    if after is None or (row.assignee_id != after.assignee_id):
        raise Conflict("Somebody else changed this since. Look at the history.")
    before = versions.filter(id=row.pk, version=after.version - 1).first()
    return alerts.assign(row, actor=actor, assignee_id=before.assignee_id if before else None)


def _quicker(rows: Iterable[Alert | None], seen: Mapping[UUID, Seen]) -> dict[UUID, str]:
    """What others did meanwhile to the alerts that are not any more as they were seen."""
    moved = [
        row
        for row in rows
        if row is not None and row.pk in seen and seen[row.pk] != Seen(row.status, row.assignee_id)
    ]
    who = {row.updated_by for row in moved}
    names = dict(Person.objects.filter(pk__in=who).values_list("pk", "name")) if who else {}
    return {row.pk: _told(row, seen[row.pk], names) for row in moved}


def _told(row: Alert, seen: Seen, names: Mapping[UUID, str]) -> str:
    name = names.get(row.updated_by, "somebody else")
    if row.status != seen.status:
        return f"{DONE.get(row.status, row.status)} by {name}"
    return f"taken by {name}" if row.assignee_id == row.updated_by else f"given away by {name}"
