"""What needs a person, as one list by urgency: alerts, approvals, tasks, mentions, legal duties and
clocks. A statement or two for each kind, whatever there is, and at most MOST lines of it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.actors import Actor
from core.models import Notification, Person
from core.parts import Ids
from core.services import notifications
from core.templatetags.desk import BARS, span
from grc.models import Obligation
from soc.models import Alert, SLAClock, StepRun, Task
from soc.services import notices, open_work, run_stats, step_decisions
from soc.services.open_work import OpenWork
from soc.workflows import ALERT, WRITE

MOST = 40  # of each kind
LOOKED_AT = 400  # clocks on either side of now among which those of a person are sought
URGENT = ("critical", "high")
DECIDE, DUTIES = "approvals:decide", "grc:write"
WORDS = {
    "acknowledge": "Acknowledge",
    "triage": "Triage",
    "contain": "Contain",
    "resolve": "Resolve",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list. `at` is when it is due, or since when it waits; `state` is late, soon,
    running or waiting. With a `verb` the button makes that move of the row, with a `notification`
    it marks that as read and opens the page, else it opens the page.
    """

    icon: str
    doing: str
    title: str
    second: str
    url: str
    at: datetime
    state: str
    button: str = "Open"
    severity: str = ""
    verb: str = ""
    post_url: str = ""
    version: int = 0
    told: str = ""
    notification: str = ""

    @property
    def rank(self) -> tuple[int, int, datetime]:
        """Late before soon before the rest, the worst of each first, then by time."""
        pressing = {"late": 0, "soon": 1}.get(self.state, 2)
        return pressing, -BARS.get(self.severity, 0), self.at


@dataclass(slots=True)
class Found:
    """The lines, most urgent first. `is_cut` says that of some kind there are more than were
    read, so that every count of these lines is one of at least.
    """

    items: list[Item] = field(default_factory=list)
    is_cut: bool = False

    def add(self, rows: Iterable[Any], line: Callable[[Any], Item]) -> None:
        """A line for each of at most MOST rows; a kind reads one more, to know of more."""
        given = list(rows)
        self.items += [line(row) for row in given[:MOST]]
        self.is_cut = self.is_cut or len(given) > MOST


def items(actor: Actor, work: OpenWork, *, whole_team: bool) -> Found:
    """What this person may do something about; with `whole_team` also what others have. `work` is
    what the tenant has open.
    """
    now, found = timezone.now(), Found()
    if actor.may(WRITE) or whole_team:
        found.items += _clocks(actor, now, whole_team)
        clocks = (work.counts["clocks_late"], work.counts["clocks_due"])
        found.is_cut = max(clocks) > LOOKED_AT
        _add_unwatched(found, actor, now)
    if actor.may(DECIDE) or actor.may(WRITE):
        found.add(_asked(actor), lambda step: _answer(step, now))
    found.add(_tasks(actor, whole_team), lambda task: _task(task, now))
    found.add(_mentions(actor), lambda row: _mention(row, now))
    if actor.may(DUTIES) or (whole_team and actor.may("grc:read")):
        found.add(_duties(actor, whole_team), lambda row: _duty(row, now))
    found.items.sort(key=lambda item: item.rank)
    return found


def _clocks(actor: Actor, now: datetime, whole_team: bool) -> Iterable[Item]:
    """The nearest clock of each alert and investigation that is one's own or nobody's."""
    rows = SLAClock.objects.near(now, LOOKED_AT).select_related(
        "alert__assignee", "investigation__assigned_to"
    )
    large = [f"alert__{name}" for name in Alert.LARGE]
    if not whole_team:
        of_alert = Q(alert__isnull=False) & (
            Q(alert__assignee=None) | Q(alert__assignee=actor.person_id)
        )
        of_case = Q(investigation__isnull=False) & (
            Q(investigation__assigned_to=None) | Q(investigation__assigned_to=actor.person_id)
        )
        rows = rows.filter(of_alert | of_case)
    found: dict[Any, Item] = {}
    for clock in rows.defer(*large).order_by("due_at"):
        subject = clock.alert or clock.investigation
        if subject.pk in found or subject.is_deleted:
            continue
        found[subject.pk] = _clock(clock, subject, actor, now)
    return found.values()


