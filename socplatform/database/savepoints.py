"""Savepoints that travel with the next statement, instead of being waited for by themselves.

Each verb of a request is a savepoint (core/audit.py). Django sends one as soon as it is begun or
released and waits for the answer: two journeys to the database a verb. Here it waits for the next
statement and goes ahead of that one; what nothing follows is not sent at all. Whoever counts
statements does not see them: one may have begun long before.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class LateSavepoints(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.late: list[str] = []  # statements that the next one takes along, in their order

    def validate_no_broken_transaction(self) -> None:
        """What is asked before each statement; so this is where they go ahead of it."""
        super().validate_no_broken_transaction()
        while self.late:
            self._send_now(self.late.pop(0))

    def _savepoint(self, sid: str) -> None:
        self.late.append(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        begun = self.ops.savepoint_create_sql(sid)
        if begun in self.late:
            del self.late[self.late.index(begun) :]
        elif self.connection.pgconn.transaction_status == TransactionStatus.INERROR:
            super()._savepoint_commit(sid)  # the database refuses, as Django counts on
        else:
            self.late.append(self.ops.savepoint_commit_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        begun = self.ops.savepoint_create_sql(sid)
        if begun in self.late:
            del self.late[self.late.index(begun) + 1 :]  # nothing was done since
        else:
            self.late.clear()  # all of them lie within
            self._send_now(self.ops.savepoint_rollback_sql(sid))

    def _commit(self) -> None:
        self.late.clear()
        super()._commit()

    def _rollback(self) -> None:
        self.late.clear()
        super()._rollback()

    def _close(self) -> None:
        self.late.clear()
        super()._close()

    def _send_now(self, statement: str) -> None:
        with self.wrap_database_errors:
            self.connection.execute(statement)
