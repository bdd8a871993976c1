"""The real server, driven by wrk from outside, and by plain HTTP where one answer's time counts."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from socplatform.launch import processes, run

SECONDS = 4
MISSING = (
    "The bench drives the server with wrk, which is not here. On Debian and Ubuntu: "
    "apt-get install wrk"
)
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")


class BenchError(Exception):
    """The bench cannot go on; the text says why."""


def require_wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise BenchError(MISSING)
    return found


@contextmanager
def server(changed: Mapping[str, str] | None = None) -> Iterator[int]:
    """One web process on a port of its own, as it is served in production; `changed` variables are
    its own.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = run.web(port, workers="1")
    child = processes.start(
        command, env={**run.FRUGAL, **os.environ, **(changed or {})}, output=subprocess.DEVNULL
    )
    try:
        _until_it_answers(port)
        yield port
    finally:
        processes.stop(child, by=signal.SIGTERM, within=10)


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if get(port, "/readyz", {})[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise BenchError("The web server does not answer.")


def wrk(port: int, path: str, headers: dict[str, str], *, script: str = "", many: int = 1) -> float:
    """Requests a second over `many` connections; refused when an answer was an error."""
    command = [require_wrk(), "-t1", f"-c{many}", f"-d{SECONDS}s", "--timeout", "20s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        if script:
            file.write(script)
            file.flush()
            command += ["-s", file.name]
        command.append(f"http://127.0.0.1:{port}{path}")
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    refused, rate = _REFUSED.search(said), _RATE.search(said)
    if refused or not rate:
        raise BenchError(f"{path}: {refused[0] if refused else said}")
    return float(rate[1])


def answer_time(port: int, path: str, headers: dict[str, str], *, times: int = 40) -> float:
    """The median time of an answer on one connection, in ms."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        answer.read()
        taken.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            raise BenchError(f"{path} -> {answer.status}")
    link.close()
    return median(taken)


def get(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


def import_rate(paths: list[Path], tenant: str, count: int) -> float:
    """Records a second of `import_alerts`, a process for each file, all at once."""
    commands = [
        run.manage("import_alerts", "--tenant", tenant, "--format", "suricata", str(path))
        for path in paths
    ]
    started = time.perf_counter()
    children = [subprocess.Popen(each, stdout=subprocess.PIPE, text=True) for each in commands]
    said = [child.communicate()[0].splitlines()[-1] for child in children]
    passed = time.perf_counter() - started
    if any(f"created={count} " not in line for line in said):
        raise BenchError(f"import_alerts: {said}")
    return count * len(paths) / passed
