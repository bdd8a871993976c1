"""A clock in words: what it counted, from when, what stopped it, and what came of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from soc.sla.readings import Pause


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the sentence is made of."""

    minutes: int
    zone: str
    always: bool
    state: str
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    pauses: Sequence[Pause]
    without_notice: bool = False
    watched_from: datetime | None = None


def sentence(told: Told) -> str:
    """`60 working minutes from Fri 27 Mar 2026 16:30 (Europe/Berlin): due Mon 30 Mar 2026
    09:30.`
    """
    kind = "minutes" if told.always else "working minutes"
    begin = f"{told.minutes} {kind} from {_moment(told.started_at, told.zone)} ({told.zone})"
    paused = [_paused(each, told.zone) for each in told.pauses]
    return ", ".join([begin, *paused]) + ": " + _outcome(told)


def _outcome(told: Told) -> str:
    if told.due_at is None:
        return "due once it goes on." if told.state == "paused" else f"{told.state}."
    due = f"due {_moment(told.due_at, told.zone)}"
    if told.stopped_at is not None:
        return f"{due}, {told.state} {_moment(told.stopped_at, told.zone)}.{_silence(told)}"
    return f"{due}{', and past it' if told.state == 'breached' else ''}.{_silence(told)}"


def _silence(told: Told) -> str:
    if not told.without_notice or told.watched_from is None:
        return ""
    since = _moment(told.watched_from, told.zone)
    return f" Late without notice: it was due before this was watched, from {since} on."


def _paused(pause: Pause, zone: str) -> str:
    if pause.end is None:
        return f"paused since {_moment(pause.begin, zone)} for '{pause.reason}'"
    return f"paused {span(pause.begin, pause.end)} for '{pause.reason}'"


def span(begin: datetime, end: datetime) -> str:
    """`2 h`, `1 h 04`, `3 d 2 h`: the time on the wall between two moments."""
    minutes = int((end - begin).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    return f"{rest} m" if rest else "under 1 m"


def _moment(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"
