"""How good a rule is, in numbers from its alerts: two statements for any number of rules."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, TypedDict
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, OuterRef, When

from core import tenancy
from soc.models import Alert
from soc.querysets import OPEN_ALERTS
from soc.services.windows import Window, window

SAMPLE = 500  # alerts of a rule by which the page of an alert judges it
RECENT = 50  # alerts of a rule by which a list judges it
FALSE = "False Positive"
_SEEN = """
FROM soc_alert a
WHERE a.tenant_id = %(tenant)s AND NOT a.is_deleted AND a.rule_id = ANY(%(rules)s)
  AND a.created_at >= %(after)s AND (%(before)s::timestamptz IS NULL OR a.created_at < %(before)s)
  AND (%(app)s::uuid IS NULL OR a.app_id = %(app)s)
"""
_NUMBERS = f"""
SELECT a.rule_id, count(*), count(*) FILTER (WHERE a.status = ANY(%(open)s)),
  count(*) FILTER (WHERE a.status = 'closed'),
  count(*) FILTER (WHERE a.status = 'closed'
    AND starts_with(a.close_classification, 'False Positive')),
  percentile_cont(0.5) WITHIN GROUP (
    ORDER BY extract(epoch FROM a.acknowledged_at - a.created_at) / 60),
  percentile_cont(0.5) WITHIN GROUP (
    ORDER BY extract(epoch FROM a.closed_at - a.created_at) / 60),
  max(a.last_seen_at)
{_SEEN} GROUP BY a.rule_id
"""  # noqa: S608 - ours
_VERDICTS = f"""
SELECT a.rule_id, a.verdict, a.cause, count(*)
{_SEEN} AND a.status = 'closed'
GROUP BY a.rule_id, a.verdict, a.cause ORDER BY count(*) DESC, a.verdict, a.cause
"""
# What arrived late may be older than what came before it.
_FIRED = """
SELECT given.id, least(oldest.happened_at, newest.happened_at),
  greatest(oldest.last_seen_at, newest.last_seen_at)
FROM unnest(%(rules)s::uuid[]) AS given (id)
CROSS JOIN LATERAL (
  SELECT coalesce(a.occurred_at, a.created_at) AS happened_at, a.last_seen_at FROM soc_alert a
  WHERE a.tenant_id = %(tenant)s AND a.rule_id = given.id AND NOT a.is_deleted
    AND (%(app)s::uuid IS NULL OR a.app_id = %(app)s)
  ORDER BY a.id LIMIT 1
) AS oldest
CROSS JOIN LATERAL (
  SELECT coalesce(a.occurred_at, a.created_at) AS happened_at, a.last_seen_at FROM soc_alert a
  WHERE a.tenant_id = %(tenant)s AND a.rule_id = given.id AND NOT a.is_deleted
    AND (%(app)s::uuid IS NULL OR a.app_id = %(app)s)
  ORDER BY a.id DESC LIMIT 1
) AS newest
"""


class VerdictCount(TypedDict):
    verdict: str
    cause: str | None
    count: int


@dataclass(slots=True)
class Quality:
    """The numbers of one rule. `closed_count` is what has a classification; the rate of false
    positives is their share of it, and None while nothing is closed. Medians are in minutes from
    the alert's arrival.
    """

    volume: int = 0
    open_count: int = 0
    closed_count: int = 0
    false_positive_count: int = 0
    median_minutes_to_acknowledge: float | None = None
    median_minutes_to_close: float | None = None
    last_fired_at: datetime | None = None
    verdicts: list[VerdictCount] = field(default_factory=list)

    @property
    def false_positive_rate(self) -> float | None:
        return self.false_positive_count / self.closed_count if self.closed_count else None

    @property
    def told(self) -> str:
        """`4 % of 112 closed alerts were false positives.`"""
        if self.false_positive_rate is None:
            return "None of its alerts was closed yet." if self.volume else "It has not fired."
        noun = "alert was a" if self.closed_count == 1 else "alerts were"
        plural = "" if self.closed_count == 1 else "s"
        share = f"{self.false_positive_rate:.0%}".replace("%", " %")
        return f"{share} of {self.closed_count} closed {noun} false positive{plural}."


def of_rules(
    rules: Iterable[UUID], *, during: Window | None = None, app_id: UUID | None = None
) -> dict[UUID, Quality]:
    """The quality of each rule over the window; `app_id` counts one application's alerts only."""
    pks = list(rules)
    span = during or window()
    values = _values(pks, app_id) | {
        "open": list(OPEN_ALERTS),
        "after": span.after,
        "before": span.before,
    }
    verdicts: dict[UUID, list[VerdictCount]] = defaultdict(list)
    found = {pk: Quality() for pk in pks}
    with connection.cursor() as cursor:
        cursor.execute(_VERDICTS, values)
        for pk, verdict, cause, count in cursor.fetchall():
            verdicts[pk].append({"verdict": verdict, "cause": cause, "count": count})
        cursor.execute(_NUMBERS, values)
        for pk, *numbers in cursor.fetchall():
            found[pk] = _quality(numbers, verdicts[pk])
    return found


