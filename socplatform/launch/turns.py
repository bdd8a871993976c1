"""Who starts the embedded server and who only uses it: `make run` and manage.py share one.

The starter holds `server.lock`; guests share `guests.lock`. A starter that ends waits for its
guests. The system frees both when a process ends, however it ends.
"""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from socplatform.launch.problem import LaunchError

Kind = Literal["run", "command"]
POLL = 0.05
READY_SECONDS = 120.0
RUN_SECONDS = 30.0  # another `make run` that was told to end is gone by then
READY, STARTING, STOPPING = "ready", "starting", "stopping"


@dataclass
class Turn:
    """One process's place: a starter, who must start the server and say when it is ready, or a
    guest.
    """

    server: int
    guests: int
    kind: Kind
    starter: bool = False

    def ready(self) -> None:
        self.note(READY)

    def note(self, state: str) -> None:
        os.ftruncate(self.server, 0)
        os.pwrite(self.server, f"{self.kind} {os.getpid()} {state}".encode(), 0)

    def end(self, *, within: float | None = None) -> None:
        """Before the server stops: let the guests finish, for at most the seconds given."""
        deadline = None if within is None else time.monotonic() + within
        if not _locked(self.guests, fcntl.LOCK_EX):
            print(
                "Other commands still use the database; waiting for them to end.",
                file=sys.stderr,
                flush=True,
            )
        while not _locked(self.guests, fcntl.LOCK_EX):
            if deadline is not None and time.monotonic() > deadline:
                break
            time.sleep(POLL)
        self.note(STOPPING)  # whoever comes now finds no server and takes the next turn


@contextmanager
def turn(folder: Path, *, kind: Kind, answers: Callable[[], bool]) -> Iterator[Turn]:
    """Wait for a place. A `run` is always a starter; a command is a guest where a server is
    ready.
    """
    with ExitStack() as stack:
        mine = Turn(
            _opened(folder / "server.lock", stack), _opened(folder / "guests.lock", stack), kind
        )
        _wait(mine, answers)
        yield mine


def _wait(mine: Turn, answers: Callable[[], bool]) -> None:
    began, said = time.monotonic(), False
    while not _locked(mine.server, fcntl.LOCK_EX):
        holder, pid, state = _holder(mine.server)
        if mine.kind == "command" and state == READY and _is_guest(mine, answers):
            return
        waited = time.monotonic() - began
        if mine.kind == "run" and not said:
            said = True
            print(f"The database is in use by process {pid}; waiting for it to end.", flush=True)
        if mine.kind == "run" and holder == "run" and waited > RUN_SECONDS:
            raise LaunchError(
                f"The platform already runs from this checkout (process {pid}). Stop it first."
            )
        if mine.kind == "command" and waited > READY_SECONDS:
            raise LaunchError(
                f"Process {pid} holds the database and does not get ready. Stop it, then try again."
            )
        time.sleep(POLL)
    mine.starter = True
    mine.note(STARTING)


def _is_guest(mine: Turn, answers: Callable[[], bool]) -> bool:
    """Take a guest's place, then look again: the server may have stopped in between."""
    if _locked(mine.guests, fcntl.LOCK_SH):
        if _holder(mine.server)[2] == READY and answers():
            return True
        fcntl.flock(mine.guests, fcntl.LOCK_UN)
    return False


def _holder(server: int) -> tuple[str, str, str]:
    words = os.pread(server, 100, 0).decode().split()
    return (words[0], words[1], words[2]) if len(words) == 3 else ("", "", "")


def _locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(path: Path, stack: ExitStack) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    stack.callback(os.close, handle)
    return handle
