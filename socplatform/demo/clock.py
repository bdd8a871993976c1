"""Moves the demo's rows back in time, so that a month lies behind them.

Only what the rows say of themselves is moved, with the copies in their histories. The audit trail
is not touched: it says, truly, that all of it was written when the demo was loaded.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from core import tenancy

ARRIVAL = "20 seconds"
STAMPS = ("acknowledged_at", "triaged_at", "resolved_at", "closed_at", "suppressed_at")
TABLES = ("soc_alert", "soc_historicalalert")

# Alerts came in shortly after they happened; their indicators were seen when they came.
_ARRIVALS = """
UPDATE {table} SET created_at = least(occurred_at + interval '{arrival}', now()),
  updated_at = least(occurred_at + interval '{arrival}', now())
WHERE tenant_id = %(tenant)s AND occurred_at IS NOT NULL
"""
_SIGHTINGS = """
UPDATE soc_indicator i SET first_seen = seen.first, last_seen = seen.last, created_at = seen.first,
  updated_at = seen.first
FROM (SELECT l.indicator_id, min(a.created_at) AS first, max(a.last_seen_at) AS last
      FROM soc_alertindicator l JOIN soc_alert a ON a.id = l.alert_id
      WHERE a.tenant_id = %(tenant)s GROUP BY 1) seen
WHERE i.tenant_id = %(tenant)s AND i.id = seen.indicator_id
"""
# Somebody took them up within two hours, and was done in less than four more: told from the id.
_WORK = """
UPDATE {table} t SET {sets}, updated_at = least(created_at + {pace} * 3, now())
WHERE tenant_id = %(tenant)s AND id = ANY(%(alerts)s)
"""
_PACE = "((1 + mod(get_byte(uuid_send(id), 15), 110)) * interval '1 minute')"


def arrive(tenant_id: UUID) -> None:
    """Let every alert of the tenant have come in when it happened."""
    statements = [_ARRIVALS.format(table=table, arrival=ARRIVAL) for table in TABLES]
    _run([*statements, _SIGHTINGS], {"tenant": tenant_id})


def worked_on(tenant_id: UUID, alerts: Iterable[UUID]) -> None:
    """Let the moves of these alerts have followed their arrival."""
    after = dict.fromkeys(STAMPS, 3) | {"acknowledged_at": 1, "triaged_at": 2}
    sets = ", ".join(
        (
            f"{name} = CASE WHEN {name} IS NOT NULL THEN least(created_at + {_PACE} * "
            f"{times}, now()) END"
        )
        for name, times in after.items()
    )
    statements = [_WORK.format(table=table, sets=sets, pace=_PACE) for table in TABLES]
    _run(statements, {"tenant": tenant_id, "alerts": list(alerts)})


def _run(statements: Iterable[str], values: dict[str, Any]) -> None:
    with tenancy.tenant_scope(values["tenant"]), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
