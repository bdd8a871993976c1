"""Work that the database ended to free others, done again."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3


def after_deadlock(function: Callable[P, R]) -> Callable[P, R]:
    """Do again what was chosen to end a deadlock, up to three times in all.

    The function is a transaction, or a savepoint, of its own: what it did is undone before it
    begins anew, and its locks are let go.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
        return function(*args, **kwargs)

    return run
