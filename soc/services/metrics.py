"""The numbers of a SOC, counted in the database from the rows themselves.

All are over the alerts that arrived within a window, but `backlog`, which is how many of all alerts
waited at its end. Times are minutes:

- mttd, to detect: from the event to its arrival here
- mtta, to acknowledge; mttt, to triage; mttr, to resolve or close: from the arrival
- mttc, to contain: from the arrival until the investigation that held the alert was contained

A rate is of the alerts closed with a classification, and none where none was closed: `False
Positive…` for the false ones, `True Positive…` for the true ones (seed page PATCH /v1/alerts).
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core import tenancy
from core.errors import BadInput

WINDOW = timedelta(days=30)
LONGEST = timedelta(days=400)
MOST_GROUPS = 500
CLOCKS = ("mttd", "mtta", "mttt", "mttr", "mttc")
# What alerts may be grouped by, and the expression that says it.
GROUPS = {
    "none": "NULL::text",
    "severity": "a.severity",
    "source_name": "a.source_name",
    "rule": "CASE WHEN a.rule_key IS NULL THEN 'none' ELSE a.source_name || ': ' || a.rule_key END",
    "category": "coalesce(a.category, 'none')",
    "day": "to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}
_MINUTES = "extract(epoch FROM ({later} - {earlier})) / 60"
_SPANS = {
    "mttd": ("a.created_at", "a.occurred_at"),
    "mtta": ("a.acknowledged_at", "a.created_at"),
    "mttt": ("a.triaged_at", "a.created_at"),
    "mttr": ("coalesce(a.resolved_at, a.closed_at)", "a.created_at"),
    "mttc": ("c.contained_at", "a.created_at"),
}
# An alert waits until it is resolved, closed or suppressed; reopening clears these.
_ENDED = "least(a.resolved_at, a.closed_at, a.suppressed_at)"
# What waits now is counted from the index `alert_waiting`, whose condition is repeated; what ended
# after the window is looked for only where its end lies in the past.
_BEFORE = """FROM soc_alert a
  WHERE a.tenant_id = %(tenant)s AND NOT a.is_deleted AND a.created_at < %(before)s
    AND (%(app)s::uuid IS NULL OR a.app_id = %(app)s)"""
_CONTAINED = """
SELECT l.alert_id, min(i.contained_at) AS contained_at
FROM soc_investigationalert l
JOIN soc_investigation i ON i.tenant_id = l.tenant_id AND i.id = l.investigation_id
WHERE l.tenant_id = %(tenant)s AND NOT i.is_deleted AND l.created_at <= i.contained_at
  AND (l.left_at IS NULL OR l.left_at >= i.contained_at)