def _clock(clock: SLAClock, subject: Any, actor: Actor, now: datetime) -> Item:
    due = clock.due_at or now
    late = due <= now
    near = clock.at_risk_at is not None and clock.at_risk_at <= now
    state = "late" if late else "soon" if near or due - now <= open_work.SOON else "running"
    minutes = int(abs((due - now).total_seconds()) // 60)
    told = f"{span(minutes)} late" if late else span(minutes)
    doing = WORDS[clock.kind]
    if clock.alert is None:
        return Item(
            icon="travel_explore",
            doing=doing,
            title=str(subject),
            second=f"Investigation, {_whose(subject.assigned_to, actor)}",
            url=reverse("admin:soc_investigation_change", args=[subject.shown_id]),
            at=due,
            state=state,
            told=told,
        )
    return _alert(subject, actor, doing=doing, at=due, state=state, told=told)


def _alert(alert: Alert, actor: Actor, **moment: Any) -> Item:
    """An alert; acknowledging needs no more than the button, all else is done on its page."""
    move = ALERT["acknowledge"]
    at_once = moment["doing"] == "Acknowledge" and alert.status in move.sources
    verb = move.verb if at_once and actor.may(move.scope) else ""
    place = [alert.host_name, alert.user_name]
    if alert.duplicate_count:
        place.append(f"seen × {alert.duplicate_count + 1}")
    place.append(_whose(alert.assignee, actor))
    return Item(
        icon="notifications_active",
        title=alert.title,
        second=" · ".join(part for part in place if part),
        url=reverse("admin:soc_alert_change", args=[alert.shown_id]),
        severity=alert.severity,
        button="Acknowledge" if verb else "Open",
        verb=verb,
        post_url=reverse("admin:soc_alert_move", args=[alert.shown_id, verb]) if verb else "",
        version=alert.version,
        **moment,
    )


def _add_unwatched(found: Found, actor: Actor, now: datetime) -> None:
    """Critical and high alerts that nobody has, the newest, with or without a clock; those with a
    line of their clock have it already.
    """
    waiting = Alert.objects.filter(
        status="open",
        assignee=None,
        resolved_at__isnull=True,
        closed_at__isnull=True,
        suppressed_at__isnull=True,
    )
    newest = [
        waiting.filter(severity=word).order_by("-id").values("id")[: MOST + 1] for word in URGENT
    ]
    both = Ids(newest[0].union(*newest[1:], all=True))
    rows = list(Alert.objects.filter(pk__in=both).for_list().order_by("-id"))
    known = {item.url for item in found.items}
    for word in URGENT:
        fresh = Found()
        same = [alert for alert in rows if alert.severity == word]
        fresh.add(same, lambda alert: _came(alert, actor, now))
        found.items += [item for item in fresh.items if item.url not in known]
        found.is_cut = found.is_cut or fresh.is_cut


def _came(alert: Alert, actor: Actor, now: datetime) -> Item:
    age = span(max(0, int((now - alert.created_at).total_seconds() // 60)))
    return _alert(
        alert,
        actor,
        doing="Acknowledge",
        at=alert.created_at,
        state="soon" if alert.severity == "critical" else "waiting",
        told=f"came {age} ago",
    )


def _asked(actor: Actor) -> list[StepRun]:
    """Approvals that this person may give, and manual steps of playbooks that are theirs."""
    waiting = run_stats.waiting_on(actor.person_id)
    return [step for step in waiting if step_decisions.why_not_mine(step, actor=actor) is None]


def _answer(step: StepRun, now: datetime) -> Item:
    approval = step.kind == "approval"
    since = step.started_at or step.created_at
    left = step.deadline_at - now if step.deadline_at else None
    near = left is not None and left <= timedelta(hours=1)
    asked = (step.input or {}).get("question") if approval else step.name
    return Item(
        icon="front_hand" if approval else "checklist",
        doing="Approve or reject" if approval else "Do",
        title=str(asked or step.name),
        second=_of_run(step, left),
        url=reverse("admin:soc_playbookrun_change", args=[step.run.shown_id]),
        at=since,
        state="soon" if approval or near else "waiting",
        button="Decide…" if approval else "Open",
        severity=step.run.alert.severity if step.run.alert else "",
        told=f"waits {span(int((now - since).total_seconds() // 60))}",
    )


def _of_run(step: Any, left: timedelta | None) -> str:
    """`Playbook “Contain host”, 40 m left to answer`"""
    told = f"Playbook “{step.run.playbook_version.name}”"
    if left is None:
        return told
    minutes = int(left.total_seconds() // 60)
    return f"{told}, {span(minutes)} left to answer" if minutes > 0 else f"{told}, time is over"


def _tasks(actor: Actor, whole_team: bool) -> Sequence[Task]:
    rows = Task.objects.open().select_related("investigation")
    if not whole_team:
        rows = rows.filter(assignee=actor.person_id)
    found: Sequence[Task] = rows.order_by("due_at", "id")[: MOST + 1]
    return found


def _task(task: Task, now: datetime) -> Item:
    due = task.due_at
    state, told = _until(due, now) if due else ("waiting", "no time set")
    return Item(
        icon="task_alt",
        doing="Do",
        title=task.title,
        second=f"Task in {task.investigation.investigation_number}"
        f"{', mandatory' if task.mandatory else ''}",
        url=reverse("admin:soc_investigation_change", args=[task.investigation.shown_id]),
        at=due or task.created_at,
        state=state,
        told=told,
    )


def _mentions(actor: Actor) -> Sequence[Notification]:
    rows = Notification.objects.of_person(actor.person_id).unread()
    named = rows.filter(kind=notices.MENTIONED.name).order_by("-id")
    found: Sequence[Notification] = named[: MOST + 1]
    return found


def _mention(row: Notification, now: datetime) -> Item:
    """Its button opens what it is about and marks it as read."""
    return Item(
        icon="alternate_email",
        doing="Answer",
        title=row.text,
        second="You are mentioned",
        url=f"{notifications.path_of(row)}#comment",
        at=row.created_at,
        state="waiting",
        button="Reply",
        post_url=reverse("admin:notifications"),
        notification=row.shown_id,
        told=f"asked {span(int((now - row.created_at).total_seconds() // 60))} ago",
    )


def _duties(actor: Actor, whole_team: bool) -> Sequence[Obligation]:
    """Legal duties that are not done: one's own and nobody's."""
    rows = Obligation.objects.filter(applies=True, sent_at=None, is_deleted=False)
    rows = rows.filter(Q(due_at__isnull=False) | Q(is_prompt=True))
    if not whole_team:
        rows = rows.filter(Q(owner=None) | Q(owner=actor.person_id))
    rows = rows.select_related("incident", "owner").filter(incident__is_deleted=False)
    found: Sequence[Obligation] = rows.order_by("due_at", "id")[: MOST + 1]
    return found


def _duty(row: Obligation, now: datetime) -> Item:
    state, told = _until(row.due_at, now) if row.due_at else ("soon", "at once")
    whose = f"{row.owner.name} has it" if row.owner else "nobody owns it"
    return Item(
        icon="gavel",
        doing="Review and send",
        title=f"{row}, {row.limit_words}",
        second=f"{row.incident.incident_number}, {row.article}, {whose}",
        url=reverse("admin:grc_incident_change", args=[row.incident.shown_id]),
        at=row.due_at or row.created_at,
        state="soon" if state == "running" and row.state(now) == "at_risk" else state,
        severity=row.incident.severity,
        told=told,
    )


def _until(due: datetime, now: datetime) -> tuple[str, str]:
    """The state of what is due at a moment, and how long there is in words."""
    minutes = int(abs((due - now).total_seconds()) // 60)
    if due <= now:
        return "late", f"{span(minutes)} late"
    return ("soon" if due - now <= open_work.SOON else "running"), span(minutes)


def _whose(person: Person | None, actor: Actor) -> str:
    if person is None:
        return "nobody has it"
    return "you have it" if person.pk == actor.person_id else f"{person.name} has it"
