"""Rules that fired lately with their numbers, which a job counts where alerts are many."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from core import tenancy
from soc.querysets import OPEN_ALERTS
from soc.services import counted, rule_quality
from soc.services.rule_quality import Quality

# Columns of a ranking, after the rule's id and before its verdicts, each with cause and count.
# Times are in seconds, `last_fired` since 1970.
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
_VERDICTS = """
SELECT rule_id, verdict, cause, count(*) FROM soc_alert
WHERE tenant_id = %(tenant)s AND NOT is_deleted AND created_at >= %(after)s
  AND rule_id IS NOT NULL AND status = 'closed'
GROUP BY rule_id, verdict, cause ORDER BY count(*) DESC, verdict, cause
"""
Ranking = list[list[Any]]


def kept() -> counted.Counted | None:
    """The ranking as a job counted it last, where alerts are many: a line for each rule that fired,
    its id, COLUMNS, None where nothing says it, and its verdicts.
    """
    return counted.where_many(counted.RULES)


def with_quality(rules: list[Any], told: counted.Counted | None) -> list[Any]:
    """Rules with their `quality`: from what was `kept`, else counted for these."""
    if told is None or told.content is None:
        return rule_quality.with_quality(rules)
    lines = {line[0]: line for line in told.content}
    for rule in rules:
        line = lines.get(str(rule.pk))
        rule.quality = _quality(line) if line else Quality()
    return rules


def count(days: int) -> Ranking:
    """Two walks over the alerts of so many days, as plain JSON."""
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "after": timezone.now() - timedelta(days=days),
        "open": list(OPEN_ALERTS),
    }
    verdicts: dict[Any, list[list[Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_VERDICTS, values)
        for pk, *told in cursor.fetchall():
            verdicts[pk].append(told)
        cursor.execute(_STATEMENT, values)
        return [[str(pk), *numbers, verdicts[pk]] for pk, *numbers in cursor.fetchall()]


def order(ranking: Ranking, column: str, *, rising: bool = False) -> Ranking:
    """Lines by one of COLUMNS, the largest first; those without that number come last."""
    place = COLUMNS.index(column) + 1
    told = [line for line in ranking if line[place] is not None]
    silent = [line for line in ranking if line[place] is None]
    told.sort(key=lambda line: line[place], reverse=not rising)
    return [*told, *silent]


def fired_at(line: list[Any]) -> datetime | None:
    """When the rule of a line last fired."""
    seconds = line[COLUMNS.index("last_fired") + 1]
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _quality(line: list[Any]) -> Quality:
    _, volume, waiting, closed, false, _, acknowledge, close, _, verdicts = line
    return Quality(
        volume=volume,
        open_count=waiting,
        closed_count=closed,
        false_positive_count=false,
        median_minutes_to_acknowledge=_minutes(acknowledge),
        median_minutes_to_close=_minutes(close),
        last_fired_at=fired_at(line),
        verdicts=[
            {"verdict": verdict, "cause": cause, "count": many} for verdict, cause, many in verdicts
        ],
    )


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60
