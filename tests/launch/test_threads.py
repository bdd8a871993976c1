"""The pool of the web server's threads."""

from collections.abc import Iterator
from threading import Barrier, Event, get_ident

import pytest

from socplatform.launch.threads import WarmestFirst

SECONDS = 10


@pytest.fixture
def pool() -> Iterator[WarmestFirst]:
    threads = WarmestFirst(3)
    yield threads
    threads.shutdown()


def test_one_caller_is_answered_by_one_thread(pool: WarmestFirst) -> None:
    answered = {pool.submit(get_ident).result(SECONDS) for _ in range(200)}

    assert len(answered) == 1


def test_the_thread_that_became_idle_last_is_next(pool: WarmestFirst) -> None:
    met = Barrier(2)
    leaving = Event()

    def first() -> int:
        met.wait(SECONDS)
        return get_ident()

    def second() -> int:
        met.wait(SECONDS)
        leaving.wait(SECONDS)
        return get_ident()

    early, late = pool.submit(first), pool.submit(second)
    early.result(SECONDS)
    leaving.set()
    last = late.result(SECONDS)

    assert pool.submit(get_ident).result(SECONDS) == last


def test_no_more_than_so_many_work_at_once_and_the_others_wait(
    pool: WarmestFirst,
) -> None:
    busy = Barrier(4)
    done: list[int] = []
    holding = [pool.submit(busy.wait, SECONDS) for _ in range(3)]
    waiting = [pool.submit(done.append, number) for number in range(5)]

    assert not any(each.done() for each in waiting)

    busy.wait(SECONDS)
    for each in (*holding, *waiting):
        each.result(SECONDS)
    assert sorted(done) == [0, 1, 2, 3, 4]


def test_a_fault_is_told_and_the_thread_goes_on(pool: WarmestFirst) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 1, 0).result(SECONDS)

    assert pool.submit(divmod, 7, 2).result(SECONDS) == (3, 1)


def test_what_was_handed_in_is_done_before_the_end() -> None:
    pool = WarmestFirst(1)
    may_go = Event()
    held = pool.submit(may_go.wait, SECONDS)
    waiting = pool.submit(get_ident)
    pool.shutdown(wait=False)
    may_go.set()

    assert held.result(SECONDS)
    assert waiting.result(SECONDS)
    pool.shutdown()
    with pytest.raises(RuntimeError):
        pool.submit(get_ident)
