"""The threads of the web server: the one that became idle last answers next.

Each thread has a connection of its own, and behind it a process of the database that has learnt the
tables it writes. The pool of the standard library takes its threads in turn, so that even a single
caller finds each of them cold.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

Tell = Callable[[], None]
Task = Callable[[], Tell]


class WarmestFirst:
    """As much of an Executor as gunicorn asks for: at most so many threads, one more whenever all
    are at work.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._threads: list[Thread] = []
        self._idle: list[SimpleQueue[Task | None]] = []  # what idle threads wait at, the last last
        self._waiting: deque[Task] = deque()
        self._is_ended = False
        self._lock = Lock()

    def submit(self, function: Callable[..., Any], /, *args: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        task = partial(_done, future, function, args)
        with self._lock:
            if self._is_ended:
                raise RuntimeError("The threads were told to end.")
            if self._idle:
                self._idle.pop().put(task)
            elif len(self._threads) < self._most:
                self._start(task)
            else:
                self._waiting.append(task)
        return future

    def shutdown(self, wait: bool = True) -> None:
        """Do what was handed in, then end."""
        with self._lock:
            self._is_ended = True
            for place in self._idle:
                place.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _start(self, first: Task) -> None:
        place: SimpleQueue[Task | None] = SimpleQueue()
        place.put(first)
        # Daemons: nothing that hangs keeps a process that was told to end.
        self._threads.append(Thread(target=self._serve, args=[place], daemon=True))
        self._threads[-1].start()

    def _serve(self, place: "SimpleQueue[Task | None]") -> None:
        while task := place.get():
            tell = task()
            self._take_next(place)
            tell()
            del task, tell  # nothing of a request outlives it here

    def _take_next(self, place: "SimpleQueue[Task | None]") -> None:
        """Before anybody hears of the result: the caller's next request finds this thread idle."""
        with self._lock:
            if self._waiting:
                place.put(self._waiting.popleft())
            elif self._is_ended:
                place.put(None)
            else:
                self._idle.append(place)


def _done(future: "Future[Any]", function: Callable[..., Any], args: tuple[Any, ...]) -> Tell:
    """Run it; what comes back tells the future."""
    future.set_running_or_notify_cancel()
    try:
        result = function(*args)
    except BaseException as error:  # noqa: BLE001 - whoever asks the future hears of it
        return partial(future.set_exception, error)
    return partial(future.set_result, result)


class Worker(ThreadWorker):
    """gunicorn's worker with threads, over this pool."""

    def get_thread_pool(self) -> WarmestFirst:
        return WarmestFirst(self.cfg.threads)
