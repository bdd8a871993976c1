"""Requests, imports and verbs that meet another one: locks that a second connection holds."""

import hashlib
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from io import BytesIO

import psycopg
import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from core import audit, records, retries, single, tenancy
from core.actors import system
from core.models import AuditEvent
from soc.models import Alert, ImportCheckpoint
from soc.services import imports
from tests import factories
from tests.soc.factories import alert_in

pytestmark = pytest.mark.django_db(transaction=True)
ALERTS = "/api/v1/soc/alerts"


@contextmanager
def held(name):
    """An advisory lock of that name, held elsewhere."""
    digest = hashlib.sha256(name).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    params = connection.get_connection_params()
    wanted = {key: params[key] for key in ("dbname", "user", "password", "host", "port")}
    with psycopg.connect(**{key: value for key, value in wanted.items() if value}) as other:
        other.execute("select pg_advisory_lock(%s)", [number])
        yield


def test_a_key_whose_first_request_still_runs_is_409(acme):
    person = acme.people["tenant_admin"].pk
    client = factories.client_for(acme)

    with held(f"{acme.tenant.pk}|{person}|k-1".encode()):
        refused = client.post(ALERTS, {}, HTTP_IDEMPOTENCY_KEY="k-1")
        other = client.post(ALERTS, {}, HTTP_IDEMPOTENCY_KEY="k-2")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/in_flight")
    assert other.status_code == 201
    assert client.post(ALERTS, {}, HTTP_IDEMPOTENCY_KEY="k-1").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
def test_a_key_that_is_none_is_400(acme, key):
    client = factories.client_for(acme)

    assert client.post(ALERTS, {}, HTTP_IDEMPOTENCY_KEY=key).status_code == 400
    assert client.get(ALERTS, HTTP_IDEMPOTENCY_KEY=key).status_code == 200


def test_a_second_importer_of_one_file_works_without_the_checkpoint(acme):
    lines = b'{"message": "disk is full"}\n{"message": "disk is empty"}\n'
    name = acme.tenant.pk.bytes + b"generic" + hashlib.sha256(lines).digest()
    done = []

    with held(name):
        report = imports.run(
            BytesIO(lines),
            actor=system(acme.tenant.pk),
            format="generic",
            origin="test",
            progress=done.append,
        )

    assert report.counts["created"] == 2
    with tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
        assert (Alert.objects.count(), ImportCheckpoint.objects.count()) == (2, 0)
    assert sum(done) == len(lines)


def test_outside_a_transaction_no_row_is_locked(acme):
    with tenancy.tenant_scope(acme.tenant.pk), pytest.raises(TransactionManagementError):
        single.locked(Alert, acme.tenant.pk)


def until_one_waits():
    """Until another transaction of this database waits for a lock; 20 seconds at most."""
    asked = (
        "select count(*) from pg_locks join pg_stat_activity using (pid) "
        "where not granted and datname = current_database()"
    )
    waiting, deadline = 0, time.monotonic() + 20
    while not waiting:
        assert time.monotonic() < deadline, "nobody waits"
        with connection.cursor() as cursor:
            cursor.execute(asked)
            [waiting] = cursor.fetchone()


def test_a_verb_whose_event_would_deadlock_is_done_again(acme):
    """It holds an alert and waits for the trail; the other holds the trail and then wants the
    alert. Whoever waited first is ended by the database.
    """
    actor, tried = acme.actor(), []
    trail_is_held, alert_is_held = threading.Event(), threading.Event()
    with tenancy.tenant_scope(acme.tenant.pk):
        alert = alert_in(acme, title="wanted by two")

    @audit.verb
    def write(title, *, actor):
        records.change(records.lock(alert), {"title": title}, actor=actor)

    @retries.after_deadlock
    @audit.verb
    def work(*, actor):
        tried.append(1)
        write("ours", actor=actor)
        alert_is_held.set()
        assert trail_is_held.wait(20)

    @audit.verb
    def tell(*, actor):
        audit.record("alert.seen", actor=actor, object_type="alert", object_id=alert.pk)

    def other():
        with closing(connection), tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
            tell(actor=actor)
            assert alert_is_held.wait(20)
            trail_is_held.set()
            until_one_waits()
            Alert.objects.filter(pk=alert.pk).update(title="theirs")

    thread = threading.Thread(target=other)
    thread.start()
    with tenancy.tenant_scope(acme.tenant.pk):
        work(actor=actor)
        thread.join()
    with tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
        alert.refresh_from_db()
        verbs = Counter(AuditEvent.objects.values_list("verb", flat=True))

    assert len(tried) == 2
    assert (alert.title, verbs["alert.seen"], verbs["alert.update"]) == ("ours", 1, 1)
