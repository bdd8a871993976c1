"""What a shift leaves behind, read from the rows: a bounded number of statements, bounded lists."""

from datetime import datetime, timedelta
from typing import Any

from core import hot, tenancy
from core.services import people
from grc.models import Obligation
from soc.models import Alert, Investigation, StepRun
from soc.querysets import OPEN_ALERTS
from soc.services import queue_order

MOST = 20  # of each list
MOST_COUNTED = 10_000  # alerts that are counted by severity, tool or classification
SOON = timedelta(hours=1)  # a clock that ends within it is at risk
DUE = timedelta(hours=24)  # a duty to report
USUAL = timedelta(days=7)  # a tool that sent within it before the shift is expected to send

_ARRIVED = """
SELECT {column} AS name, count(*) AS many FROM (
  SELECT {column} FROM soc_alert WHERE tenant_id = %(tenant)s AND created_at >= %(begin)s
    AND created_at < %(end)s AND NOT is_deleted LIMIT %(most)s
) AS each GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20
"""
# Whatever was closed was also changed then: the index of changes bounds what is looked at.
_CLOSED = """
SELECT close_classification AS name, count(*) AS many FROM (
  SELECT close_classification FROM soc_alert WHERE tenant_id = %(tenant)s
    AND updated_at >= %(begin)s AND closed_at >= %(begin)s AND closed_at < %(end)s
    AND NOT is_deleted LIMIT %(most)s
) AS each GROUP BY 1 ORDER BY 2 DESC, 1
"""
_SILENT = """
WITH RECURSIVE tool AS (
  (SELECT source_name AS name FROM soc_alert WHERE tenant_id = %(tenant)s
    ORDER BY source_name LIMIT 1)
  UNION ALL
  SELECT (SELECT a.source_name FROM soc_alert a WHERE a.tenant_id = %(tenant)s
    AND a.source_name > tool.name ORDER BY a.source_name LIMIT 1)
  FROM tool WHERE tool.name IS NOT NULL
)
SELECT tool.name, newest.created_at AS at FROM tool CROSS JOIN LATERAL (
  SELECT created_at FROM soc_alert a WHERE a.tenant_id = %(tenant)s AND a.source_name = tool.name
  ORDER BY a.id DESC LIMIT 1
) AS newest
WHERE tool.name IS NOT NULL AND newest.created_at < %(begin)s AND newest.created_at >= %(usual)s
ORDER BY newest.created_at LIMIT 20
"""


def generate(begin: datetime, end: datetime) -> dict[str, Any]:
    """What came and was closed between the two moments, and what is open at the second one:
    `{begins_at, ends_at, arrived, closed, open, clocks, approvals, investigations, duties, silent,
    cut}`. Ids are in their shown form. Lists hold at most MOST, the most urgent first; `cut` tells
    how far those of `arrived` and `closed` were counted that hold more.
    """
    values = {
        "tenant": tenancy.required(),
        "begin": begin,
        "end": end,
        "most": MOST_COUNTED,
        "usual": begin - USUAL,
    }
    names = people.members()
    severity = _counts(_ARRIVED.format(column="severity"), values)
    closed = _counts(_CLOSED, values)
    counted = {"arrived": severity, "closed": closed}
    return {
        "begins_at": begin,
        "ends_at": end,
        "arrived": {
            "severity": severity,
            "source_name": _counts(_ARRIVED.format(column="source_name"), values),
        },
        "closed": closed,
        "open": [_alert(row) for row in _grave()],
        "clocks": [_alert(row) for row in _at_risk(end)],
        "approvals": [_step(row) for row in _waiting()],
        "investigations": [_case(row) for row in _cases()],
        "duties": [_duty(row, names) for row in _duties(end)],
        "silent": [
            {"name": row["name"], "last_at": row["at"]} for row in hot.rows(_SILENT, values)
        ],
        "cut": {
            part: MOST_COUNTED
            for part, many in counted.items()
            if sum(many.values()) >= MOST_COUNTED
        },
    }


def _counts(statement: str, values: dict[str, Any]) -> dict[str, int]:
    return {row["name"] or "not said": row["many"] for row in hot.rows(statement, values)}


def _grave() -> list[Any]:
    rows = Alert.objects.for_list().filter(
        status__in=OPEN_ALERTS, severity__in=("critical", "high")
    )
    page = queue_order.cut(
        rows.select_related("assignee"),
        queue_order.WORST,
        statuses=OPEN_ALERTS,
        limit=MOST,
        cursor_text=None,
    )
    return page.rows


def _at_risk(end: datetime) -> list[Any]:
    rows = Alert.objects.for_list().filter(due_at__lt=end + SOON, status__in=OPEN_ALERTS)
    return list(rows.select_related("assignee").order_by("due_at", "-id")[:MOST])


def _waiting() -> list[Any]:
    rows = StepRun.objects.filter(state="waiting", kind="approval").select_related(
        "run__playbook_version"
    )
    return list(rows.order_by("id")[:MOST])


def _cases() -> list[Any]:
    rows = Investigation.objects.open().select_related("assigned_to")
    return list(rows.order_by("-updated_at", "-id")[:MOST])


def _duties(end: datetime) -> list[Any]:
    rows = Obligation.objects.filter(applies=True, sent_at=None, due_at__lt=end + DUE)
    return list(rows.select_related("incident", "owner").order_by("due_at", "id")[:MOST])


def _alert(row: Any) -> dict[str, Any]:
    return {
        "id": row.shown_id,
        "title": row.title,
        "severity": row.severity,
        "status": row.status,
        "created_at": row.created_at,
        "due_at": row.due_at,
        "assignee": row.assignee.name if row.assignee else None,
    }


def _step(row: Any) -> dict[str, Any]:
    return {
        "id": row.shown_id,
        "title": row.run.playbook_version.name,
        "step": row.name,
        "waiting_since": row.started_at or row.created_at,
    }


def _case(row: Any) -> dict[str, Any]:
    return {
        "id": row.shown_id,
        "number": row.investigation_number,
        "title": row.title,
        "priority": row.priority,
        "status": row.status,
        "lead": row.assigned_to.name if row.assigned_to else None,
        "changed_at": row.updated_at,
    }


def _duty(row: Any, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "incident_id": row.incident.shown_id,
        "incident": row.incident.incident_number,
        "title": str(row),
        "due_at": row.due_at,
        "owner": names.get(row.owner_id) if row.owner_id else None,
    }
