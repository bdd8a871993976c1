"""How many alerts there are, by what the queue can be filtered by: counted up to a bound, by an
index, in one statement. A count that costs a scan is not made.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core import hot, tenancy
from soc.workflows import ALERT

MOST = 1000  # of one status
# The words stand in the statement, so that the planner knows how rare each is; read newest first,
# so that it cannot take a scan for cheap.
_ONE = """
(SELECT a.status, a.severity, a.category, a.source_name, a.assignee_id, a.due_at
 FROM soc_alert a
 WHERE a.tenant_id = %(tenant)s AND a.status = '{status}' AND NOT a.is_deleted
 ORDER BY a.id DESC LIMIT {most})
"""
_EACH = " UNION ALL ".join(_ONE.format(status=word, most=MOST + 1) for word in ALERT.statuses)
_HELD = f"""
SELECT held.status, held.severity, held.category, held.source_name,
  CASE WHEN held.assignee_id IS NULL THEN 'none' WHEN held.assignee_id = %(me)s THEN 'me'
    ELSE 'others' END AS assignee_id,
  CASE WHEN held.due_at IS NULL THEN 'none' WHEN held.due_at <= now() THEN 'overdue'
    WHEN held.due_at <= now() + interval '1 hour' THEN 'soon' ELSE 'later' END AS clock,
  count(*) AS many
FROM ({_EACH}) AS held GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - ours


@dataclass
class Counts:
    """Numbers by filter and word; `at_least` where a status holds more than is counted."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    by: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    statuses_over: set[str] = field(default_factory=set)
    at_least: bool = False

    def told(self, name: str, word: str) -> str:
        """`38`, `1 000+` where it may be more, and nothing where none was among those counted."""
        number = self.by[name][word]
        if name == "status":
            over, number = word in self.statuses_over, min(number, MOST)
        else:
            over = self.at_least
        return _told(number, over=over)

    def matching(self, query: Mapping[str, Sequence[str]]) -> str:
        """How many there are with these words of each filter, told as above."""
        number = sum(
            row["many"]
            for row in self.rows
            if all(row[name] in words for name, words in query.items())
        )
        over = any(word in self.statuses_over for word in query.get("status", ALERT.statuses))
        return _told(number, over=over)


def _told(number: int, *, over: bool) -> str:
    if over and not number:
        return ""
    return f"{number:,}".replace(",", "\u202f") + ("+" if over else "")


def of(statuses: Collection[str], *, me: UUID) -> Counts:
    """Of every status how many there are, and of the chosen statuses how many by severity,
    category, tool, assignee and clock.
    """
    found = Counts(hot.rows(_HELD, {"tenant": tenancy.required(), "me": me}))
    for row in found.rows:
        found.by["status"][row["status"]] += row["many"]
        if statuses and row["status"] not in statuses:
            continue
        for name in ("severity", "category", "source_name", "assignee_id", "clock"):
            found.by[name][row[name] or ""] += row["many"]
    found.statuses_over = {word for word, many in found.by["status"].items() if many > MOST}
    found.at_least = any(word in found.statuses_over for word in statuses or ALERT.statuses)
    return found
