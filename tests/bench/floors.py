"""The most that this machine does on the same tables, with psycopg alone: no web, no rules."""

import time
from collections.abc import Callable, Iterator
from itertools import cycle
from uuid import UUID

import orjson
import psycopg
from psycopg.rows import dict_row

SECONDS = 2.0
RAW = ("raw_data", "last_raw_data")


class Floors:
    """Measures on a connection of its own that no row security slows down, prepared statements and
    all.
    """

    def __init__(self, url: str, tenant_id: UUID) -> None:
        self.connection = psycopg.connect(url, autocommit=True, row_factory=dict_row)
        self.connection.prepare_threshold = 1
        self.tenant_id = tenant_id
        found = self.connection.execute(
            "select column_name from information_schema.columns where table_name = 'soc_alert'"
        )
        self.columns = [row["column_name"] for row in found.fetchall()]
        self.quoted = ", ".join(f'"{name}"' for name in self.columns)

    def page(self) -> float:
        """Pages a second: every column but the raw ones of the 50 newest, as JSON."""
        columns = ", ".join(f'"{name}"' for name in self.columns if name not in RAW)
        statement = (
            f"select {columns} from soc_alert where tenant_id = %s and not is_deleted "
            "order by id desc limit 50"
        )
        return _rate(
            lambda: orjson.dumps(self.connection.execute(statement, [self.tenant_id]).fetchall())
        )

    def one(self, pks: list[UUID]) -> float:
        """Alerts a second: every column of one, as JSON."""
        statement = f"select {self.quoted} from soc_alert where tenant_id = %s and id = %s"
        turn = cycle(pks)
        return _rate(
            lambda: orjson.dumps(
                self.connection.execute(statement, [self.tenant_id, next(turn)]).fetchone()
            )
        )

    def acknowledge(self, pks: list[UUID]) -> float:
        """UPDATE and COMMIT, a second."""
        statement = (
            "update soc_alert set status = 'acknowledged', acknowledged_at = now(), "
            "version = version + 1, updated_at = now() where tenant_id = %s and id = %s"
        )
        turn = cycle(pks)
        return _rate(lambda: self.connection.execute(statement, [self.tenant_id, next(turn)]))

    def insert(self) -> float:
        """INSERT of one alert with its raw record and COMMIT, a second."""
        row = self._newest(1)[0]
        marks = ", ".join("%s" for _ in self.columns)
        statement = f"insert into soc_alert ({self.quoted}) values ({marks})"
        ids = _new_ids(row["id"])
        values = [_sent(row[name]) for name in self.columns]
        place = self.columns.index("id")

        def once() -> None:
            values[place] = next(ids)
            self.connection.execute(statement, values)

        return _rate(once)

    def copy(self, count: int) -> float:
        """Rows a second: COPY of the alerts that were imported last."""
        taken = self._copied_out(count)
        started = time.perf_counter()
        with self.connection.cursor() as cursor, cursor.copy(self._into()) as copy:
            copy.write(taken)
        passed = time.perf_counter() - started
        self.connection.execute("delete from soc_alert where source = 'copied'")
        self.connection.execute("vacuum soc_alert")
        return count / passed

    def _copied_out(self, count: int) -> bytes:
        shown = {
            "id": "(substr(id::text, 1, 24) || substr(md5(id::text), 1, 12))::uuid",
            "source": "'copied'",
        }
        columns = ", ".join(shown.get(name, f'"{name}"') for name in self.columns)
        statement = (
            f"copy (select {columns} from soc_alert where tenant_id = '{self.tenant_id}' "
            f"order by id desc limit {count}) to stdout"
        )
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            return b"".join(bytes(part) for part in copy)

    def _into(self) -> str:
        return f"copy soc_alert ({self.quoted}) from stdin"

    def _newest(self, count: int) -> list[dict[str, object]]:
        statement = (
            f"select {self.quoted} from soc_alert where tenant_id = %s order by id desc limit %s"
        )
        return self.connection.execute(statement, [self.tenant_id, count]).fetchall()


def _rate(once: Callable[[], object]) -> float:
    """How often a second, after a short warm-up."""
    for _ in range(20):
        once()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        once()
        count += 1
    return count / (time.perf_counter() - started)


def _new_ids(after: object) -> Iterator[UUID]:
    number = UUID(str(after)).int
    while True:
        number += 1
        yield UUID(int=number)


def _sent(value: object) -> object:
    return orjson.dumps(value).decode() if isinstance(value, (dict, list)) else value
