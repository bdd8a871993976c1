"""Work that the database ended to free others, done again."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3


def after_deadlock(function: Callable[P, R]) -> Callable[P, R]:
    """Do again what was chosen to end a deadlock, up to three times in all.

    The function is a transaction, or a savepoint, of its own: what it did is undone before it
    begins anew, and its locks are let go. Where it is a part of another one, that one is to begin
    anew, and the error is raised.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                ended = isinstance(error.__cause__, DeadlockDetected)
                if not ended or connection.needs_rollback:
                    raise
        return function(*args, **kwargs)

    return run
