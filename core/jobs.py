"""Jobs deferred in the transaction of the change that needs them: one by one, or all of a verb's in
one statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.types import JSONValue

from core import tenancy

_waiting: ContextVar[list[Job] | None] = ContextVar("jobs", default=None)


def later(name: str, **arguments: JSONValue) -> None:
    """Defer a task of the current tenant. Arguments are ids only: jobs know no row security."""
    deferrer = app.configure_task(name)
    job = deferrer.make_new_job(tenant_id=str(tenancy.required()), **arguments)
    waiting = _waiting.get()
    if waiting is None:
        app.job_manager.batch_defer_jobs([job])
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
        app.job_manager.batch_defer_jobs(waiting)
