"""Work one step ahead in a second thread: while the database writes one batch, the next is made."""

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
# Seconds. By default the thread that was told of the database's answer may wait five milliseconds
# for its turn, a dozen times a batch.
TURN = 0.001


def one_ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items in the same order, the next one made while this one is used. At most two are
    held. An error of the source is raised where its item would have come; the source must not touch
    the database, whose connection belongs to a thread.
    """
    source, end = iter(items), object()
    with _short_turns(), ThreadPoolExecutor(max_workers=1) as second:
        coming = second.submit(next, source, end)
        while (item := coming.result()) is not end:
            coming = second.submit(next, source, end)
            yield item  # type: ignore[misc]


@contextmanager
def _short_turns() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
