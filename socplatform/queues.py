"""The health of the queues: what waits, what failed, and what lies with a worker that is gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core.actors import Actor
from socplatform.heartbeat import STALLED_SECONDS

MOST_COUNTED = 100_000
_HEALTH = """
WITH counted AS (
  SELECT j.id, j.queue_name, j.status,
    j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now()) AS is_due,
    j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat
      < now() - make_interval(secs => %(stalled)s)) AS is_stalled
  FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
  WHERE j.status IN ('todo', 'doing', 'failed')
    AND (%(tenant)s::text IS NULL OR j.args ->> 'tenant_id' = %(tenant)s)
  LIMIT %(most)s
)
SELECT c.queue_name, count(*) FILTER (WHERE is_due),
  count(*) FILTER (WHERE status = 'todo' AND NOT is_due),
  count(*) FILTER (WHERE status = 'doing'), count(*) FILTER (WHERE status = 'failed'),
  count(*) FILTER (WHERE is_stalled),
  (SELECT min(e.at) FROM procrastinate_events e
    WHERE e.job_id = min(c.id) FILTER (WHERE is_due) AND e.type = 'deferred')
FROM counted c GROUP BY c.queue_name ORDER BY c.queue_name
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue. `backlog` is due and waits; `later` is for a later time; `oldest_at` is when the
    longest waiting job came.
    """

    name: str
    backlog: int
    later: int
    doing: int
    failed: int
    stalled: int
    oldest_at: datetime | None


def health(tenant_id: UUID | None = None) -> list[Queue]:
    """Every queue with unfinished jobs, of one tenant or of all."""
    values = {
        "tenant": str(tenant_id) if tenant_id else None,
        "stalled": STALLED_SECONDS,
        "most": MOST_COUNTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HEALTH, values)
        return [Queue(*row) for row in cursor.fetchall()]


def workers() -> int:
    """How many workers have been heard of lately."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_workers "
            "where last_heartbeat >= now() - make_interval(secs => %s)",
            [STALLED_SECONDS],
        )
        return int(cursor.fetchone()[0])


def page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """The queues as this tenant's administrators see them: its own jobs only."""
    actor: Actor | None = getattr(request.user, "actor", None)
    if actor is None or not actor.may("admin:tenant"):
        raise Http404
    context = frame | {
        "title": "Queues",
        "queues": health(actor.tenant_id),
        "workers": workers(),
    }
    return TemplateResponse(request, "desk/queues.html", context)
