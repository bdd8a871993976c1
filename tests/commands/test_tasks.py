import inspect
from contextlib import suppress
from uuid import UUID

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from core import ids, tenancy
from core.api.idempotency import ANSWERS_KEPT_FOR
from core.models import IdempotencyKey, RefreshFamily
from core.services import upkeep
from soc.intake.envelope import split
from soc.services import intake, search
from soc.tasks import arrived, fill_search
from socplatform import tasks
from socplatform.worker import WorkerConnector
from tests import factories

ours = {
    name: task
    for name, task in app.tasks.items()
    if not task.func.__module__.startswith("procrast")
}
periodic = {name for name, _ in app.periodic_registry.periodic_tasks}


def test_the_tasks_are_known():
    assert set(ours) >= {"soc.fill_search", "platform.retry_stalled", "platform.delete_expired"}


@pytest.mark.parametrize("name", sorted(ours))
def test_a_job_is_given_ids_only(name):
    """Its rows are under no row security, and are kept when it fails."""
    parameters = list(inspect.signature(ours[name].func, eval_str=True).parameters.values())
    if ours[name].pass_context:
        parameters = parameters[1:]
    if name in periodic:
        assert parameters.pop().name == "timestamp"
    for parameter in parameters:
        one = parameter.name.endswith("_id") and parameter.annotation is str
        many = parameter.name.endswith("_ids") and parameter.annotation == list[str]
        assert one or many, f"{name} is given {parameter}"


def test_what_is_deferred_holds_ids_only(in_acme):
    body = b'{"title": "Password of Carol: hunter2", "host": "web-01"}'

    intake.take(split(body), actor=in_acme.actor(), format="generic")

    arguments = ProcrastinateJob.objects.get(task_name="soc.arrived").args
    assert UUID(arguments["tenant_id"]) == in_acme.tenant.pk
    assert [UUID(text) for text in arguments["alert_ids"]]
    assert set(arguments) == {"tenant_id", "alert_ids", "person_id"}


def _defer_and_fail():
    with suppress(ZeroDivisionError), transaction.atomic():
        fill_search.defer(tenant_id=str(UUID(int=1)), alert_ids=[])
        assert ProcrastinateJob.objects.filter(status="todo").count() == 1
        raise ZeroDivisionError


def test_a_job_of_a_job_is_gone_with_its_transaction(db):
    """Inside the worker too: there procrastinate's own connector would commit by itself."""
    with app.replace_connector(WorkerConnector()):
        _defer_and_fail()

    assert not ProcrastinateJob.objects.filter(status="todo").exists()


def test_expired_answers_and_families_go_and_others_stay(in_acme):
    now = timezone.now()
    for days in (0, 2):
        at = now - days * ANSWERS_KEPT_FOR
        person = in_acme.people["viewer"]
        IdempotencyKey(
            person_id=person.pk, key=str(days), fingerprint=b"", status=201, body=b"", created_at=at
        ).save()
        RefreshFamily(person=person, current=person.pk, expires_at=at + ANSWERS_KEPT_FOR).save()

    assert upkeep.delete_expired() == 2

    assert [key.key for key in IdempotencyKey.objects.all()] == ["0"]
    assert [family.expires_at > now for family in RefreshFamily.objects.all()] == [True]


def test_the_daily_job_goes_round_all_tenants(acme, globex):
    for cast in (acme, globex):
        with tenancy.tenant_scope(cast.tenant.pk):
            person = cast.people["viewer"]
            expired = timezone.now() - ANSWERS_KEPT_FOR
            RefreshFamily(person=person, current=person.pk, expires_at=expired).save()
    with (
        connection.cursor() as cursor
    ):  # tenants of the platform's list are active and committed or ours
        cursor.execute("select count(*) from core_tenants()")
        assert cursor.fetchone() == (2,)

    tasks.delete_expired(timestamp=0)

    for cast in (acme, globex):
        with tenancy.tenant_scope(cast.tenant.pk):
            assert not RefreshFamily.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_tenant_that_fails_keeps_no_other_waiting(caplog):
    casts = []
    for slug in ("acme", "globex"):
        with transaction.atomic():
            casts.append(factories.make_tenant(slug))
    worked = []

    def work(tenant_id):
        worked.append(tenant_id)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select 'secret'::integer")

    with pytest.raises(RuntimeError, match="failed for 2 tenants"):
        tasks._each_tenant("platform.test", work)

    assert set(worked) == {cast.tenant.pk for cast in casts}
    assert [record.getMessage() for record in caplog.records] == [
        "platform.test failed: DataError"
    ] * 2


def test_waiting_mail_is_tried_for_every_tenant(acme, globex):
    tasks.mail_waiting.func(timestamp=0)

    jobs = ProcrastinateJob.objects.filter(task_name="core.mail_notifications")
    assert {job.args["tenant_id"] for job in jobs} == {
        str(cast.tenant.pk) for cast in (acme, globex)
    }


def test_what_an_arrival_waits_for_is_done_though_one_part_fails(in_acme, outside):
    """An alert that cannot be made findable is enriched all the same, and its job is done again."""
    body = b'{"title": "Ransom note"}'
    [made] = intake.take(split(body), actor=in_acme.actor(), format="generic")
    arguments = ProcrastinateJob.objects.get(task_name="soc.arrived").args
    with psycopg.connect(outside["DATABASE_OWNER_URL"]) as holder:
        holder.execute("lock table soc_alertsearch in access exclusive mode")
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '100ms'")
            with pytest.raises(OperationalError):
                arrived.func(**arguments)
            cursor.execute("reset lock_timeout")
    assert ProcrastinateJob.objects.filter(task_name="soc.enrich").count() == 1

    arrived.func(**arguments)

    with transaction.atomic():
        assert [ids.show("alr", pk) for pk in search.alert_ids("ransom")] == [made.id]