GROUP BY l.alert_id
"""


@dataclass(frozen=True, slots=True)
class Span:
    """How long something took, in minutes, over `count` alerts for which it is known."""

    count: int
    mean: float | None
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one group; `group` is None for all alerts together."""

    group: str | None
    volume: int
    repeats: int
    closed: int
    true_positive_rate: float | None
    false_positive_rate: float | None
    mttd: Span
    mtta: Span
    mttt: Span
    mttr: Span
    mttc: Span
    backlog: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Alerts that arrived from `after` on and before `before`."""

    after: datetime
    before: datetime


def window(after: datetime | None, before: datetime | None) -> Window:
    """The window asked for; the last 30 days without one. BadInput where it ends before it
    begins, or is longer than 400 days.
    """
    end = before or timezone.now()
    try:
        start = after or end - WINDOW
    except OverflowError as error:
        raise BadInput("This moment is out of range.", field="created_before") from error
    if start >= end:
        raise BadInput("The window ends before it begins.", field="created_after")
    if end - start > LONGEST:
        raise BadInput(f"Ask for at most {LONGEST.days} days at once.", field="created_after")
    return Window(start, end)


def measure(asked: Window, *, group_by: str = "none", app_id: UUID | None = None) -> list[Numbers]:
    """The numbers of each group, the largest first; days in their order. Two statements."""
    if group_by not in GROUPS:
        raise BadInput(f"Use one of: {', '.join(GROUPS)}.", field="group_by")
    values = {
        "tenant": tenancy.required(),
        "after": asked.after,
        "before": asked.before,
        "app": app_id,
    }
    waiting = _waiting(values, group_by)
    measured = [_read(row, waiting) for row in _rows(_counted(group_by), values)]
    known = {numbers.group for numbers in measured}
    quiet = [_read(_empty(group), waiting) for group in waiting if group not in known]
    found = measured + (quiet if group_by != "day" else [])
    if group_by == "day":
        return sorted(found, key=lambda numbers: numbers.group or "")
    found.sort(key=lambda numbers: (-numbers.volume, -numbers.backlog, numbers.group or ""))
    return found[:MOST_GROUPS]


def table(numbers: list[Numbers]) -> tuple[list[str], list[list[Any]]]:
    """The same as a head and rows, a column for each number."""
    plain = ("group", "volume", "repeats", "backlog", "closed")
    rates = ("true_positive_rate", "false_positive_rate")
    parts = [f"{clock}_{part}" for clock in CLOCKS for part in ("count", "mean", "median", "p90")]
    rows = []
    for each in numbers:
        told = asdict(each)
        spans = [value for clock in CLOCKS for value in told[clock].values()]
        rows.append([told[name] for name in (*plain, *rates)] + spans)
    return [*plain, *rates, *parts], rows


def _counted(group_by: str) -> str:
    """One pass over the window's alerts. The names put in are the module's own."""
    spans = ", ".join(_span(clock) for clock in CLOCKS)
    return f"""
        SELECT {GROUPS[group_by]} AS grouped, count(*), coalesce(sum(a.duplicate_count), 0),
          count(*) FILTER (WHERE a.status = 'closed'),
          count(*) FILTER (WHERE a.status = 'closed'
            AND starts_with(a.close_classification, 'True Positive')),
          count(*) FILTER (WHERE a.status = 'closed'
            AND starts_with(a.close_classification, 'False Positive')),
          {spans}
        FROM soc_alert a LEFT JOIN ({_CONTAINED}) c ON c.alert_id = a.id
        WHERE a.tenant_id = %(tenant)s AND NOT a.is_deleted
          AND a.created_at >= %(after)s AND a.created_at < %(before)s
          AND (%(app)s::uuid IS NULL OR a.app_id = %(app)s)
        GROUP BY 1
    """  # noqa: S608


def _span(clock: str) -> str:
    later, earlier = _SPANS[clock]
    minutes = f"greatest({_MINUTES.format(later=later, earlier=earlier)}, 0)"
    known = f"{later} IS NOT NULL AND {earlier} IS NOT NULL"
    parts = "percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY"
    return (
        f"count(*) FILTER (WHERE {known}), avg({minutes}) FILTER (WHERE {known}), "
        f"{parts} ({minutes})::float8) FILTER (WHERE {known})"
    )


def _waiting(values: dict[str, Any], group_by: str) -> dict[str | None, int]:
    """How many alerts waited at the window's end, by group; by day it is asked of no one day."""
    if group_by == "day":
        return {}
    statement = f"""
        SELECT grouped, count(*) FROM (
          SELECT {GROUPS[group_by]} AS grouped {_BEFORE} AND a.resolved_at IS NULL
            AND a.closed_at IS NULL AND a.suppressed_at IS NULL
          UNION ALL
          SELECT {GROUPS[group_by]} {_BEFORE} AND %(before)s < now() AND {_ENDED} >= %(before)s
        ) AS waited GROUP BY 1
    """  # noqa: S608
    return {row[0]: row[1] for row in _rows(statement, values)}


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _read(row: tuple[Any, ...], waiting: dict[str | None, int]) -> Numbers:
    group, volume, repeats, closed, true, false, *spans = row
    return Numbers(
        group=group,
        volume=volume,
        repeats=int(repeats),
        closed=closed,
        true_positive_rate=_share(true, closed),
        false_positive_rate=_share(false, closed),
        **{
            clock: _read_span(*spans[place * 3 : place * 3 + 3])
            for place, clock in enumerate(CLOCKS)
        },
        backlog=waiting.get(group, 0),
    )


def _read_span(count: int, mean: Any, parts: Any) -> Span:
    median, p90 = parts or (None, None)
    return Span(count, _rounded(mean), _rounded(median), _rounded(p90))


def _empty(group: str | None) -> tuple[Any, ...]:
    return (group, 0, 0, 0, 0, 0, *((0, None, None) * len(CLOCKS)))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 2)
