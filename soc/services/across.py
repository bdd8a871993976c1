"""What waits in several tenants at once, to read only: for people who work in more than one.

The database functions read each tenant by itself, as that tenant, under the same row security as
everything else; they name the tenant too, so that its indexes are used. Nothing is written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from core import hot
from core.identity import Place
from core.scopes import ROLES

MOST_TENANTS = 500  # read for one page
MOST_COUNTED = 1_000
# Due ones first, soonest first, then the newest.
_WAITING = """
SELECT tenant_id, alert_id FROM soc_waiting_across(%(tenants)s, %(late)s, %(most)s)
ORDER BY due_at, created_at DESC, alert_id LIMIT %(most)s
"""
_ALERTS = "SELECT * FROM soc_alerts_across(%(tenants)s, %(wanted)s)"
_COUNTS = "SELECT * FROM soc_waiting_counted_across(%(tenants)s, %(most)s)"
_KNOWN = """
SELECT type, value, count(*) AS places FROM soc_indicators_across(%(tenants)s, %(wanted)s::json)
GROUP BY type, value
"""


@dataclass(slots=True)
class Waiting:
    """An alert of one of the tenants. `shared_by` is in how many of the person's own tenants one of
    its indicators is known, itself included.
    """

    place: Place
    alert: dict[str, Any]
    indicators: list[tuple[str, str]]
    shared_by: int = 1


@dataclass(slots=True)
class Summary:
    """A tenant in numbers; `waiting` is counted up to MOST_COUNTED."""

    place: Place
    waiting: int
    soonest: datetime | None


@dataclass(slots=True)
class Across:
    """What waits, soonest due first; `left_out` tenants were not read."""

    rows: list[Waiting] = field(default_factory=list)
    tenants: list[Summary] = field(default_factory=list)
    left_out: int = 0


def waiting(places: Iterable[Place], *, most: int, late: bool = False, like: str = "") -> Across:
    """The alerts that wait in these places, at most so many in all; `like` is a part of the names
    of those that are wanted. The caller has asked for the person's own places in this transaction;
    those whose role may not read alerts are left out. Four statements, however many tenants there
    are; the tenant that was set is set again.
    """
    mine = {place.tenant_id: place for place in places if "soc:read" in ROLES[place.role]}
    wanted = {pk: place for pk, place in mine.items() if like.lower() in _names(place)}
    shown = dict(list(wanted.items())[:MOST_TENANTS])
    found = Across(left_out=len(wanted) - len(shown))
    if shown:
        found.tenants = _summaries(shown)
        found.rows = _rows(shown, most, late)
        _compare(found.rows, list(shown | mine)[:MOST_TENANTS])
    return found


def _names(place: Place) -> str:
    return f"{place.name} {place.slug}".lower()


def _summaries(mine: Mapping[UUID, Place]) -> list[Summary]:
    rows = hot.rows(_COUNTS, {"tenants": list(mine), "most": MOST_COUNTED})
    return [Summary(mine[row["tenant_id"]], row["waiting"], row["soonest"]) for row in rows]


def _rows(mine: Mapping[UUID, Place], most: int, late: bool) -> list[Waiting]:
    found = hot.rows(_WAITING, {"tenants": list(mine), "most": most, "late": late})
    wanted = [row["alert_id"] for row in found]
    tenants = list({row["tenant_id"] for row in found})
    alerts = {row["id"]: row for row in hot.rows(_ALERTS, {"tenants": tenants, "wanted": wanted})}
    return [
        Waiting(mine[row["tenant_id"]], row, _indicators(row))
        for row in (alerts[each] for each in wanted if each in alerts)
    ]


def _compare(rows: Sequence[Waiting], tenants: Sequence[UUID]) -> None:
    """In how many of the tenants the indicators of each row are known."""
    wanted = {each for row in rows for each in row.indicators}
    text = orjson.dumps([{"type": type_, "value": value} for type_, value in wanted]).decode()
    known = {
        (each["type"], each["value"]): each["places"]
        for each in hot.rows(_KNOWN, {"tenants": list(tenants), "wanted": text})
    }
    for row in rows:
        row.shared_by = max((known.get(each, 1) for each in row.indicators), default=1)


def _indicators(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = orjson.loads(row["indicators"]) if row["indicators"] else []
    return [(type_, value) for type_, value in pairs]
