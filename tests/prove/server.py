"""A real server for proofs: one web process on a free port of loopback."""

import http.client
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from socplatform.launch import processes, run
from tests.prove.kills import until


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """The port of a server, and its process that answers."""
    port = free_port()
    os.environ["WEB_WORKERS"] = "1"
    env = run.FRUGAL | os.environ
    server = processes.start(run.web(port), output=subprocess.DEVNULL, env=env)
    try:
        until(lambda: children(server.pid) and answers(port))
        yield port, children(server.pid)[0]
    finally:
        processes.stop(server, by=signal.SIGTERM, within=10)


def peak(pid: int) -> int:
    """The most memory that a process has held since its peak was forgotten, in MiB (Linux)."""
    return _memory(pid, "VmHWM")


def held(pid: int) -> int:
    """The memory that a process holds now, in MiB (Linux)."""
    return _memory(pid, "VmRSS")


def forget_peak(pid: int) -> None:
    """Let the peak begin at what is held now (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _memory(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = next(line for line in lines if line.startswith(name))
    return int(found.split()[1]) // 1024


def answers(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", "/healthz")
        return link.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def children(pid: int) -> list[int]:
    """The processes that a process has started (Linux)."""
    try:
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
