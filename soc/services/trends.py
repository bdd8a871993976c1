"""What the desk's charts show, counted in one statement over the alerts of some days.

Days are those of UTC. All of it is plain JSON, so that a job can keep it.
"""

from datetime import datetime, timedelta
from typing import Any, TypedDict

import orjson
from django.db import connection
from django.utils import timezone

from core import tenancy

LEAST_CLOSED = 3  # a rate of fewer is chance
WORST = 10
PERIODS = (7, 14, 30, 90)  # days that pages ask for

_STATEMENT = """
WITH seen AS MATERIALIZED (
  SELECT (created_at AT TIME ZONE 'UTC')::date AS day, severity, rule_id, status,
    starts_with(close_classification, 'False Positive') AS is_false,
    extract(epoch FROM acknowledged_at - created_at) / 60 AS acknowledged,
    extract(epoch FROM coalesce(resolved_at, closed_at) - created_at) / 60 AS resolved
  FROM soc_alert
  WHERE tenant_id = %(tenant)s AND NOT is_deleted AND created_at >= %(after)s
),
rated AS (
  SELECT rule_id, count(*) AS volume, count(*) FILTER (WHERE status = 'closed') AS closed,
    count(*) FILTER (WHERE status = 'closed' AND is_false) AS mistaken
  FROM seen WHERE rule_id IS NOT NULL GROUP BY 1
)
SELECT json_build_object(
  'volume', (SELECT json_agg(json_build_array(day, severity, count)) FROM (
    SELECT day, severity, count(*) FROM seen GROUP BY 1, 2) AS v),
  'times', (SELECT json_agg(json_build_array(day, a, r) ORDER BY day) FROM (
    SELECT day,
      percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY acknowledged) AS a,
      percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY resolved) AS r
    FROM seen GROUP BY 1) AS t),
  'whole', (SELECT json_build_array(
      percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY acknowledged),
      percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY resolved))
    FROM seen),
  'rules', (SELECT json_agg(json_build_array(r.id, r.name, volume, closed, mistaken)
      ORDER BY mistaken::float / closed DESC, closed DESC, r.id) FROM (
    SELECT * FROM rated WHERE closed >= %(least)s AND mistaken > 0
    ORDER BY mistaken::float / closed DESC, closed DESC, rule_id LIMIT %(worst)s) AS w
    JOIN soc_detectionrule r ON r.tenant_id = %(tenant)s AND r.id = w.rule_id),
  'clocks', (SELECT json_agg(json_build_array(day, met, late) ORDER BY day) FROM (
    SELECT (due_at AT TIME ZONE 'UTC')::date AS day, count(*) FILTER (WHERE state = 'met') AS met,
      count(*) FILTER (WHERE state <> 'met') AS late
    FROM soc_slaclock WHERE tenant_id = %(tenant)s AND alert_id IS NOT NULL
      AND state IN ('met', 'breached')
      AND due_at >= %(after)s AND due_at <= %(now)s
    GROUP BY 1) AS c)
)
"""


class Trends(TypedDict):
    """`volume` by day and severity; `times` by day the median and the 90th percentile of minutes
    to acknowledge and to resolve, `whole` of all days together; `rules` the worst by false
    positives: id, name, alerts, closed, false; `clocks` of alerts by the day on which they were
    due: met, late.
    """

    days: list[str]
    volume: dict[str, dict[str, int]]
    times: dict[str, tuple[Any, Any]]
    whole: tuple[Any, Any]
    rules: list[tuple[str, str, int, int, int]]
    clocks: dict[str, tuple[int, int]]


def first_of(days: int, now: datetime) -> datetime:
    """Where the last `days` days begin, today among them."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)


def count(days: int) -> Trends:
    """The last `days` days, today among them."""
    now = timezone.now()
    first = first_of(days, now)
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "after": first,
        "now": now,
        "least": LEAST_CLOSED,
        "worst": WORST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        given = cursor.fetchone()[0]
    found = orjson.loads(given) if isinstance(given, str) else given
    volume: dict[str, dict[str, int]] = {}
    for day, severity, number in found["volume"] or ():
        volume.setdefault(day, {})[severity] = number
    return {
        "days": [f"{first + timedelta(days=each):%Y-%m-%d}" for each in range(days)],
        "volume": volume,
        "times": {day: (a, r) for day, a, r in found["times"] or ()},
        "whole": found["whole"],
        "rules": found["rules"] or [],
        "clocks": {day: (met, late) for day, met, late in found["clocks"] or ()},
    }
