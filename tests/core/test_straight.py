"""Statements that go straight to the server: their values, their faults, and the transaction that
begins with them.
"""

from uuid import UUID

import pytest
from django.db import DataError, connection, transaction
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
