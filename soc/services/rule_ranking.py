"""Rules that fired lately in the order of their numbers, which a job counts where they are many."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from core import tenancy
from soc.querysets import OPEN_ALERTS
from soc.services import counted, open_work
from soc.services.windows import DAYS

# Columns of a ranking, after the rule's id. Times are in seconds, `last_fired` since 1970.
COLUMNS = (
    "volume",
    "open",
    "closed",
    "false_positives",
    "false_positive_rate",
    "to_acknowledge",
    "to_close",
    "last_fired",
)
_STATEMENT = """
WITH seen AS (
  SELECT rule_id, status = ANY(%(open)s) AS is_open, status = 'closed' AS is_closed,
    status = 'closed' AND starts_with(close_classification, 'False Positive') AS is_false,
    extract(epoch FROM acknowledged_at - created_at) AS acknowledged,
    extract(epoch FROM closed_at - created_at) AS closed, last_seen_at
  FROM soc_alert
  WHERE tenant_id = %(tenant)s AND NOT is_deleted AND created_at >= %(after)s
    AND rule_id IS NOT NULL
)
SELECT rule_id, count(*), count(*) FILTER (WHERE is_open), count(*) FILTER (WHERE is_closed),
  count(*) FILTER (WHERE is_false),
  count(*) FILTER (WHERE is_false)::float / nullif(count(*) FILTER (WHERE is_closed), 0),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY acknowledged)::float,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY closed)::float,
  extract(epoch FROM max(last_seen_at))::float
FROM seen GROUP BY rule_id ORDER BY rule_id
"""
Ranking = list[list[Any]]


def is_quick() -> bool:
    """Whether the alerts are few enough to be counted while somebody waits."""
    return open_work.are_few(timezone.now() - timedelta(days=DAYS))


def found() -> counted.Counted:
    """A line for each rule that fired: its id and COLUMNS, None where nothing says it. As it is now
    where that is quick, else as a job counted it last.
    """
    return counted.Counted(count(DAYS)) if is_quick() else counted.read(counted.RULES)


def count(days: int) -> Ranking:
    """One walk over the alerts of so many days, as plain JSON."""
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "after": timezone.now() - timedelta(days=days),
        "open": list(OPEN_ALERTS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        return [[str(pk), *numbers] for pk, *numbers in cursor.fetchall()]


def order(ranking: Ranking, column: str, *, rising: bool = False) -> Ranking:
    """Lines by one of COLUMNS, the largest first; those without that number come last."""
    place = COLUMNS.index(column) + 1
    told = [line for line in ranking if line[place] is not None]
    silent = [line for line in ranking if line[place] is None]
    told.sort(key=lambda line: line[place], reverse=not rising)
    return [*told, *silent]
