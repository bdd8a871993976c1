"""Verbs of the investigation."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from core import audit, records, workflow
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.services import counters, people
from grc.models import Incident
from grc.services import incidents
from soc.models import Alert, Investigation, SLADefinition, Task, Template
from soc.querysets import OPEN_ALERTS, OPEN_TASKS
from soc.services import closing, links, locks, notices, tasks, templates
from soc.vocabulary import PRIORITIES
from soc.workflows import RESPOND, WRITE

CONFIGURE = "soc:configure"
WRITABLE = (
    "title",
    "description",
    "priority",
    "category",
    "tags",
    "assigned_to_id",
    "team_group_id",
    "sla_definition_id",
)


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Investigation:
    """A new investigation; `{}` is enough. `alert_ids` among the values are put into it; a template
    (`template_id`) gives tasks, and fields that are not given.
    """
    actor.require(WRITE)
    template: Template | None = values.get("template_id")
    given = {**templates.defaults(template), **values} if template else values
    locks.alerts(values.get("alert_ids") or [])
    investigation = open_new(actor=actor, note=note, **_clean(given))
    _set_alerts(investigation, values, actor)
    if template:
        return templates.apply(investigation, template, actor=actor)
    return investigation


@audit.verb
def open_new(*, actor: Actor, verb: str = "create", note: str = "", **fields: Any) -> Investigation:
    """Number and save a new investigation. The caller has checked the scope and the fields."""
    investigation = Investigation(**fields, investigation_number=counters.next_number("INV"))
    records.create(investigation, actor=actor, verb=verb, note=note)
    notices.assigned(investigation, actor=actor)
    return investigation


@audit.verb
def update(
    investigation: Investigation, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Investigation:
    """Change fields and the set of alerts; a `status` among them is the one move that leads
    there.
    """
    actor.require(WRITE)
    if values.get("alert_ids") is not None or values.get("status") == "closed":
        locks.with_alerts([investigation.pk], values.get("alert_ids") or [])
    fresh = records.lock(investigation)
    if values.get("template_id") and values["template_id"].pk != fresh.template_id:
        raise BadInput("Apply a template with its own action.", field="template_id")
    move = (
        workflow.of(Investigation).move_to(fresh, values["status"])
        if values.get("status")
        else None
    )
    held = fresh.assigned_to_id
    fresh = records.change(fresh, _clean(values), actor=actor, note=note)
    notices.assigned(fresh, was=held, actor=actor)
    _set_alerts(fresh, values, actor)
    if move is None:
        if values.get("closure_reason") and fresh.status == "closed":
            return records.change(
                fresh, {"closure_reason": values["closure_reason"]}, actor=actor, note=note
            )
        return fresh
    return perform(fresh, move.verb, actor=actor, note=note, **workflow.arguments(move, values))


@audit.verb
def perform(
    investigation: Investigation, verb: str, *, actor: Actor, note: str = "", **inputs: Any
) -> Investigation:
    """Make the move of that name with the inputs its table names."""
    if verb == "close":
        return close(investigation, actor=actor, note=note, **inputs)
    if verb == "escalate":
        return escalate(investigation, actor=actor, note=note, **inputs)
    return workflow.perform(investigation, verb, actor=actor, note=note, values=inputs)


@audit.verb
def close(
    investigation: Investigation,
    *,
    actor: Actor,
    closure_reason: str = "",
    close_alerts_as: str | None = None,
    skip_open_tasks: bool = False,
    note: str = "",
) -> Investigation:
    """Close with a reason. Open alerts and tasks stay as they are, or go along when told so; an
    open mandatory task holds the closing otherwise.
    """
    locks.with_alerts([investigation.pk])
    closed = workflow.perform(
        investigation,
        "close",
        actor=actor,
        note=note,
        values={"closure_reason": closure_reason},
        follow=_nothing if skip_open_tasks else _mandatory_tasks_done,
    )
    if skip_open_tasks:
        tasks.skip_open(closed, actor=actor, reason=closed.closure_reason or "")
    if close_alerts_as:
        held = links.current_alerts([closed.pk]).get(closed.pk, [])
        for alert in Alert.objects.waiting().filter(pk__in=held).order_by("pk"):
            closing.close(
                alert,
                actor=actor,
                close_classification=close_alerts_as,
                note=note or closure_reason,
            )
    return closed


def left_open(alerts: Iterable[Alert], tasks: Iterable[Task]) -> tuple[list[Alert], list[Task]]:
    """Of what an investigation holds, the alerts and tasks that a closing would leave open."""
    waiting = [alert for alert in alerts if alert.status in OPEN_ALERTS]
    return waiting, [task for task in tasks if task.status in OPEN_TASKS]


@audit.verb
def escalate(
    investigation: Investigation, *, actor: Actor, incident: Incident | None = None, note: str = ""
) -> Investigation:
    """Link the investigation to its open incident, else the given open one, else a new one."""
    moved = workflow.perform(investigation, "escalate", actor=actor, note=note)
    return attach_incident(moved, held_alerts(moved), actor=actor, given=incident, note=note)


@audit.verb
def attach_incident(
    investigation: Investigation,
    alerts: Iterable[Alert],
    *,
    actor: Actor,
    given: Incident | None = None,
    note: str = "",
) -> Investigation:
    """Give the investigation an open incident, opened now where there is none. Needs
    sentinel:respond.
    """
    actor.require(RESPOND)
    fresh = records.lock(investigation)
    incident = _open_incident(fresh.escalated_to_incident) or _open_incident(given)
    if incident is None and given is not None:
        raise Conflict(
            f"{given.incident_number} is closed and cannot be joined.", field="incident_id"
        )
    known = list(alerts)
    detected = min((alert.created_at for alert in known), default=fresh.created_at)
    first_event = min((alert.occurred_at for alert in known if alert.occurred_at), default=None)
    if incident is None:
        incident = incidents.open_from_escalation(
            actor=actor,
            title=fresh.title,
            severity=fresh.priority,
            detected_at=detected,
            first_event_at=first_event,
            note=note,
        )
    elif known:
        incidents.consider_events(
            incident, actor=actor, detected_at=detected, first_event_at=first_event
        )
    return links.point(fresh, incident, actor=actor, note=note)


@audit.verb
def join_or_open(
    alert: Alert, *, actor: Actor, given: Investigation | None = None, note: str = ""
) -> Investigation:
    """The open investigation that the alert is in, else the given open one, else a new one. Needs
    sentinel:respond.
    """
    actor.require(RESPOND)
    locks.joining([alert.pk], [given.pk] if given else [])
    current = links.lock_open(links.current_investigations([alert.pk]).get(alert.pk))
    if current is not None:
        return current
    if given is not None and links.lock_open(given) is None:
        number = given.investigation_number
        raise Conflict(f"{number} is not open any more; join another.", field="investigation_id")
    joined = given or open_new(
        actor=actor,
        verb="open",
        note=note,
        title=alert.title,
        priority=alert.severity if alert.severity in PRIORITIES else "medium",
        category=alert.category,
    )
    links.add_alerts(joined, [alert.pk], actor=actor, reason=note or "escalated")
    return joined


def held_alerts(investigation: Investigation) -> list[Alert]:
    """The alerts that it holds now, without their raw records."""
    pks = links.current_alerts([investigation.pk]).get(investigation.pk, [])
    return list(Alert.objects.for_list().filter(pk__in=pks))


def delete(investigation: Investigation, *, actor: Actor, note: str = "") -> Investigation:
    return records.delete(investigation, actor=actor, scope=CONFIGURE, note=note)


def restore(investigation: Investigation, *, actor: Actor, note: str = "") -> Investigation:
    return records.restore(investigation, actor=actor, scope=CONFIGURE, note=note)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if name in values}
    if "priority" in clean and clean["priority"] not in PRIORITIES:
        raise BadInput(
            f"'{clean['priority']}' is not known here. Use one of: {', '.join(PRIORITIES)}.",
            field="priority",
        )
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    if "assigned_to_id" in clean:
        clean["assigned_to_id"] = people.require_member(
            clean["assigned_to_id"], field="assigned_to_id"
        )
    if clean.get("team_group_id") is not None:
        clean["team_group_id"] = clean["team_group_id"].pk
    if clean.get("sla_definition_id") is not None:
        clean["sla_definition_id"] = _of_investigations(clean["sla_definition_id"])
    return clean


def _of_investigations(definition: SLADefinition) -> UUID:
    if definition.applies_to != "investigation":
        raise BadInput("This SLA definition is one of alerts.", field="sla_definition_id")
    return definition.pk


def _set_alerts(investigation: Investigation, values: Mapping[str, Any], actor: Actor) -> None:
    wanted: list[UUID] | None = values.get("alert_ids")
    if wanted is not None:
        links.set_alerts(investigation, wanted, actor=actor)


def _nothing(closing_case: Investigation) -> dict[str, Any]:
    return {}


def _mandatory_tasks_done(closing_case: Investigation) -> dict[str, Any]:
    waiting = Task.objects.open().filter(investigation=closing_case, mandatory=True).in_order()
    titles = [f"'{task.title}'" for task in waiting[:3]]
    if titles:
        raise Conflict(
            f"Mandatory and not done: {', '.join(titles)}. Do what is open, or close with "
            "skip_open_tasks.",
            field="skip_open_tasks",
        )
    return {}


def _open_incident(incident: Incident | None) -> Incident | None:
    """The incident as it is now, locked, if it is still open."""
    if incident is None or incident.is_deleted:
        return None
    fresh = records.lock(incident)
    return fresh if incidents.is_open(fresh) else None
