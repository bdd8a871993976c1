"""Playbooks, and the jobs of their runs as the worker does them."""

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from soc import tasks  # noqa: F401 - the jobs by name
from soc.models import StepRun
from soc.services import connectors, playbooks, runs

PLAYBOOKS = "/api/v1/soc/playbooks"
RUNS = "/api/v1/soc/playbook-runs"
STEPS = "/api/v1/soc/playbook-steps"
CONNECTORS = "/api/v1/soc/connectors"


def step(key, kind, on_success=None, on_failure=None, **given):
    return {
        "key": key,
        "kind": kind,
        "name": key,
        "with": given,
        "on_success": on_success,
        "on_failure": on_failure,
    }


def playbook(cast, *steps, **values):
    given = {"name": "Trial", "steps": list(steps), **values}
    return playbooks.create(given, actor=cast.actor("manager"))


def started(cast, *steps, role="responder", dry_run=False, **about):
    """A run of a new playbook, brought as far as the worker brings it."""
    run = runs.start(playbook(cast, *steps), actor=cast.actor(role), dry_run=dry_run, **about)
    return worked(run)


def connector(cast, url, **values):
    given = {"name": f"to {url}", "url": url, **values}
    return connectors.create(given, actor=cast.actor())


def worked(run):
    """The run, after the worker has done all jobs that are due."""
    run_due_jobs()
    run.refresh_from_db()
    return run


def run_due_jobs():
    """Run the jobs of runs that are due, as the worker does; what they defer in turn, too."""
    while True:
        queues = ("arrivals", "playbooks")
        waiting = ProcrastinateJob.objects.filter(queue_name__in=queues, status="todo")
        jobs = [
            job
            for job in waiting.order_by("id")
            if job.scheduled_at is None or job.scheduled_at <= timezone.now()
        ]
        if not jobs:
            return
        # Its tables are the worker's; a test only needs to know what it ran already.
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'cancelled' where id = any(%s)",
                [[job.id for job in jobs]],
            )
        for job in jobs:
            app.tasks[job.task_name].func(**job.args)


def states(run):
    return {row.key: row.state for row in StepRun.objects.filter(run=run).order_by("id")}


def of_step(run, key):
    return StepRun.objects.get(run=run, key=key)