def lately() -> ArraySubquery:
    """For each alert of a list, how the newest alerts of its rule were closed, RECENT of them, None
    for those that are not: an index answers it, in the statement that reads the list.
    """
    same = Alert.objects.filter(rule=OuterRef("rule")).order_by("-id")
    closed_as = Case(When(status="closed", then="close_classification"), default=None)
    return ArraySubquery(same.values_list(closed_as)[:RECENT])


def rate_of(closed_as: Iterable[str | None]) -> float | None:
    """The share of false positives among what was closed; None while nothing was."""
    closed = [word for word in closed_as if word]
    return sum(word.startswith(FALSE) for word in closed) / len(closed) if closed else None


def of_late(rule: UUID) -> Quality:
    """The quality of a rule by its newest alerts, so many that an index answers it: for a page that
    cannot wait for all of them.
    """
    newest = Alert.objects.filter(rule=rule).order_by("-id")
    named = ("status", "close_classification", "created_at", "closed_at", "acknowledged_at")
    rows = list(newest.values(*named)[:SAMPLE])
    closed = [row for row in rows if row["status"] == "closed"]
    false = [row for row in closed if row["close_classification"].startswith(FALSE)]
    return Quality(
        volume=len(rows),
        open_count=sum(row["status"] in OPEN_ALERTS for row in rows),
        closed_count=len(closed),
        false_positive_count=len(false),
        median_minutes_to_acknowledge=_median(rows, "acknowledged_at"),
        median_minutes_to_close=_median(closed, "closed_at"),
    )


def with_fired(rules: list[Any], *, app_id: UUID | None = None) -> list[Any]:
    """Rules with when they first fired and when last: read from their oldest and newest alert, the
    ends of an index, in one statement for any number.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIRED, _values([rule.pk for rule in rules], app_id))
        fired = {pk: (first, last) for pk, first, last in cursor.fetchall()}
    for rule in rules:
        rule.first_fired_at, rule.last_fired_at = fired.get(rule.pk, (None, None))
    return rules


def with_quality(
    rules: list[Any], *, during: Window | None = None, app_id: UUID | None = None
) -> list[Any]:
    """Rules with their `quality`."""
    found = of_rules([rule.pk for rule in rules], during=during, app_id=app_id)
    for rule in rules:
        rule.quality = found[rule.pk]
    return rules


def _median(rows: list[dict[str, Any]], name: str) -> float | None:
    spans = [row[name] - row["created_at"] for row in rows if row[name]]
    return median(span.total_seconds() for span in spans) / 60 if spans else None


def _values(pks: list[UUID], app_id: UUID | None) -> dict[str, Any]:
    return {"tenant": tenancy.required(), "rules": pks, "app": app_id}


def _quality(numbers: list[Any], verdicts: list[VerdictCount]) -> Quality:
    volume, waiting, closed, false, acknowledge, close, fired = numbers
    return Quality(volume, waiting, closed, false, acknowledge, close, fired, verdicts)
