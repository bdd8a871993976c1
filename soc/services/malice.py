"""The malice of alerts, which follows that of their indicators."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from core import tenancy
from soc.vocabulary import MALICE

_ALERTS = """
SELECT a.id FROM soc_alert a
WHERE a.tenant_id = %(tenant)s AND a.malice_override IS NULL AND (
  a.id = ANY(%(alerts)s) OR a.id IN (
    SELECT l.alert_id FROM soc_alertindicator l
    WHERE l.tenant_id = %(tenant)s AND l.indicator_id = ANY(%(indicators)s)))
ORDER BY a.id FOR NO KEY UPDATE OF a
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


def lock_alerts(*, indicators: Sequence[UUID], alerts: Sequence[UUID] = ()) -> list[UUID]:
    """Lock these alerts, and those that saw these indicators, until the transaction ends; those
    with a verdict of their own are left out.

    Alerts are locked before indicators everywhere, as intake does it, so that nobody waits in a
    circle.
    """
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "alerts": list(alerts),
        "indicators": list(indicators),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ALERTS, values)
        return [pk for (pk,) in cursor.fetchall()]


def follow(alerts: Sequence[UUID]) -> int:
    """Give locked alerts the worst malice among their indicators; how many it changed. No history,
    no event and no version: nobody changed the alert.
    """
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "alerts": list(alerts),
        "words": list(MALICE),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, values)
        return int(cursor.rowcount)
