"""Whom soc tells of what: critical alerts that arrive, what is assigned to me, its deadlines, and
where I am mentioned.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from core import ids, jobs
from core.actors import Actor
from core.models import Notification
from core.services import notifications
from core.services.notifications import About, Kind
from soc.models import Alert, Comment, Investigation, SLAClock
from soc.workflows import WRITE

CRITICAL = Kind("critical_alert", "Critical alert", by_email=True)
ASSIGNED = Kind("assigned", "Assigned to you", by_email=True)
DEADLINE = Kind("deadline", "Deadline of yours", by_email=True)
APPROVAL = Kind("approval", "Approval asked of you", by_email=True)
MANUAL = Kind("manual_step", "Step of a playbook for you", by_email=True)
MENTIONED = Kind("mentioned", "You are mentioned", by_email=False)
# In a storm every batch is told on the page, and one e-mail in this time.
MAIL_EVERY = timedelta(minutes=5)
PAGES = {
    "alert": ("soc_alert", "alr"),
    "investigation": ("soc_investigation", "inv"),
    "playbook_run": ("soc_playbookrun", "run"),
}


def register() -> None:
    """Called once, when all apps are loaded."""
    for kind in (CRITICAL, ASSIGNED, DEADLINE, APPROVAL, MANUAL, MENTIONED):
        notifications.register(kind)
    for object_type in PAGES:
        notifications.register_page(object_type, _path_of(object_type))


def arrived_later(alert: Alert) -> None:
    """Defer telling of a new alert; no job where it is not critical."""
    if alert.severity == "critical":
        jobs.later("soc.tell_arrivals", alert_ids=[str(alert.pk)])


def arrived(alert_ids: Sequence[UUID]) -> int:
    """Tell whoever triages that critical alerts came: one notice for all of a batch."""
    rows = Alert.objects.for_list().filter(pk__in=alert_ids, severity="critical").order_by("id")
    found = list(rows)
    if not found:
        return 0
    first = found[0]
    text = first.title if len(found) == 1 else f"{len(found)} critical alerts, first: {first.title}"
    return notifications.tell(
        notifications.holders_of(WRITE),
        CRITICAL.name,
        text,
        key=str(min(alert_ids)),
        about=About("alert", first.pk if len(found) == 1 else None),
        mail_every=MAIL_EVERY,
    )


def assigned(row: Alert | Investigation, *, was: UUID | None = None, actor: Actor) -> None:
    """Tell a person that an alert or an investigation is theirs now, unless it was before, or they
    took it.
    """
    person_id = row.assignee_id if isinstance(row, Alert) else row.assigned_to_id
    if person_id is None or person_id in (was, actor.person_id):
        return
    object_type = "alert" if isinstance(row, Alert) else "investigation"
    notifications.tell(
        [person_id],
        ASSIGNED.name,
        str(row),
        key=f"{row.pk}:{row.version}",
        about=About(object_type, row.pk),
    )


def deadline(clock: SLAClock, kind: str) -> None:
    """Tell whoever has the alert or the investigation that its time is short, or over; once for
    each of its clocks, and again where a changed target or level has it counted anew.
    """
    row = clock.alert or clock.investigation
    person_id = row.assignee_id if isinstance(row, Alert) else getattr(row, "assigned_to_id", None)
    if person_id is None:
        return
    word = "Late" if kind == "breached" else "Time is short"
    notifications.tell(
        [person_id],
        DEADLINE.name,
        f"{word} to {clock.kind}: {row}",
        key=f"{clock.pk}:{kind}:{clock.watched_from.isoformat()}",
        about=About("alert" if clock.alert_id else "investigation", row.pk if row else None),
        mail_every=MAIL_EVERY,
    )


def mentioned(comment: Comment, person_ids: Iterable[UUID], *, actor: Actor) -> None:
    """Tell people that a comment names them, but whoever wrote it."""
    object_type = "alert" if comment.alert_id else "investigation"
    notifications.tell(
        set(person_ids) - {actor.person_id},
        MENTIONED.name,
        comment.text,
        key=str(comment.pk),
        about=About(object_type, comment.alert_id or comment.investigation_id),
    )


def answered(row: Alert | Investigation, *, actor: Actor) -> None:
    """Whoever comments has seen what mentioned them there."""
    seen = Notification.objects.of_person(actor.person_id).unread().filter(object_id=row.pk)
    pks = list(seen.filter(kind=MENTIONED.name).values_list("pk", flat=True))
    if pks:
        notifications.mark_read(actor.person_id, pks)


def _path_of(object_type: str) -> notifications.Path:
    name, prefix = PAGES[object_type]

    def path(pk: UUID | None) -> str:
        if pk is None:
            return reverse(f"admin:{name}_changelist")
        return reverse(f"admin:{name}_change", args=[ids.show(prefix, pk)])

    return path
