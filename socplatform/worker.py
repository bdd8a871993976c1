"""The worker: procrastinate in this process, with jobs that defer in Django's own transactions."""

import asyncio
import signal
from typing import Any

from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from socplatform.heartbeat import HEARTBEAT_SECONDS, STALLED_SECONDS
from socplatform.tasks import QUEUE

CONCURRENCY = 4
GRACE_SECONDS = 8.0  # for jobs that run; the launcher waits a little longer
POLL_SECONDS = 2.0  # new jobs are notified of; one that is handed out again waits for this
POOL = 8


class WorkerConnector(PsycopgConnector):
    """Fetches jobs over a pool; what a job defers goes through Django's connection.

    So a job's own jobs are deferred with what it writes, or not at all.
    """

    def get_sync_connector(self) -> BaseConnector:
        return DjangoConnector()


def run() -> bool:
    """Work until SIGTERM or SIGINT; False when the work ended by itself, which it should not."""
    connector = WorkerConnector(kwargs=connector_params(), min_size=2, max_size=POOL)
    with app.replace_connector(connector):
        return asyncio.run(_work())


async def _work() -> bool:
    """Two workers side by side, so that slow jobs never keep stalled ones from being handed out."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with app.open_async():
        asked = asyncio.create_task(stop.wait())
        workers = [
            _start(name="jobs", concurrency=CONCURRENCY),
            _start(name="upkeep", concurrency=1, queues=[QUEUE]),
        ]
        await asyncio.wait([asked, *workers], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return stop.is_set()


def _start(**options: Any) -> asyncio.Task[None]:
    return asyncio.create_task(
        app.run_worker_async(
            **options,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=GRACE_SECONDS,
            delete_jobs="successful",
            install_signal_handlers=False,
        )
    )
