"""Fixed statements run straight by the driver: answers whose shape the statement itself makes, and
writes of many rows.

A model's instances cost more than the query that reads them: Django turns each moment and each
JSON value into an object that the answer turns into text again. Here a statement names its columns
as the answer does, moments stay the driver's own, and jsonb goes into the answer unread.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import orjson
import psycopg
from django.db import connection
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.rows import dict_row


class _Unread(Loader):
    """JSON as it came, to be put into other JSON."""

    def load(self, data: Buffer) -> orjson.Fragment:
        return orjson.Fragment(bytes(data))


_adapters = AdaptersMap(psycopg.adapters)
_adapters.register_loader("jsonb", _Unread)


class _Cursor(psycopg.Cursor[dict[str, Any]]):
    def __init__(self, connected: psycopg.Connection[Any]) -> None:
        super().__init__(connected, row_factory=dict_row)
        self._adapters = _adapters


Values = Sequence[Any] | Mapping[str, Any]


def rows(statement: str, values: Values) -> list[dict[str, Any]]:
    """The rows of a fixed statement, prepared once per connection: uuid as UUID, moments in UTC,
    jsonb as a fragment of JSON. It runs in the open transaction, under its tenant; whoever counts
    or watches Django's statements sees it too.
    """
    with _executed(statement, values) as cursor:
        return cursor.fetchall()


def write(statement: str, values: Values) -> None:
    """Run a fixed statement whose result nobody asks for."""
    with _executed(statement, values):
        return


@contextmanager
def pipelined() -> Iterator[None]:
    """Send what is written inside without waiting for each answer; a statement that gives rows
    waits for its own. An error of any of them is raised at the latest at the end.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


@contextmanager
def _executed(statement: str, values: Values) -> Iterator[_Cursor]:
    connection.ensure_connection()
    with connection.wrap_database_errors, _Cursor(connection.connection) as cursor:
        run: Any = partial(_run, cursor)
        for wrapper in reversed(connection.execute_wrappers):
            run = partial(wrapper, run)
        run(statement, values, False, {"connection": connection, "cursor": cursor})
        if connection.queries_logged:
            connection.queries_log.append({"sql": statement, "time": "0"})
        yield cursor


def _run(cursor: _Cursor, statement: str, values: Values, many: bool, context: Any) -> Any:
    return cursor.execute(statement, values, prepare=True)
