"""Rows read straight from the driver, for answers whose shape the statement itself makes.

A model's instances cost more than the query that reads them: Django turns each moment and each JSON
value into an object that the answer turns into text again. Here a statement names its columns as the
answer does, moments stay the driver's own, and jsonb goes from the database into the answer unread.
"""

from collections.abc import Sequence
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


def rows(statement: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows of a fixed statement, prepared once per connection: uuid as UUID, moments in UTC,
    jsonb as a fragment of JSON. It runs in the open transaction, under its tenant; whoever counts
    or watches Django's statements sees it too.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, _Cursor(connection.connection) as cursor:
        run: Any = partial(_run, cursor)
        for wrapper in reversed(connection.execute_wrappers):
            run = partial(wrapper, run)
        run(statement, values, False, {"connection": connection, "cursor": cursor})
        if connection.queries_logged:
            connection.queries_log.append({"sql": statement, "time": "0"})
        return cursor.fetchall()


def _run(cursor: _Cursor, statement: str, values: Sequence[Any], many: bool, context: Any) -> Any:
    return cursor.execute(statement, values, prepare=True)
