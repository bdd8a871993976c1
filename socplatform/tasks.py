"""Upkeep: jobs of the platform itself, on a schedule, in a queue that busy workers do not delay."""

from contextlib import suppress

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from core import actors, identity, tenancy
from core.services import upkeep
from soc.services import clocks, indicator_lists

QUEUE = "upkeep"
HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 6.0


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
    for tenant_id, _ in identity.all_tenants():
        with tenancy.tenant_scope(tenant_id), transaction.atomic():
            upkeep.delete_expired()
            indicator_lists.apply_expired()


@app.periodic(cron="* * * * *")
@app.task(name="platform.check_clocks", queue=QUEUE, queueing_lock="platform.check_clocks")
def check_clocks(timestamp: int) -> None:
    """Once a minute, tenant by tenant: tell of the clocks that are at risk or late."""
    for tenant_id, _ in identity.all_tenants():
        with tenancy.tenant_scope(tenant_id):
            clocks.check(actor=actors.system(tenant_id))


@app.periodic(cron="23 * * * *")
@app.task(name="platform.repair_clocks", queue=QUEUE)
def repair_clocks(timestamp: int) -> None:
    """Once an hour, tenant by tenant: start the clocks whose job was lost."""
    for tenant_id, _ in identity.all_tenants():
        with tenancy.tenant_scope(tenant_id):
            clocks.repair(actor=actors.system(tenant_id))
