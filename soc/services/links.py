"""Which alert is in which investigation and incident: rows with who, when and why."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from core import audit, records
from core.actors import Actor
from core.errors import Conflict
from grc.models import Incident
from grc.services import incidents
from grc.workflows import WRITE as GRC_WRITE
from soc.models import Alert, AlertEscalation, Investigation, InvestigationAlert
from soc.querysets import OPEN_INVESTIGATIONS
from soc.services import locks
from soc.workflows import WRITE


def current_investigations(alert_ids: Iterable[UUID]) -> dict[UUID, Investigation]:
    """The investigation that each alert is in now."""
    rows = InvestigationAlert.objects.filter(alert_id__in=list(alert_ids), left_at=None)
    return {row.alert_id: row.investigation for row in rows.select_related("investigation")}


def current_alerts(investigation_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The alerts that each investigation holds now."""
    return _alerts_of(investigation_ids, Q(left_at=None))


def shown_alerts(investigation_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The alerts that each investigation shows: a closed one goes on showing what it held."""
    left_later = Q(investigation__status="closed", left_at__gte=F("investigation__closed_at"))
    return _alerts_of(investigation_ids, Q(left_at=None) | left_later)


def shown_alerts_of(investigation: Investigation) -> list[Alert]:
    """The same alerts of one investigation, as rows in the order in which they happened: one
    query.
    """
    held = InvestigationAlert.objects.filter(investigation=investigation)
    if investigation.status == "closed":
        held = held.filter(Q(left_at=None) | Q(left_at__gte=investigation.closed_at))
    else:
        held = held.filter(left_at=None)
    rows = Alert.objects.for_list().filter(pk__in=held.values("alert_id"))
    return list(rows.select_related("assignee").order_by("occurred_at", "id"))


def _alerts_of(investigation_ids: Iterable[UUID], which: Q) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = InvestigationAlert.objects.filter(which, investigation_id__in=list(investigation_ids))
    for investigation_id, alert_id in rows.order_by("id").values_list(
        "investigation_id", "alert_id"
    ):
        found[investigation_id].append(alert_id)
    return found


def incidents_of_alerts(alert_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The incidents that each alert belongs to: by its own escalation, and through its
    investigation.
    """
    wanted = list(alert_ids)
    found: dict[UUID, dict[UUID, None]] = defaultdict(dict)
    for alert_id, incident_id in AlertEscalation.objects.filter(alert_id__in=wanted).values_list(
        "alert_id", "incident_id"
    ):
        found[alert_id][incident_id] = None
    through = InvestigationAlert.objects.filter(
        alert_id__in=wanted, left_at=None, investigation__escalated_to_incident__isnull=False
    )
    for alert_id, incident_id in through.values_list(
        "alert_id", "investigation__escalated_to_incident"
    ):
        found[alert_id][incident_id] = None
    return {alert_id: list(incidents) for alert_id, incidents in found.items()}


@audit.verb
def set_alerts(
    case: Investigation, wanted: Iterable[UUID], *, actor: Actor, reason: str = ""
) -> None:
    """Make these the alerts of the investigation: others leave, new ones join. An application can
    name its own alerts only, so those of others stay.
    """
    actor.require(WRITE)
    target = list(wanted)
    locks.with_alerts([case.pk], target)
    present = current_alerts([case.pk]).get(case.pk, [])
    own = nameable(present, actor)
    leaving = [pk for pk in present if pk not in target and pk in own]
    joining = [pk for pk in target if pk not in present]
    if leaving:
        remove_alerts(case, leaving, actor=actor, reason=reason)
    if joining:
        add_alerts(case, joining, actor=actor, reason=reason)
    if leaving or joining:
        case.refresh_from_db(fields=["version", "updated_at", "updated_by"])


def nameable(alert_ids: Iterable[UUID], actor: Actor) -> set[UUID]:
    """Those of some alerts that whoever acts may name."""
    rows = Alert.objects.of_application(actor.app_id).filter(pk__in=list(alert_ids))
    return set(rows.values_list("pk", flat=True))


def lock_open(investigation: Investigation | None) -> Investigation | None:
    """The investigation as it is now, locked, if it is still open; a closed one is never joined."""
    if investigation is None:
        return None
    fresh = records.lock(investigation)
    return fresh if fresh.status in OPEN_INVESTIGATIONS else None


@audit.verb
def add_alerts(
    case: Investigation,
    alert_ids: Iterable[UUID],
    *,
    actor: Actor,
    reason: str = "",
    move: bool = False,
) -> None:
    """Put alerts into an open investigation. Those of another open one are refused by its number,
    or with `move` leave it in the same step.
    """
    actor.require(WRITE)
    wanted = list(alert_ids)
    cases = locks.joining(wanted, [case.pk])
    target = require_open(cases[case.pk])
    records.expect(case, target)
    held = _current_links(wanted)
    alerts = Alert.objects.for_list().in_bulk(wanted)
    changed: set[UUID] = set()
    for pk in sorted(alerts):
        link = held.get(pk)
        if link and link.investigation_id == target.pk:
            continue
        if link:
            _take_out(link, cases[link.investigation_id], alerts[pk], actor, reason, move)
        _put_in(target, alerts[pk], actor, reason)
        changed |= {target.pk, *([link.investigation_id] if link and move else [])}
    for pk in sorted(changed):
        records.touch(cases[pk], actor=actor)


@audit.verb
def remove_alerts(
    case: Investigation, alert_ids: Iterable[UUID], *, actor: Actor, reason: str = ""
) -> None:
    """Take alerts out of an investigation. One that is not in it is refused by its id."""
    actor.require(WRITE)
    wanted = list(alert_ids)
    fresh = locks.with_alerts([case.pk], wanted)[case.pk]
    records.expect(case, fresh)
    held = _current_links(wanted)
    for alert in Alert.objects.for_list().filter(pk__in=wanted).order_by("pk"):
        link = held.get(alert.pk)
        if link is None or link.investigation_id != case.pk:
            raise Conflict(
                f"{alert.shown_id} is not part of {case.investigation_number}.", field="alert_ids"
            )
        _take_out(link, case, alert, actor, reason, move=True)
    if wanted:
        records.touch(fresh, actor=actor)


def require_open(case: Investigation) -> Investigation:
    if case.status not in OPEN_INVESTIGATIONS or case.is_deleted:
        number = case.investigation_number
        raise Conflict(f"{number} is not open any more. Reopen it first.", field="alert_ids")
    return case


def _current_links(alert_ids: Iterable[UUID]) -> dict[UUID, InvestigationAlert]:
    rows = InvestigationAlert.objects.filter(alert_id__in=list(alert_ids), left_at=None)
    return {row.alert_id: row for row in rows}


def _put_in(case: Investigation, alert: Alert, actor: Actor, reason: str) -> InvestigationAlert:
    link = InvestigationAlert(
        investigation=case, alert=alert, created_by=actor.person_id, reason=reason
    )
    link.save(force_insert=True)
    records.remember(case, "add_alert", actor=actor, note=reason, alert_id=alert.pk)
    records.remember(
        alert, "join_investigation", actor=actor, note=reason, investigation_id=case.pk
    )
    return link


def _take_out(
    link: InvestigationAlert,
    case: Investigation,
    alert: Alert,
    actor: Actor,
    reason: str,
    move: bool,
) -> None:
    """End a link. Out of an investigation that is still open only where that is the wish."""
    if case.status in OPEN_INVESTIGATIONS and not move:
        raise Conflict(
            f"{alert.shown_id} is part of {case.investigation_number}. Take it out there first, or "
            "move it.",
            field="alert_ids",
        )
    leave(link, actor=actor)
    if not move:
        return
    records.remember(case, "remove_alert", actor=actor, note=reason, alert_id=alert.pk)
    records.remember(
        alert, "leave_investigation", actor=actor, note=reason, investigation_id=case.pk
    )


@audit.verb
def record_escalation(
    alert: Alert, investigation: Investigation, *, actor: Actor, note: str = ""
) -> None:
    """That this alert's escalation opened or joined the investigation's incident; once per
    incident.
    """
    incident: Any = investigation.escalated_to_incident  # the caller has just attached it
    AlertEscalation.objects.bulk_create(
        [
            AlertEscalation(
                alert=alert,
                incident=incident,
                investigation=investigation,
                created_by=actor.person_id,
                note=note,
            )
        ],
        ignore_conflicts=True,
    )


def escalated_alerts(incident_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The alerts whose escalation opened or joined each incident."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = AlertEscalation.objects.filter(incident_id__in=list(incident_ids)).order_by("id")
    for incident_id, alert_id in rows.values_list("incident_id", "alert_id"):
        found[incident_id].append(alert_id)
    return found


def investigations_of(incident: Incident) -> Iterable[Investigation]:
    """The investigations that were rolled up into an incident, oldest first."""
    rows: Iterable[Investigation] = Investigation.objects.filter(
        escalated_to_incident=incident
    ).order_by("id")
    return rows


def investigations_of_incidents(incident_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The investigations rolled up into each incident."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Investigation.objects.filter(escalated_to_incident__in=list(incident_ids)).order_by("id")
    for incident_id, investigation_id in rows.values_list("escalated_to_incident_id", "id"):
        found[incident_id].append(investigation_id)
    return found


def set_investigations(
    incident: Incident, wanted: Iterable[UUID], *, actor: Actor, note: str = ""
) -> None:
    """Make these the investigations of the incident: the set wanted, others leave it."""
    actor.require(GRC_WRITE)
    target = set(wanted)
    present = set(investigations_of_incidents([incident.pk]).get(incident.pk, []))
    for investigation in Investigation.objects.filter(pk__in=present - target).order_by("pk"):
        point(investigation, None, actor=actor, note=note)
    for investigation in Investigation.objects.filter(pk__in=target - present).order_by("pk"):
        point(investigation, incident, actor=actor, note=note)


@audit.verb
def point(
    investigation: Investigation, incident: Incident | None, *, actor: Actor, note: str = ""
) -> Investigation:
    """Let an investigation belong to an incident, or to none; told in the history of both sides."""
    fresh = records.lock(investigation)
    before = fresh.escalated_to_incident
    if (incident and incident.pk) == (before and before.pk):
        return fresh
    if incident is not None and not incidents.is_open(records.lock(incident)):
        raise Conflict(
            f"{incident.incident_number} is closed and cannot be joined.", field="incident_id"
        )
    sides = ((before, "remove_investigation"), (incident, "add_investigation"))
    for side, verb in sides:
        if side is not None:
            records.remember(side, verb, actor=actor, note=note, investigation_id=fresh.pk)
    verb = "link_incident" if incident else "leave_incident"
    values = {"escalated_to_incident": incident}
    return records.change(fresh, values, actor=actor, verb=verb, note=note)


def leave(link: InvestigationAlert, *, actor: Actor) -> None:
    """End the link now, in the name of whoever acts."""
    link.left_at = timezone.now()
    link.left_by = actor.person_id
    link.save(update_fields=["left_at", "left_by"])
