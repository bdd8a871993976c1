"""Which ATT&CK techniques alerts named, which a job counts where alerts are many."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core import tenancy
from soc.services import counted
from soc.services.windows import DAYS, Window

_PATTERN = r"^T\d{4}(\.\d{3})?$"

# An alert that names a sub-technique counts for the technique above it too, and once for each.
_SEEN = """
WITH named AS (
  SELECT DISTINCT a.id, a.verdict, a.mitre_tactics, code
  FROM soc_alert a
  CROSS JOIN LATERAL jsonb_array_elements_text(a.mitre_techniques) AS given (text)
  CROSS JOIN LATERAL (VALUES (upper(given.text)), (split_part(upper(given.text), '.', 1)))
    AS each (code)
  WHERE a.tenant_id = %(tenant)s AND NOT a.is_deleted AND a.created_at >= %(after)s
    AND (%(before)s::timestamptz IS NULL OR a.created_at < %(before)s)
    AND (%(app)s::uuid IS NULL OR a.app_id = %(app)s)
    AND upper(given.text) ~ %(pattern)s
)
SELECT code, count(DISTINCT id), count(DISTINCT id) FILTER (WHERE verdict = 'true_positive'),
  count(DISTINCT id) FILTER (WHERE verdict = 'false_positive'),
  array_agg(DISTINCT tactic) FILTER (WHERE tactic IS NOT NULL)
FROM named LEFT JOIN LATERAL jsonb_array_elements_text(named.mitre_tactics) AS t (tactic) ON true
GROUP BY code
"""
Seen = list[list[Any]]


def found() -> counted.Counted:
    """A line for each technique that the alerts of the last DAYS named, as `during` gives them: as
    it is now where alerts are few, else as a job counted it last.
    """
    kept = counted.where_many(counted.ATTACK)
    return counted.Counted(count(DAYS)) if kept is None else kept


def count(days: int) -> Seen:
    """The lines of so many days, as plain JSON."""
    return during(Window(timezone.now() - timedelta(days=days)))


def during(span: Window, app_id: UUID | None = None) -> Seen:
    """Technique, alerts, true and false positives among them, and the tactics they named."""
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "after": span.after,
        "before": span.before,
        "app": app_id,
        "pattern": _PATTERN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, values)
        return [[*numbers, tactics or []] for *numbers, tactics in cursor.fetchall()]
