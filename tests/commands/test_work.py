import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from core.actors import system
from soc.intake.envelope import split
from soc.services import intake, search
from tests.launch.checkout import eventually

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
JOB_TABLES = (
    "procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers, procrastinate_events"
)


def forget_jobs():
    with connection.as_role("owner"), connection.cursor() as cursor:
        cursor.execute(f"truncate {JOB_TABLES}")


@pytest.fixture
def no_jobs(transactional_db):
    """Other tests defer jobs that no worker does; here there are this test's only."""
    forget_jobs()
    yield
    forget_jobs()


@pytest.fixture
def start(no_jobs, outside):
    """Starts workers; afterwards none is left, nor any of their jobs."""
    started = []

    def call(**env):
        command = [sys.executable, "manage.py", "work"]
        child = subprocess.Popen(
            command, env=outside | env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(child)
        return child

    yield call
    for child in started:
        child.kill()
        child.communicate()


@pytest.fixture
def taken(no_jobs, made, in_acme_now):
    """An alert that came in, and whose job waits."""
    body = b'{"title": "Ransom note found", "host": "srv-file-01"}'
    actor = system(made["acme"])
    return in_acme_now(lambda: intake.take(split(body), actor=actor, format="generic"))


def is_found(in_acme_now):
    return in_acme_now(lambda: bool(search.alert_ids("ransom srv-file")))


def test_a_real_worker_makes_an_alert_findable_and_ends_when_told(taken, in_acme_now, start):
    assert not is_found(in_acme_now)

    worker = start()

    assert eventually(lambda: is_found(in_acme_now))
    assert eventually(lambda: not ProcrastinateJob.objects.filter(queue_name="arrivals").exists())
    for number in (signal.SIGTERM, signal.SIGINT):
        worker.send_signal(number)
        said, _ = worker.communicate(timeout=15)
        assert (worker.returncode, said) == (0, "")
        worker = start()
        assert eventually(lambda: workers() == 2)


def workers():
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_workers")
        return cursor.fetchone()[0]


def test_a_job_of_a_killed_worker_is_done_by_the_next(taken, in_acme_now, start, outside):
    with psycopg.connect(outside["DATABASE_OWNER_URL"]) as holder:
        holder.execute("lock table soc_alertsearch in access exclusive mode")
        worker = start()
        job = ProcrastinateJob.objects.filter(queue_name="arrivals")
        assert eventually(lambda: job.get().status == "doing")
        worker.kill()
        worker.wait()
        killed = time.monotonic()
    assert job.get().status == "doing"

    start()

    assert eventually(lambda: is_found(in_acme_now), within=30)
    print(f"recovered after {time.monotonic() - killed:.1f} s")
    assert eventually(lambda: not job.exists())


@pytest.mark.parametrize(
    ("unsafe", "sentence"),
    [
        ({"SECRET_KEY": "only-for-a-first-look"}, "Set SECRET_KEY to a random string"),
        ({"DATABASE_URL": "owner"}, "could bypass row security"),
    ],
)
def test_an_unsafe_worker_does_not_start(start, outside, unsafe, sentence):
    given = {
        key: outside["DATABASE_OWNER_URL"] if value == "owner" else value
        for key, value in unsafe.items()
    }

    worker = start(**given)

    assert sentence in worker.communicate(timeout=30)[0]
    assert worker.returncode == 1
    assert os.environ.get("DATABASE_URL")
