"""PostgreSQL, with the current tenant set at the start of each transaction and a way to act as
another role.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import creation, operations

from core import tenancy
from socplatform.database.savepoints import UnsentSavepoints

PEOPLE = "core_person"
JOBS = "procrastinate_jobs"
TRUSTED = 2.0  # seconds


class DatabaseCreation(creation.DatabaseCreation):
    """Test databases belong to the owner, as real ones do; the tests themselves run as the app
    role.
    """

    connection: "DatabaseWrapper"

    def create_test_db(self, *args: Any, **kwargs: Any) -> str:
        with self.connection.as_role("owner"):
            return super().create_test_db(*args, **kwargs)

    def _clone_test_db(self, *args: Any, **kwargs: Any) -> None:
        with self.connection.as_role("owner"):
            super()._clone_test_db(*args, **kwargs)

    def _destroy_test_db(self, *args: Any, **kwargs: Any) -> None:
        with self.connection.as_role("owner"):
            super()._destroy_test_db(*args, **kwargs)


class DatabaseOperations(operations.DatabaseOperations):
    """Emptying the database is the owner's to do: the app role may not TRUNCATE."""

    connection: "DatabaseWrapper"

    def sql_flush(self, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        """Without the system's person, whom a migration makes and in whose name all jobs write."""
        emptied = [name for name in tables if name != PEOPLE]
        statements: list[str] = super().sql_flush(style, emptied, **options)
        if PEOPLE in tables:
            statements.append(f"DELETE FROM {PEOPLE} WHERE kind <> 'system'")  # noqa: S608 - ours
            statements.append(f"TRUNCATE {JOBS} CASCADE")  # Django does not know these as its own
        return statements

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        with self.connection.as_role("owner"):
            super().execute_sql_flush(sql_list)


class DatabaseWrapper(UnsentSavepoints):
    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
    looked_at = float("-inf")

    def close_if_health_check_failed(self) -> None:
        """A connection that a request used a moment ago is not asked again whether it lives: under
        load that is a round trip a request. One that broke since fails that request and is closed.
        """
        now = time.monotonic()
        if now - self.looked_at < TRUSTED:
            self.health_check_done = True
        self.looked_at = now
        super().close_if_health_check_failed()

    def _set_autocommit(self, autocommit: bool) -> None:
        """Each transaction learns its tenant as its first act; the setting dies with the
        transaction.
        """
        super()._set_autocommit(autocommit)
        tenant_id = tenancy.current()
        if not autocommit and tenant_id is not None and self.connection is not None:
            self.send_straight([f"SELECT set_config('app.tenant_id', '{tenant_id}', true)"])

    @contextmanager
    def as_role(self, name: str) -> Iterator[None]:
        """Reconnect as the `owner` or the `platform` role; on leaving, as before.

        The settings are changed, not a flag, since Django builds further wrappers from them.
        """
        if self.in_atomic_block:
            raise RuntimeError("The role cannot be changed inside a transaction.")
        credentials = settings.DATABASE_ROLES[name]
        before = {key: self.settings_dict[key] for key in ("USER", "PASSWORD")}
        self.close()
        self.settings_dict.update(USER=credentials["USER"], PASSWORD=credentials["PASSWORD"])
        try:
            yield
        finally:
            self.close()
            self.settings_dict.update(before)
