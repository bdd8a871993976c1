"""Statements that go straight to the server: their values, their faults, and the transaction that
begins with them.
"""

from uuid import UUID

import psycopg
import pytest
from django.db import DataError, OperationalError, connection, transaction
from psycopg.pq import TransactionStatus

from core import hot, ids, tenancy


def status():
    return connection.connection.pgconn.transaction_status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('it\'s 100 % \\ of "both"; --', b'it\'s 100 % \\ of "both"; --'),
        ("größer als 💣", "größer als 💣".encode()),
        (UUID(int=7), b"00000000-0000-0000-0000-000000000007"),
        (b"\x00'\xff", b"\\x0027ff"),
        (None, None),
    ],
)
def test_values_arrive_as_they_are(value, text):
    given = hot.opening("SELECT %s", [value])

    assert given == (text if value is not None else None)


@pytest.mark.django_db
def test_no_row_is_none():
    assert hot.opening("SELECT 1 WHERE %s", [False]) is None


@pytest.mark.django_db(transaction=True)
def test_the_transaction_begins_with_it_and_ends_as_ever():
    with transaction.atomic():
        begun = hot.opening("SELECT set_config('soc.put', %s, true)", ["here"])
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('soc.put')")
            found = cursor.fetchone()
        assert status() == TransactionStatus.INTRANS

    assert (begun, found, status()) == (b"here", ("here",), TransactionStatus.IDLE)
    assert not hot.opening("SELECT current_setting('soc.put', true)", [])


@pytest.mark.django_db(transaction=True)
def test_its_fault_ends_the_transaction_as_any_other_does():
    with pytest.raises(DataError), transaction.atomic():
        hot.opening("SELECT %s::int", ["none"])

    assert status() == TransactionStatus.IDLE


def end_connection():
    """The server ends it, as it does when it is restarted."""
    params = connection.get_connection_params()
    wanted = {key: params[key] for key in ("dbname", "user", "password", "host", "port")}
    pid = connection.connection.info.backend_pid
    with psycopg.connect(**{key: value for key, value in wanted.items() if value}) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_lost_is_told_as_such_and_made_anew():
    hot.opening("SELECT 1", [])
    end_connection()

    with pytest.raises(OperationalError), transaction.atomic():
        hot.opening("SELECT 1", [])

    connection.close_if_unusable_or_obsolete()
    assert hot.opening("SELECT 1", []) == b"1"


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_lost_within_a_savepoint_is_told_as_such():
    @transaction.atomic
    def work():
        hot.opening("SELECT 1", [])
        with transaction.atomic():
            hot.opening("SELECT 1", [])
            end_connection()
            hot.opening("SELECT 1", [])

    with pytest.raises(OperationalError):
        work()

    connection.close_if_unusable_or_obsolete()
    assert hot.opening("SELECT 1", []) == b"1"


@pytest.mark.django_db
def test_whoever_watches_statements_sees_it():
    seen = []

    def watch(execute, statement, values, many, context):
        seen.append((statement, list(values)))
        return execute(statement, values, many, context)

    with connection.execute_wrapper(watch):
        hot.opening("SELECT %s", ["x"])

    assert seen == [("SELECT %s", ["x"])]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_begins_with_its_tenant():
    tenant_id = ids.new()
    with tenancy.tenant_scope(tenant_id), transaction.atomic():
        assert status() == TransactionStatus.INTRANS
        found = hot.opening("SELECT current_setting('app.tenant_id')", [])

    assert found == str(tenant_id).encode()
