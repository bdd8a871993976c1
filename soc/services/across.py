"""What waits in several tenants at once, to read only: for people who work in more than one.

Each tenant is read by itself, as that tenant, under the same row security as everything else; the
statement names the tenant too, so that its indexes are used. Nothing is written here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from core import hot, tenancy
from core.identity import Place
from core.scopes import ROLES
from soc.querysets import OPEN_ALERTS

MOST_TENANTS = 200  # read for one page
MOST_COUNTED = 1_000
# Due ones first, soonest first, then the newest: each part by an index of its own.
_WAITING = """
SELECT a.id, a.title, a.severity, a.status, a.host_name, a.user_name, a.source_name,
  a.duplicate_count, a.created_at, a.due_at, p.name AS assignee,
  (SELECT json_agg(json_build_array(i.type, i.value)) FROM soc_alertindicator l
    JOIN soc_indicator i ON i.tenant_id = l.tenant_id AND i.id = l.indicator_id
    WHERE l.tenant_id = a.tenant_id AND l.alert_id = a.id)::text AS indicators
FROM (
  (SELECT * FROM soc_alert WHERE tenant_id = %(tenant)s AND due_at IS NOT NULL AND NOT is_deleted
    AND status = ANY(%(open)s) AND (NOT %(late)s OR due_at < now())
    ORDER BY due_at, id DESC LIMIT %(most)s)
  UNION ALL
  (SELECT * FROM soc_alert WHERE tenant_id = %(tenant)s AND due_at IS NULL AND NOT is_deleted
    AND status = ANY(%(open)s) AND NOT %(late)s ORDER BY id DESC LIMIT %(most)s)
) AS a LEFT JOIN core_person p ON p.id = a.assignee_id
LIMIT %(most)s
"""
_COUNT = """
SELECT (SELECT count(*) FROM (SELECT FROM soc_alert WHERE tenant_id = %(tenant)s
    AND NOT is_deleted AND status = ANY(%(open)s) LIMIT %(counted)s) AS each) AS waiting,
  (SELECT min(due_at) FROM soc_alert WHERE tenant_id = %(tenant)s AND due_at IS NOT NULL
    AND NOT is_deleted AND status = ANY(%(open)s)) AS soonest
"""
_KNOWN = """
SELECT i.type, i.value FROM json_to_recordset(%(wanted)s::json) AS given (type text, value text)
JOIN soc_indicator i ON i.tenant_id = %(tenant)s AND i.type = given.type AND i.value = given.value
WHERE NOT i.is_deleted
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

    @property
    def order(self) -> tuple[Any, ...]:
        due = self.alert["due_at"]
        return (due is None, due or -self.alert["created_at"].timestamp(), str(self.alert["id"]))


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


def waiting(places: Iterable[Place], *, most: int, late: bool = False) -> Across:
    """The alerts that wait in these places, at most so many in all. The caller has asked for the
    person's own places in this transaction; those whose role may not read alerts are left out.
    Three short statements a tenant. The tenant that was set is set again at the end.
    """
    mine = [place for place in places if "soc:read" in ROLES[place.role]]
    found = Across(left_out=max(0, len(mine) - MOST_TENANTS))
    mine = mine[:MOST_TENANTS]
    before = tenancy.current()
    tenancy.clear()
    try:
        for place in mine:
            with tenancy.tenant_scope(place.tenant_id):
                found.tenants.append(_summary(place))
                found.rows += _of(place, most, late)
        found.rows.sort(key=lambda row: row.order)
        del found.rows[most:]
        _compare(found.rows, mine)
    finally:
        if before is not None:
            tenancy.activate(before)
    return found


def _of(place: Place, most: int, late: bool) -> list[Waiting]:
    values = {"tenant": place.tenant_id, "open": list(OPEN_ALERTS), "most": most, "late": late}
    return [
        Waiting(place, row, [(type_, value) for type_, value in _loaded(row)])
        for row in hot.rows(_WAITING, values)
    ]


def _summary(place: Place) -> Summary:
    values = {"tenant": place.tenant_id, "open": list(OPEN_ALERTS), "counted": MOST_COUNTED}
    (row,) = hot.rows(_COUNT, values)
    return Summary(place, row["waiting"], row["soonest"])


def _compare(rows: Sequence[Waiting], places: Iterable[Place]) -> None:
    """In how many of the places the indicators of each row are known."""
    wanted = {each for row in rows for each in row.indicators}
    if not wanted:
        return
    text = orjson.dumps([{"type": type_, "value": value} for type_, value in wanted]).decode()
    known: Counter[tuple[str, str]] = Counter()
    for place in places:
        with tenancy.tenant_scope(place.tenant_id):
            for each in hot.rows(_KNOWN, {"tenant": place.tenant_id, "wanted": text}):
                known[each["type"], each["value"]] += 1
    for row in rows:
        row.shared_by = max((known[each] for each in row.indicators), default=1)


def _loaded(row: dict[str, Any]) -> list[list[str]]:
    return orjson.loads(row["indicators"]) if row["indicators"] else []
