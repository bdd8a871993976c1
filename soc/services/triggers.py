"""What sets playbooks off by themselves: new alerts, changes of their status, escalation.

Conditions are judged in a job, one for a batch, by the one evaluator (`soc.conditions`) that the
test and the look into the past use too. A version of a playbook fires once for an alert, which a
constraint holds; so a job may run twice.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import audit, hot, jobs, tenancy
from core.actors import Actor
from soc import conditions
from soc.conditions import Condition, all_hold
from soc.models import Alert, Playbook, PlaybookRun
from soc.services import facts, runs

CREATED, STATUS_CHANGED, ESCALATED = "created", "status_changed", "escalated"
ENRICHED = "enriched"  # of a new alert: what it is asked of malice can be answered only then
CHUNK = 500
MOST_LOOKED_AT = 20_000
MOST_SHOWN = 50
# As `Playbook.objects.automatic()` says it, asked with every change.
_ANY_AUTOMATIC = """
SELECT 1 FROM soc_playbook
WHERE tenant_id = %s AND NOT is_deleted AND enabled AND auto_execute LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A playbook with its conditions as they are judged."""

    playbook: Playbook
    wanted: list[Condition]

    @property
    def asks_malice(self) -> bool:
        return any(each.field == "malice" for each in self.wanted)


def follow(alert: Any, names: Collection[str], *, actor: Actor) -> None:
    """Have the triggers judged of an alert that was just written singly."""
    if "id" in names:
        later([alert.pk], CREATED, person_id=actor.person_id)
    elif "status" in names and not alert.is_deleted:
        event = ESCALATED if alert.status == "escalated" else STATUS_CHANGED
        later([alert.pk], event, person_id=actor.person_id)


def later(alert_ids: Sequence[UUID], event: str, *, person_id: UUID) -> None:
    """Defer the judging to the job of that event, in the transaction of the change; none where
    nothing fires by itself. `person_id`: in whose name what fires runs.
    """
    if alert_ids and hot.rows(_ANY_AUTOMATIC, [tenancy.required()]):
        jobs.later(
            f"soc.triggers_{event}",
            alert_ids=[str(pk) for pk in alert_ids],
            person_id=str(person_id),
        )


def check(alert_ids: Iterable[UUID], event: str, *, actor: Actor) -> int:
    """Judge every trigger for these alerts, and let what matches run; how many began to."""
    pks, fired = list(alert_ids), 0
    for begin in range(0, len(pks), CHUNK):
        with transaction.atomic():
            triggers = of_event(event)
            found = matches(triggers, pks[begin : begin + CHUNK]) if triggers else []
        for playbook, alert in found:
            fired += _fire(playbook, alert, actor=actor, event=event) is not None
    return fired


def of_event(event: str) -> list[Trigger]:
    """The playbooks that an event sets off. A new alert is judged twice: at once, and where malice
    is asked for once it is enriched. Escalation is a change of status too.
    """
    wanted = {CREATED if event == ENRICHED else event}
    wanted |= {STATUS_CHANGED} if event == ESCALATED else set()
    rows = Playbook.objects.automatic().order_by("id")
    found = [
        Trigger(row, conditions.read(row.trigger_conditions, field="trigger_conditions"))
        for row in rows
        if row.trigger_conditions and wanted & set(row.trigger_on)
    ]
    if event == CREATED:
        return [each for each in found if not each.asks_malice]
    if event == ENRICHED:
        return [each for each in found if each.asks_malice]
    return found


def matches(triggers: Sequence[Trigger], alert_ids: Sequence[UUID]) -> list[tuple[Playbook, Alert]]:
    """Which alerts match which triggers; as many queries for any number."""
    alerts = list(Alert.objects.for_list().filter(pk__in=alert_ids).order_by("id"))
    known = facts.of_alerts(alerts)
    return [
        (trigger.playbook, alert)
        for alert in alerts
        for trigger in triggers
        if all_hold(trigger.wanted, known[alert.pk])
    ]


def judged(given: object, alert: Alert) -> list[dict[str, Any]]:
    """Each condition, and whether it holds for an alert as it is now."""
    wanted = conditions.read(given, field="trigger_conditions")
    known = facts.of_alert(alert)
    return [
        {"field": each.field, "op": each.op, "value": each.value, "holds": each.holds(known)}
        for each in wanted
    ]


def look_back(given: object, *, days: int, app_id: UUID | None = None) -> dict[str, Any]:
    """How often conditions would have matched, by what the alerts are now: the count, and the
    newest of them.
    """
    wanted = conditions.read(given, field="trigger_conditions")
    since = timezone.now() - timedelta(days=days)
    rows = Alert.objects.for_list().of_application(app_id).filter(created_at__gte=since)
    looked, matched = 0, 0
    shown: list[Alert] = []
    for chunk in _newest_first(rows):
        looked += len(chunk)
        known = facts.of_alerts(chunk)
        hits = [alert for alert in chunk if all_hold(wanted, known[alert.pk])]
        matched += len(hits)
        shown += hits[: MOST_SHOWN - len(shown)]
    return {
        "days": days,
        "looked_at": looked,
        "complete": looked < MOST_LOOKED_AT,
        "matched": matched,
        "alerts": [
            {"id": row.shown_id, "title": row.title, "created_at": row.created_at} for row in shown
        ],
    }


@audit.verb
def _fire(playbook: Playbook, alert: Alert, *, actor: Actor, event: str) -> PlaybookRun | None:
    """One run in a transaction of its own, if the playbook still fires by itself."""
    fresh = Playbook.objects.automatic().filter(pk=playbook.pk, number=playbook.number).first()
    return runs.fire(fresh, alert, actor=actor, event=event) if fresh else None


def _newest_first(rows: Any) -> Iterator[list[Alert]]:
    last, left = None, MOST_LOOKED_AT
    while left > 0:
        after = rows.filter(pk__lt=last) if last else rows
        page = list(after.order_by("-id")[: min(CHUNK, left)])
        if not page:
            return
        yield page
        last, left = page[-1].pk, left - len(page)
