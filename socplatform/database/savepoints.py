"""Savepoints that are sent when something is done in them.

Each verb of a request is a savepoint (core/audit.py). Django sends one as soon as it is begun or
released and waits for the answer. Here both are kept until the next statement and go ahead of it,
together and in their order; in a pipeline nobody waits for them. What nothing follows is not sent.
"""

from typing import Any

from psycopg.pq import PipelineStatus, TransactionStatus

from socplatform.database.straight import StraightStatements


class UnsentSavepoints(StraightStatements):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unsent: list[str] = []

    def validate_no_broken_transaction(self) -> None:
        """What is asked before each statement; so this is where they go ahead of it."""
        super().validate_no_broken_transaction()
        if self.unsent:
            waiting, self.unsent = self.unsent, []
            self._send(waiting)

    def _savepoint(self, sid: str) -> None:
        if self._has_failed():
            super()._savepoint(sid)
        else:
            self.unsent.append(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        begun = self.ops.savepoint_create_sql(sid)
        if begun in self.unsent:
            del self.unsent[self.unsent.index(begun) :]
        elif self._has_failed():
            super()._savepoint_commit(sid)
        else:
            self.unsent.append(self.ops.savepoint_commit_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        begun = self.ops.savepoint_create_sql(sid)
        if begun in self.unsent:
            del self.unsent[self.unsent.index(begun) + 1 :]  # nothing was done since
        else:
            self.unsent.clear()  # all of them lie within
            self._send([self.ops.savepoint_rollback_sql(sid)])

    def _commit(self) -> None:
        self.unsent.clear()
        super()._commit()

    def _rollback(self) -> None:
        self.unsent.clear()
        super()._rollback()

    def _close(self) -> None:
        self.unsent.clear()
        super()._close()

    def _has_failed(self) -> bool:
        """Whether the database refuses all but the end; it does so at once, as Django counts on."""
        status = self.connection.pgconn.transaction_status
        return bool(status == TransactionStatus.INERROR)

    def _send(self, statements: list[str]) -> None:
        """In one go; a pipeline takes them one by one, and waits for none."""
        if self.connection.pgconn.pipeline_status == PipelineStatus.OFF:
            self.send_straight(statements)
            return
        with self.wrap_database_errors:
            for statement in statements:
                self.connection.execute(statement)
