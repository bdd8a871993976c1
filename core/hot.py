"""Fixed statements run straight by the driver: answers whose shape the statement itself makes, and
writes of many rows.

A model's instances cost more than the query that reads them: Django turns each moment and each
JSON value into an object that the answer turns into text again. Here a statement names its columns
as the answer does, moments stay the driver's own, and jsonb goes into the answer unread.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, cast

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.rows import RowFactory, RowMaker


class _Unread(Loader):
    """JSON as it came, to be put into other JSON."""

    def load(self, data: Buffer) -> orjson.Fragment:
        return orjson.Fragment(bytes(data))


_adapters = AdaptersMap(psycopg.adapters)
_adapters.register_loader("jsonb", _Unread)


class _Cursor(psycopg.Cursor[dict[str, Any]]):
    def __init__(self, connected: psycopg.Connection[Any], statement: str) -> None:
        super().__init__(connected, row_factory=_as_dicts(statement))
        self._adapters = _adapters


@lru_cache(maxsize=1024)
def _as_dicts(statement: str) -> RowFactory[dict[str, Any]]:
    """Rows by the names of their columns, which are looked up once: the statement is a fixed
    one.
    """
    names: list[str] = []

    def of_cursor(cursor: Any) -> RowMaker[dict[str, Any]]:
        if not names:
            names[:] = [column.name for column in cursor.description or ()]
        return lambda values: dict(zip(names, values, strict=True))

    return of_cursor


Values = Sequence[Any] | Mapping[str, Any]


def rows(statement: str, values: Values) -> list[dict[str, Any]]:
    """The rows of a fixed statement, prepared once per connection: uuid as UUID, moments in UTC,
    jsonb as a fragment of JSON. It runs in the open transaction, under its tenant; whoever counts
    or watches Django's statements sees it too.
    """
    database = connections[DEFAULT_DB_ALIAS]
    cursor = _sent(database, statement, values)
    with database.wrap_database_errors:
        return cursor.fetchall()


def records(statement: str, values: Values) -> list[tuple[Any, ...]]:
    """The rows of a fixed statement as the driver gives them to Django's fields."""
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    cursor = psycopg.Cursor(database.connection)
    _run(database, cursor, statement, values)
    with database.wrap_database_errors:
        return cursor.fetchall()


def write(statement: str, values: Values) -> None:
    """Run a fixed statement whose result nobody asks for."""
    _sent(connections[DEFAULT_DB_ALIAS], statement, values)


def opening(statement: str, values: Sequence[Any]) -> bytes | None:
    """The one value, as text, of a fixed statement with which a transaction may begin; None where
    it gives no row. What begins the transaction travels with it, so nobody waits for that alone.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    return cast("bytes | None", _watched(database, database.ask_straight, statement, values, None))


@contextmanager
def pipelined() -> Iterator[None]:
    """Send what is written inside without waiting for each answer; a statement that gives rows
    waits for its own. An error of any of them is raised at the latest at the end, so an atomic
    block is opened outside, never inside.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database.wrap_database_errors, database.connection.pipeline():
        yield


def _sent(database: Any, statement: str, values: Values) -> _Cursor:
    database.ensure_connection()
    cursor = _Cursor(database.connection, statement)
    _run(database, cursor, statement, values)
    return cursor


def _run(database: Any, cursor: psycopg.Cursor[Any], statement: str, values: Values) -> None:
    _watched(database, partial(cursor.execute, prepare=True), statement, values, cursor)


def _watched(
    database: Any, execute: Callable[..., Any], statement: str, values: Values, cursor: Any
) -> Any:
    """Run it in the way of Django, for those who count, time or forbid statements."""
    database.validate_no_broken_transaction()

    def run(statement: str, values: Values, many: bool, context: Any) -> Any:
        return execute(statement, values)

    for wrapper in reversed(database.execute_wrappers):
        run = partial(wrapper, run)
    with database.wrap_database_errors:
        given = run(statement, values, False, {"connection": database, "cursor": cursor})
    if database.queries_logged:
        database.queries_log.append({"sql": statement, "time": "0"})
    return given
