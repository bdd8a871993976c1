"""Telling of duties that are at risk or overdue, from a job, once for each deadline."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, records
from core.actors import Actor
from core.services import notifications
from core.services.notifications import About, Kind
from grc.models import Obligation
from grc.workflows import WRITE

LEGAL = Kind("legal_deadline", "A legal deadline is near or over", by_email=True)
AT_ONCE = 500
TOLD = {"at_risk": "at_risk_told_at", "overdue": "overdue_told_at"}


def check(*, actor: Actor) -> int:
    """Tell of the duties of the current tenant whose time is short or over; how many."""
    now = timezone.now()
    with transaction.atomic():
        due = Obligation.objects.filter(check_at__lte=now).order_by("check_at", "id")
        rows = list(due[:AT_ONCE])
    return sum(tell(row, actor=actor, now=now) for row in rows)


@audit.verb
def tell(row: Obligation, *, actor: Actor, now: datetime) -> bool:
    """An event and notifications for one; False where nothing is left to tell."""
    fresh = Obligation.objects.select_related("incident").get(pk=records.lock(row).pk)
    state = fresh.state(now)
    if state not in TOLD or getattr(fresh, TOLD[state]):
        return False
    check_at = fresh.due_at if state == "at_risk" else None
    values: dict[str, Any] = {TOLD[state]: now, "check_at": check_at}
    records.change(fresh, values, actor=actor, verb=state)
    _notify(fresh, state)
    return True


def _notify(row: Obligation, state: str) -> None:
    owner = row.owner_id or row.incident.owner_id
    word = "Overdue" if state == "overdue" else "Time is short"
    due = f"{row.due_at:%a %d %b %H:%M} UTC" if row.due_at else ""
    notifications.tell(
        [owner] if owner else notifications.holders_of(WRITE),
        LEGAL.name,
        f"{word}: {row}, due {due}, {row.incident}",
        key=f"{row.pk}:{state}:{due}",
        about=About("incident", row.incident_id),
    )
