"""One axis for an incident: what is known to have happened, now, and when each duty is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

WIDTH, EDGE, LEVEL, FIRST = 1200, 70, 30, 62
LEVELS = 3  # labels stand on, so that neighbours do not cover one another
LABEL = 190  # pixels that one label takes


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the axis. `tone` is `fact`, `due` or `late`. Its label stands at `y`: above the
    axis for what happened, below it for what is due.
    """

    label: str
    at: datetime
    tone: str
    x: int = 0
    y: int = 0


def axis(facts: Iterable[tuple[str, datetime | None]], duties: Iterable[Any], now: datetime) -> Any:
    """The marks with their places; nothing where no duty has a clock."""
    due = [
        Mark(str(each["row"]), each["row"].due_at, "late" if each["row"].due_at < now else "due")
        for each in duties
        if each["row"].due_at
    ]
    if not due:
        return None
    happened = [Mark(label, at, "fact") for label, at in facts if at]
    moments = [mark.at for mark in (*happened, *due)] + [now]
    first, last = min(moments), max(moments)
    return {
        "width": WIDTH,
        "height": FIRST + 2 * LEVELS * LEVEL,
        "middle": LEVELS * LEVEL + 24,
        "above": list(_placed(happened, first, last, up=True)),
        "below": list(_placed(due, first, last, up=False)),
        "now": _x(now, first, last),
    }


def _placed(marks: list[Mark], first: datetime, last: datetime, *, up: bool) -> Iterable[Mark]:
    """Each label on the first level whose last label ends before it begins."""
    ends = [-LABEL] * LEVELS
    middle = LEVELS * LEVEL + 24
    for mark in sorted(marks, key=lambda each: each.at):
        x = _x(mark.at, first, last)
        level = next((n for n in range(LEVELS) if ends[n] <= x - LABEL // 2), LEVELS - 1)
        ends[level] = x + LABEL // 2
        shift = 18 + level * LEVEL
        yield Mark(mark.label, mark.at, mark.tone, x, middle - shift if up else middle + shift + 10)


def _x(at: datetime, first: datetime, last: datetime) -> int:
    span = (last - first) or timedelta(seconds=1)
    return EDGE + int((WIDTH - 2 * EDGE) * ((at - first) / span))
