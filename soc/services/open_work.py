"""What is open now, counted in one statement that stops counting at MOST: no walk over a table.

The counts of alerts are read from the indexes `alert_waiting` and `alert_waiting_by_holder`, whose
condition they repeat word for word.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core import tenancy

MOST = 1000  # more is told as `1 000+`
SOON = timedelta(minutes=15)
# Hours from and until; None is without an end.
AGES = ((0, 1), (1, 4), (4, 24), (24, 72), (72, None))

_WAITING = """
SELECT %s FROM soc_alert WHERE tenant_id = %%(tenant)s AND NOT is_deleted AND resolved_at IS NULL
  AND closed_at IS NULL AND suppressed_at IS NULL%s LIMIT %%(most)s
"""
_CLOCKS = """
SELECT FROM soc_slaclock WHERE tenant_id = %%(tenant)s AND stopped_at IS NULL
  AND due_at IS NOT NULL AND state IN ('running', 'breached') AND due_at %s LIMIT %%(most)s
"""
_PARTS = {
    "waiting": _WAITING % ("", ""),
    "nobodys": _WAITING % ("", " AND assignee_id IS NULL"),
    "mine": _WAITING % ("", " AND assignee_id = %(person)s"),
    "critical": _WAITING % ("", " AND severity = 'critical'"),
    "high": _WAITING % ("", " AND severity = 'high'"),
    "late": _CLOCKS % "<= %(now)s AND alert_id IS NOT NULL",
    "soon": _CLOCKS % "> %(now)s AND due_at <= %(soon)s",
    "clocks_late": _CLOCKS % "<= %(now)s",
    "clocks_due": _CLOCKS % "> %(now)s",
    "investigations": """
        SELECT FROM soc_investigation WHERE tenant_id = %(tenant)s AND NOT is_deleted
          AND status IN ('new', 'in_progress', 'on_hold', 'contained') LIMIT %(most)s""",
    "proposals": """
        SELECT FROM soc_proposal WHERE tenant_id = %(tenant)s AND NOT is_deleted
          AND status = 'proposed' LIMIT %(most)s""",
    "approvals": """
        SELECT FROM soc_steprun WHERE tenant_id = %(tenant)s AND state = 'waiting'
          AND kind IN ('approval', 'manual') LIMIT %(most)s""",
    "incidents": """
        SELECT FROM grc_incident WHERE tenant_id = %(tenant)s AND NOT is_deleted
          AND status <> 'closed' LIMIT %(most)s""",
}
_SEVERITIES = "'critical', 'high', 'medium', 'low', 'informational', 'pending'"
_AGE = (
    f" AND severity IN ({_SEVERITIES}) AND created_at > %(from_{{0}})s"
    " AND created_at <= %(until_{0})s"
)
# Of each who is or was a member, up to MOST: nobody's many alerts hide those of another.
_HELD = _WAITING % ("", " AND assignee_id = m.person_id")
_HOLDERS = f"""
SELECT coalesce(json_agg(json_build_array(p.id, p.name, held.count) ORDER BY held.count DESC,
  p.name), '[]')
FROM (
  SELECT m.person_id, each.count FROM core_membership m
  CROSS JOIN LATERAL (SELECT count(*) FROM ({_HELD}) AS capped) AS each
  WHERE m.tenant_id = %(tenant)s AND each.count > 0 ORDER BY 2 DESC LIMIT 8
) AS held JOIN core_person p ON p.id = held.person_id
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Each count is at most MOST + 1, which says that there are more. `ages` counts the alerts that
    wait by AGES; `holders` are people with how many of them each has.
    """

    counts: dict[str, int]
    ages: list[int]
    holders: list[tuple[UUID, str, int]]


def of(person_id: UUID) -> OpenWork:
    """What the tenant has open, and what of it is this person's."""
    now = timezone.now()
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "person": person_id,
        "now": now,
        "soon": now + SOON,
        "most": MOST + 1,
    }
    for place, (since, until) in enumerate(AGES):
        values[f"until_{place}"] = now - timedelta(hours=since)
        values[f"from_{place}"] = (
            datetime.min.replace(tzinfo=now.tzinfo)
            if until is None
            else now - timedelta(hours=until)
        )
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        *counted, holders = cursor.fetchone()
    names = list(_PARTS)
    return OpenWork(
        dict(zip(names, counted[: len(names)], strict=True)),
        counted[len(names) :],
        [(UUID(pk), name, count) for pk, name, count in holders],
    )


def _statement() -> str:
    ages = [_WAITING % ("", _AGE.format(place)) for place in range(len(AGES))]
    parts = [*_PARTS.values(), *ages]
    counted = ", ".join(f"(SELECT count(*) FROM ({part}) AS capped)" for part in parts)  # noqa: S608
    return f"SELECT {counted}, ({_HOLDERS})"


_STATEMENT = _statement()
