"""What a clock reads: derived from when its subject began, what happened to it, and a target.

Nothing here is remembered from one reading to the next, so reading twice says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from soc.sla.calendars import Calendar

KINDS = ("acknowledge", "triage", "contain", "resolve")
STATES = ("running", "paused", "met", "breached", "cancelled")
# The columns whose earliest time stops each clock: what came later has answered the question too.
STOPS: dict[str, dict[str, tuple[str, ...]]] = {
    "alert": {
        "acknowledge": ("acknowledged_at", "resolved_at", "closed_at"),
        "triage": ("triaged_at", "escalated_at", "resolved_at", "closed_at"),
        "resolve": ("resolved_at", "closed_at"),
    },
    "investigation": {
        "acknowledge": ("started_at", "resolved_at", "closed_at"),
        "contain": ("contained_at", "resolved_at", "closed_at"),
        "resolve": ("resolved_at", "closed_at"),
    },
}
ENDED = ("resolved", "closed", "suppressed")


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count; still going on while it has no end."""

    begin: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """A status that the subject had from `at` on."""

    at: datetime
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """So many working minutes of a calendar, and the share of them after which it is at risk."""

    minutes: int
    at_risk_share: float
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Reading:
    """`due_at` is None while it is paused in time: nobody knows how long the pause will be."""

    state: str
    due_at: datetime | None
    at_risk_at: datetime | None
    stopped_at: datetime | None
    pauses: tuple[Pause, ...]


def pauses_of(
    steps: Sequence[Step], statuses: Sequence[str], reasons: Sequence[str] = ()
) -> tuple[Pause, ...]:
    """The pauses in a sequence of statuses: those that the definition names, with one of its
    reasons where it has any, and the times at which the subject had ended and was reopened.
    """
    wanted = {reason.casefold() for reason in reasons}
    found: list[Pause] = []
    for step, after in zip_longest(steps, steps[1:]):
        waits = step.status in statuses and (not wanted or step.reason.casefold() in wanted)
        if waits or step.status in ENDED:
            reason = step.reason or step.status.replace("_", " ")
            found.append(Pause(step.at, after.at if after else None, reason))
    return tuple(found)


def read(
    target: Target,
    *,
    started_at: datetime,
    stopped_at: datetime | None,
    cancelled: bool,
    pauses: Sequence[Pause],
    now: datetime,
) -> Reading:
    """The state of a clock at `now`."""
    known = tuple(each for each in pauses if stopped_at is None or each.begin < stopped_at)
    closed = [(each.begin, each.end) for each in known if each.end]
    going_on = next((each for each in known if each.end is None), None)
    if stopped_at is not None or cancelled:
        known = tuple(each for each in known if each.end)
    calendar, share = target.calendar, target.minutes * target.at_risk_share
    due = calendar.add(started_at, target.minutes, closed)
    at_risk = calendar.add(started_at, share, closed)
    if stopped_at is not None:
        state = "met" if stopped_at <= due else "breached"
        return Reading(state, due, at_risk, stopped_at, known)
    if cancelled:
        return Reading("cancelled", None, None, None, known)
    if going_on is not None and due > going_on.begin:
        return Reading("paused", None, None, None, known)
    return Reading("breached" if due <= now else "running", due, at_risk, None, known)
