"""The web server's threads: one that has answered stays with its connection for a moment.

A tool sends one request after another on one connection. gunicorn hands each of them from its main
thread to whichever thread is next, and back again; that costs as much as a small answer does, and
each time another connection to the database is woken.
"""

import select
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

MOMENT = 1  # ms


class StayingWorker(ThreadWorker):
    """gunicorn's threads, of which none leaves a connection whose next request is on its way, as
    long as there is a thread for every request.
    """

    def handle(self, conn: Any) -> object:
        """Answer a request, and those that follow at once. As gunicorn's: True where the connection
        is to be kept.
        """
        kept = super().handle(conn)
        while kept is True and self._has_time() and _asks_on(conn):
            kept = super().handle(conn)
        return kept

    def _has_time(self) -> bool:
        """Whether no request waits for a thread, and the server is not ending."""
        busy: int = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        return bool(self.alive and busy <= self.cfg.threads)


def _asks_on(conn: Any) -> bool:
    """Whether its next request came along with the last one, or comes within the moment."""
    waiting = select.poll()
    waiting.register(conn.sock, select.POLLIN)
    return bool(conn.parser.unreader.buf.getvalue() or waiting.poll(MOMENT))
