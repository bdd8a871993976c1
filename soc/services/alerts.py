"""Verbs of the alert. API, admin, commands and jobs call these, and nothing else changes an
alert.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import audit, jobs, records, workflow
from core.actors import Actor
from core.errors import BadInput, Conflict, DomainError
from core.services import people
from grc.models import Incident
from soc.models import Alert, Investigation
from soc.services import (
    clocks,
    enrichment,
    fields,
    investigations,
    links,
    notices,
    relations,
    rule_links,
    search,
)
from soc.services.closing import close, reclassify
from soc.vocabulary import MALICE, VERDICTS
from soc.workflows import WRITE

CONFIGURE = "soc:configure"
SEARCHED = {"title", "description", "tags"}
UNDO_WITHIN = timedelta(minutes=15)

__all__ = [
    "assign",
    "bulk",
    "close",
    "create",
    "delete",
    "escalate",
    "one_by_one",
    "perform",
    "reclassify",
    "restore",
    "undo",
    "update",
    "why_no_undo",
]


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Alert:
    """An alert written down by a person or a tool through the API; `{}` is enough."""
    actor.require(WRITE)
    alert = Alert(**fields.clean_new(values))
    if not actor.may_send_for(alert.source_name):
        raise BadInput(f"This key may not send for '{alert.source_name}'.", field="source_name")
    alert.last_seen_at = alert.occurred_at or alert.created_at
    rule_links.link_one(alert, actor=actor)
    with jobs.together():
        records.create(alert, actor=actor, note=note)
        relations.set_indicators(alert, values.get("indicators") or [], actor=actor)
        if values.get("related_alert_ids"):
            relations.set_related(alert, values["related_alert_ids"], actor=actor)
        search.fill_later([alert.pk])
        enrichment.enrich_later([alert.pk])
        notices.arrived_later(alert)
        notices.assigned(alert, actor=actor)
    return alert


@audit.verb
def update(alert: Alert, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Alert:
    """Change fields; a `status` among them is the one move that leads there, with its scope, guards
    and inputs.
    """
    actor.require(WRITE)
    fresh = records.lock(alert)
    move = workflow.of(Alert).move_to(fresh, values["status"]) if values.get("status") else None
    changes = fields.clean_changes(values, alert=fresh) | _malice_changes(fresh, values, actor)
    classification = values.get("close_classification")
    if classification and move is None:
        changes |= _classification_changes(fresh, classification)
    held = fresh.assignee_id
    fresh = records.change(fresh, changes, actor=actor, note=note)
    notices.assigned(fresh, was=held, actor=actor)
    if SEARCHED & changes.keys():
        search.fill_later([fresh.pk])
    related = values.get("related_alert_ids")
    if related is not None and relations.set_related(fresh, related, actor=actor):
        records.touch(fresh, actor=actor)
    if move is None:
        return fresh
    return perform(fresh, move.verb, actor=actor, note=note, **workflow.arguments(move, values))


@audit.verb
def perform(alert: Alert, verb: str, *, actor: Actor, note: str = "", **inputs: Any) -> Alert:
    """Make the move of that name with the inputs its table names."""
    special: dict[str, Callable[..., Alert]] = {
        "escalate": escalate,
        "close": close,
        "reclassify": reclassify,
        "assign": assign,
    }
    if verb in special:
        return special[verb](alert, actor=actor, note=note, **inputs)
    return workflow.perform(alert, verb, actor=actor, note=note, values=inputs)


@audit.verb
def escalate(
    alert: Alert,
    *,
    actor: Actor,
    note: str = "",
    investigation: Investigation | None = None,
    incident: Incident | None = None,
) -> Alert:
    """Hand the alert on: join its open investigation, else the given open one, else open one; then
    its incident.
    """
    moved = workflow.perform(alert, "escalate", actor=actor, note=note)
    joined = investigations.join_or_open(moved, actor=actor, given=investigation, note=note)
    held = investigations.held_alerts(joined)
    joined = investigations.attach_incident(joined, held, actor=actor, given=incident, note=note)
    links.record_escalation(moved, joined, actor=actor, note=note)
    return moved


@audit.verb
def assign(alert: Alert, *, actor: Actor, assignee_id: UUID | None, note: str = "") -> Alert:
    """Give the alert to a member of the tenant, or to nobody."""
    actor.require(WRITE)
    fresh = records.lock(alert)
    member = people.require_member(assignee_id, field="assignee_id")
    held = fresh.assignee_id
    fresh = records.change(fresh, {"assignee_id": member}, actor=actor, verb="assign", note=note)
    notices.assigned(fresh, was=held, actor=actor)
    return fresh


@audit.verb
def undo(alert: Alert, *, actor: Actor) -> Alert:
    """Take one's own last move back: within 15 minutes, and only while nothing else changed
    since.
    """
    actor.require(WRITE)
    fresh = records.lock(alert)
    reason = why_no_undo(fresh, actor=actor)
    if reason:
        raise Conflict(reason)
    before = _versions(fresh)[1]
    paired = workflow.of(Alert).paired
    values = {"status": before.status} | {name: getattr(before, name) for name in paired}
    return records.change(fresh, values, actor=actor, verb="undo")


def why_no_undo(alert: Alert, *, actor: Actor) -> str | None:
    """Why this person cannot take the last move back; None when they can."""
    last, before = [*_versions(alert), None, None][:2]
    if last is None or before is None or last.status == before.status:
        return "There is no move to undo here."
    if last.history_user_id != actor.person_id or last.version != alert.version:
        return "Somebody else changed this since. Look at the history."
    if timezone.now() - last.history_date > UNDO_WITHIN:
        return "The last move is more than 15 minutes old. Reopen the alert instead."
    return None


def delete(alert: Alert, *, actor: Actor, note: str = "") -> Alert:
    """Delete softly; its keys go, so that the tool may report it anew."""
    return _delete(alert, actor=actor, note=note)


def restore(alert: Alert, *, actor: Actor, note: str = "") -> Alert:
    return records.restore(alert, actor=actor, scope=CONFIGURE, note=note)


@audit.verb
def bulk(
    alerts: Sequence[Alert | None], verb: str, *, actor: Actor, **inputs: Any
) -> list[Exception | Alert]:
    """The same move for many, each by itself: an alert, or what stopped it. None stands for an id
    not found.
    """
    return one_by_one(
        alerts, lambda alert: perform(alert, verb, actor=actor, **inputs), actor=actor
    )


def one_by_one(
    alerts: Sequence[Alert | None], act: Callable[[Alert], Alert], *, actor: Actor
) -> list[Exception | Alert]:
    """Act on many alerts inside an open verb, each by itself, locked in one order, with their
    clocks derived at the end.
    """
    results: list[Exception | Alert] = []
    _lock_in_order(alert for alert in alerts if alert is not None)
    with clocks.together(actor=actor):
        for alert in alerts:
            try:
                results.append(_one_of_many(alert, act))
            except DomainError as refusal:
                results.append(refusal)
    return results


def _one_of_many(alert: Alert | None, act: Callable[[Alert], Alert]) -> Alert:
    if alert is None:
        raise records.NotFound("Not found here. It may be in another tenant, or gone.")
    with audit.attempt():
        return act(alert)


@audit.verb
def _delete(alert: Alert, *, actor: Actor, note: str) -> Alert:
    gone = records.delete(alert, actor=actor, scope=CONFIGURE, note=note)
    gone.keys.all().delete()
    return gone


def _classification_changes(alert: Alert, classification: str) -> dict[str, Any]:
    """A classification set early is kept for the closing; on a closed alert it changes the verdict
    along.
    """
    fields.one_of("close_classification", classification, tuple(VERDICTS))
    changes: dict[str, Any] = {"close_classification": classification}
    if alert.status == "closed":
        changes["verdict"], changes["cause"] = VERDICTS[classification]
    return changes


def _malice_changes(alert: Alert, values: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The override if set, else the worst of the indicators, else pending. A reset wins over an
    override.
    """
    if values.get("reset_malice_override"):
        cleared = dict.fromkeys(("malice_override", "malice_override_source", "malice_override_at"))
        return cleared | {"malice": relations.worst_malice(alert)}
    override = values.get("malice_override")
    if not override:
        return {}
    fields.one_of("malice_override", override, MALICE)
    if override == alert.malice_override:
        return {}
    return {
        "malice": override,
        "malice_override": override,
        "malice_override_source": actor.email or actor.name,
        "malice_override_at": timezone.now(),
    }


def _versions(alert: Any) -> list[Any]:
    """The two newest versions of an alert."""
    return list(alert.history.order_by("-version")[:2])


def _lock_in_order(alerts: Iterable[Alert]) -> None:
    """Two bulk verbs over the same alerts wait for one another, whatever order they came in."""
    pks = sorted(alert.pk for alert in alerts)
    rows = Alert.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    list(rows.values_list("pk", flat=True))
