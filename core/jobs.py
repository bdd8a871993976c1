"""Jobs deferred in the transaction of the change that needs them: one by one, or all of a verb's in
one statement.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import orjson
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.types import JSONValue

from core import hot, tenancy

_waiting: ContextVar[list[Job] | None] = ContextVar("jobs", default=None)
# The queue's own function, without waiting for the ids.
_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY(
  SELECT (queue_name, task_name, priority, lock, queueing_lock, args,
    scheduled_at)::procrastinate_job_to_defer_v1
  FROM json_to_recordset(%s::json) AS given (queue_name varchar, task_name varchar,
    priority integer, lock text, queueing_lock text, args jsonb, scheduled_at timestamptz)))
"""


def later(name: str, **arguments: JSONValue) -> None:
    """Defer a task of the current tenant. Arguments are ids only: jobs know no row security."""
    deferrer = app.configure_task(name)
    job = deferrer.make_new_job(tenant_id=str(tenancy.required()), **arguments)
    waiting = _waiting.get()
    if waiting is None:
        _defer([job])
    else:
        waiting.append(job)


@contextmanager
def together() -> Iterator[None]:
    """Defer what is put off inside at once, at the end; an error inside defers nothing."""
    waiting: list[Job] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if waiting:
        _defer(waiting)


def _defer(jobs: Sequence[Job]) -> None:
    rows = [
        {
            "queue_name": job.queue,
            "task_name": job.task_name,
            "priority": job.priority,
            "lock": job.lock,
            "queueing_lock": job.queueing_lock,
            "args": job.task_kwargs,
            "scheduled_at": job.scheduled_at,
        }
        for job in jobs
    ]
    hot.write(_DEFER, [orjson.dumps(rows).decode()])
