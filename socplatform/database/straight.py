"""Statements of ours that go straight to the server, in one journey, together with what begins the
transaction.

The driver begins a transaction with a statement of its own and waits for it, and its cursor costs a
small statement as much again as the database does. That is for nothing where a transaction begins
with a setting, a savepoint, or the question who calls.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from psycopg import errors, sql
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

GOOD = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class StraightStatements(base.DatabaseWrapper):
    def send_straight(self, statements: Sequence[str]) -> PGresult:
        """Run them in their order and give the result of the last. The transaction begins with them
        where one is due.
        """
        pgconn = self.connection.pgconn
        due = not self.connection.autocommit
        if due and pgconn.transaction_status == TransactionStatus.IDLE:
            statements = ["BEGIN", *statements]
        with self.wrap_database_errors:
            result: PGresult = pgconn.exec_("; ".join(statements).encode())
            if pgconn.status == ConnStatus.BAD:
                raise errors.OperationalError("The connection to the database is lost.")
            if result.status not in GOOD:
                raise errors.error_from_result(result)
        return result

    def ask_straight(self, statement: str, values: Sequence[Any]) -> bytes | None:
        """The one value that a statement gives, as text; None where it gives no row."""
        quoted = tuple(sql.quote(value, self.connection) for value in values)
        result = self.send_straight([statement % quoted])
        return result.get_value(0, 0) if result.ntuples else None
