"""Child processes that end with us, even when we are killed."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from socplatform.launch.places import Account

PR_SET_PDEATHSIG = 1


def start(
    command: Sequence[str | Path],
    *,
    dies_by: signal.Signals = signal.SIGKILL,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that a Ctrl-C reaches us alone and we end it in
    order.

    Call it from the main thread: the kernel counts the end of the thread that forked as the end of
    the parent.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_bound_to_us(dies_by),  # noqa: PLW1509 - no thread of ours holds a lock here
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def stop(child: subprocess.Popen[bytes], *, by: signal.Signals, within: float) -> None:
    """Ask the child to end; after the given seconds end it and its own children."""
    if child.poll() is None:
        child.send_signal(by)
        with suppress(subprocess.TimeoutExpired):
            child.wait(within)
    sweep(child)


def sweep(child: subprocess.Popen[bytes]) -> None:
    """End what is left of the child's group, such as the workers of a web server that was
    killed.
    """
    # macOS says PermissionError for a group of ended processes.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _bound_to_us(dies_by: signal.Signals) -> Callable[[], None] | None:
    """Linux only. Popen calls it after the change of user, which would clear the setting."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, int(dies_by), 0, 0, 0)
        if os.getppid() != parent:  # we were killed between fork and here
            os._exit(1)

    return bind
