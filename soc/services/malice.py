"""The malice of alerts, which follows that of their indicators."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

from core import tenancy
from soc.models import AlertIndicator
from soc.vocabulary import MALICE

AT_ONCE = 500  # alerts of one transaction
PER_JOB = 100  # indicators whose alerts one job walks

_LOCK = """
SELECT a.id FROM soc_alert a
WHERE a.tenant_id = %(tenant)s AND a.malice_override IS NULL AND a.id = ANY(%(alerts)s)
ORDER BY a.id FOR NO KEY UPDATE OF a
"""
_NEXT = """
SELECT DISTINCT l.alert_id FROM unnest(%(indicators)s::uuid[]) AS given (id)
CROSS JOIN LATERAL (
  SELECT alert_id FROM soc_alertindicator
  WHERE tenant_id = %(tenant)s AND indicator_id = given.id
    AND (%(after)s::uuid IS NULL OR alert_id > %(after)s::uuid)
  ORDER BY alert_id LIMIT %(most)s
) AS l
ORDER BY l.alert_id LIMIT %(most)s
"""
_FOLLOW = """
UPDATE soc_alert a SET malice = due.malice
FROM (
  SELECT given.id, coalesce((%(words)s::text[])[max(array_position(%(words)s::text[], i.malice))],
    'pending') AS malice
  FROM unnest(%(alerts)s::uuid[]) AS given (id)
  LEFT JOIN soc_alertindicator l ON l.tenant_id = %(tenant)s AND l.alert_id = given.id
  LEFT JOIN soc_indicator i ON i.tenant_id = %(tenant)s AND i.id = l.indicator_id
  GROUP BY given.id
) AS due
WHERE a.tenant_id = %(tenant)s AND a.id = due.id AND a.malice <> due.malice
"""


def follow_later(indicator_ids: Sequence[UUID]) -> None:
    """Let all alerts that saw these follow, by jobs that are deferred in the transaction that
    changes the indicators: a crash after it loses nothing, and what is linked meanwhile counts.
    """
    for begin in range(0, len(indicator_ids), PER_JOB):
        chunk = indicator_ids[begin : begin + PER_JOB]
        app.configure_task("soc.follow_malice").defer(
            tenant_id=str(tenancy.required()), indicator_ids=[str(pk) for pk in chunk]
        )


def follow_all(indicator_ids: Sequence[UUID]) -> None:
    """Walk the alerts that saw these, each few hundred in a transaction of their own. It may run
    twice, and beside itself.
    """
    after: UUID | None = None
    while True:
        with transaction.atomic():
            chunk = _next(indicator_ids, after)
            follow(lock(chunk))
        if len(chunk) < AT_ONCE:
            return
        after = chunk[-1]


def lock_few(indicator_id: UUID) -> list[UUID]:
    """Lock the alerts that saw this, so that they follow at once; none when there are too many for
    the time that somebody waits.
    """
    links = AlertIndicator.objects.filter(indicator_id=indicator_id)
    found = list(links.values_list("alert_id", flat=True)[: AT_ONCE + 1])
    return lock(found) if len(found) <= AT_ONCE else []


def lock(alert_ids: Sequence[UUID]) -> list[UUID]:
    """Lock these alerts until the transaction ends; those with a verdict of their own are left out.

    Alerts are locked before indicators everywhere, as intake does it, so that nobody waits in a
    circle.
    """
    values: dict[str, Any] = {"tenant": tenancy.required(), "alerts": list(alert_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        return [pk for (pk,) in cursor.fetchall()]


def follow(alerts: Sequence[UUID]) -> None:
    """Give locked alerts the worst malice among their indicators. No history, no event and no
    version: nobody changed the alert.
    """
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "alerts": list(alerts),
        "words": list(MALICE),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, values)


def _next(indicator_ids: Sequence[UUID], after: UUID | None) -> list[UUID]:
    """The next alerts that saw any of these, in the order of their ids."""
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "indicators": list(indicator_ids),
        "after": after,
        "most": AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        return [pk for (pk,) in cursor.fetchall()]
