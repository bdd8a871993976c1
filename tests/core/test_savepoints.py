"""Savepoints go ahead of the next statement, and undo what they always did."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from core import hot

pytestmark = pytest.mark.django_db


class Boom(Exception):
    pass


def put(value, cursor=None):
    """Something that a savepoint undoes."""
    statement = "select set_config('soc.put', %s, true)"
    if cursor is not None:
        return cursor.execute(statement, [value])
    with connection.cursor() as own:
        return own.execute(statement, [value])


def found():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('soc.put', true)")
        return cursor.fetchone()[0]


def undone(*writes):
    """A savepoint in which this is written, and which is undone."""
    with transaction.atomic():
        for value in writes:
            put(value)
        raise Boom


@pytest.fixture
def sent(monkeypatch):
    """The kinds of the statements that were sent from here on, savepoints among them."""
    put("begun")
    kinds = []
    send = connection._send

    def told(statements):
        kinds.append("+".join(each.split()[0] for each in statements))
        send(statements)

    def asked(execute, statement, *others):
        found = execute(statement, *others)
        kinds.append(statement.split()[0].upper())
        return found

    monkeypatch.setattr(connection, "_send", told)
    with connection.execute_wrapper(asked):
        yield kinds


def test_one_in_which_nothing_is_done_is_not_sent(sent):
    with transaction.atomic(), transaction.atomic():
        pass
    with pytest.raises(Boom):
        undone()

    assert sent == []


def test_each_goes_ahead_of_the_next_statement_in_their_order(sent):
    with transaction.atomic():
        with transaction.atomic():
            put("inner")
        put("outer")

        with transaction.atomic():
            put("next")

    assert sent == [
        "SAVEPOINT+SAVEPOINT",
        "SELECT",
        "RELEASE",
        "SELECT",
        "SAVEPOINT",
        "SELECT",
    ]


def test_the_end_of_one_and_the_begin_of_the_next_go_in_one(sent):
    for value in ("one", "two"):
        with transaction.atomic():
            put(value)

    assert sent == ["SAVEPOINT", "SELECT", "RELEASE+SAVEPOINT", "SELECT"]


def test_what_was_done_in_it_is_undone_alone():
    put("before")
    with transaction.atomic():
        put("outer")
        with pytest.raises(Boom):
            undone("inner")

    assert found() == "outer"


def test_what_was_done_in_one_within_it_is_undone_too():
    def outer():
        with transaction.atomic():
            with transaction.atomic():
                put("inner")
            raise Boom

    put("before")
    with pytest.raises(Boom):
        outer()

    assert found() == "before"


def test_after_one_that_was_never_sent_is_undone_all_goes_on(sent):
    with transaction.atomic():
        put("outer")
        with pytest.raises(Boom):
            undone()
        with transaction.atomic():
            put("inner")

    assert found() == "inner"
    assert "ROLLBACK" not in sent


def test_a_cursor_that_was_open_before_is_within_it():
    put("before")
    with connection.cursor() as cursor:
        sid = transaction.savepoint()
        put("inner", cursor)
        transaction.savepoint_rollback(sid)

    assert found() == "before"


def test_a_fault_that_was_kept_quiet_is_raised_at_its_end():
    def quiet():
        with transaction.atomic(), connection.cursor() as cursor:
            put("inner")
            with suppress(DatabaseError):
                cursor.execute("select 1 / 0")

    put("before")
    with pytest.raises(DatabaseError):
        quiet()

    assert found() == "before"


def test_where_the_transaction_has_failed_none_is_begun():
    def quiet():
        with transaction.atomic(), connection.cursor() as cursor:
            with suppress(DatabaseError):
                cursor.execute("select 1 / 0")
            with transaction.atomic():
                pass

    put("before")
    with pytest.raises(DatabaseError):
        quiet()

    assert found() == "before"


def test_in_a_pipeline_it_is_not_waited_for(sent):
    def faulty():
        with transaction.atomic(), hot.pipelined():
            hot.write("select set_config('soc.put', %s, true)", ["inner"])
            hot.rows("select 1 / %s", [0])

    put("before")
    with pytest.raises(DatabaseError):
        faulty()

    assert found() == "before"
    assert sent[1:3] == ["SAVEPOINT", "SELECT"]


@pytest.mark.django_db(transaction=True)
def test_the_commit_ends_all_that_are_open(sent):
    with transaction.atomic(), transaction.atomic():
        put("inner")

    assert [kind for kind in sent if kind != "SELECT"] == ["SAVEPOINT"]
    assert found() in ("", None)


def test_a_transaction_that_is_to_be_undone_takes_no_fixed_statement():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            hot.rows("select %s as one", [1])
