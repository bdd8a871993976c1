"""Upkeep: jobs of the platform itself, on a schedule, in a queue that busy workers do not delay."""

import logging
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from core import actors, identity, tenancy
from core.services import upkeep
from grc.services import obligation_watch
from soc.services import clocks, counted, indicator_lists, run_engine
from socplatform.heartbeat import STALLED_SECONDS

QUEUE = "upkeep"
logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */5")
@app.task(name="platform.retry_stalled", queue=QUEUE, pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Hand out again the jobs of workers that died: procrastinate does not do so by itself."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        with suppress(ConnectorException):  # another worker handed it out first
            await jobs.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="platform.delete_expired", queue=QUEUE, retry=3)
def delete_expired(timestamp: int) -> None:
    """Once a day, tenant by tenant."""
    _each_tenant("platform.delete_expired", _delete_expired)


@app.periodic(cron="* * * * *")
@app.task(name="platform.check_clocks", queue=QUEUE, queueing_lock="platform.check_clocks")
def check_clocks(timestamp: int) -> None:
    """Once a minute, tenant by tenant: tell of the clocks that are at risk or late."""
    _each_tenant("platform.check_clocks", lambda pk: clocks.check(actor=actors.system(pk)))


@app.periodic(cron="* * * * *")
@app.task(
    name="platform.check_obligations", queue=QUEUE, queueing_lock="platform.check_obligations"
)
def check_obligations(timestamp: int) -> None:
    """Once a minute, tenant by tenant: tell of legal deadlines that are near or over."""
    _each_tenant(
        "platform.check_obligations", lambda pk: obligation_watch.check(actor=actors.system(pk))
    )


@app.periodic(cron="23 * * * *")
@app.task(name="platform.repair_clocks", queue=QUEUE)
def repair_clocks(timestamp: int) -> None:
    """Once an hour, tenant by tenant: start the clocks whose job was lost."""
    _each_tenant("platform.repair_clocks", lambda pk: clocks.repair(actor=actors.system(pk)))


@app.periodic(cron="*/30 * * * *")
@app.task(name="platform.mail_waiting", queue=QUEUE)
def mail_waiting(timestamp: int) -> None:
    """Every half hour, tenant by tenant: have mailed what the mail server would not have before."""
    _each_tenant("platform.mail_waiting", _mail_waiting)


@app.periodic(cron="* * * * * */5")
@app.task(name="platform.wake_steps", queue=QUEUE, queueing_lock="platform.wake_steps")
def wake_steps(timestamp: int) -> None:
    """Every five seconds, tenant by tenant: hand out the steps of runs whose time has come."""
    _each_tenant("platform.wake_steps", lambda pk: _wake_steps())


@app.periodic(cron="*/30 * * * *")
@app.task(name="platform.count_trends", queue=QUEUE, queueing_lock="platform.count_trends")
def count_trends(timestamp: int) -> None:
    """Every half hour, tenant by tenant: have the trends counted where there are many alerts."""
    _each_tenant("platform.count_trends", lambda pk: _count_trends())


def _each_tenant(task: str, work: Callable[[UUID], object]) -> None:
    """Do it for every tenant. One that fails keeps no other waiting; the job fails at the end.

    The log line holds the tenant's id and the kind of error: its text may quote rows.
    """
    failed = 0
    for tenant_id, _ in identity.all_tenants():
        with tenancy.tenant_scope(tenant_id):
            try:
                work(tenant_id)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                failed += 1
                logger.error("%s failed: %s", task, type(error).__name__)
    if failed:
        raise RuntimeError(f"{task} failed for {failed} tenants; the log names them.")


def _delete_expired(tenant_id: UUID) -> None:
    with transaction.atomic():
        upkeep.delete_expired()
        indicator_lists.apply_expired()


def _count_trends() -> None:
    with transaction.atomic():
        counted.ask_where_many()


def _mail_waiting(tenant_id: UUID) -> None:
    app.configure_task("core.mail_notifications").defer(tenant_id=str(tenant_id))


def _wake_steps() -> None:
    with transaction.atomic():
        run_engine.wake()
