"""`make run`, with a small server and a small worker in the place of the real ones."""

import http.client
import os
import re
import signal
import socket
import subprocess
from dataclasses import dataclass

import pytest

from tests.launch.checkout import Checkout, alive, eventually, line

MANAGE = """
import os, sys, time
if sys.argv[1] == "work":
    print("worker", os.getpid(), flush=True)
    time.sleep(600)
print("did", sys.argv[1], "DATABASE_OWNER_URL" in os.environ, flush=True)
"""
WSGI = """
import os
def application(environ, start_response):
    start_response("200 OK", [])
    return [f"{os.getppid()} {'DATABASE_OWNER_URL' in os.environ}".encode()]
"""
RUN = """
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a background shell leaves it
from socplatform.launch.run import run
sys.exit(run())
"""


@dataclass
class Platform:
    process: subprocess.Popen[str]
    port: int
    heard: list[str]

    def hear(self, pattern: str) -> str:
        """Read on until a line matches; its first group."""
        while text := line(self.process):
            self.heard.append(text)
            if found := re.search(pattern, text):
                return found[1]
        raise AssertionError(f"{pattern} was not said: {self.heard}")

    def web(self) -> list[str]:
        """The web server's process id and whether it knows the owner's URL; nothing while it is
        away.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().read().decode().split()
        except (OSError, http.client.HTTPException):
            return []
        finally:
            connection.close()

    def children(self) -> list[int]:
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(pid) for pid in found.stdout.split()]


@pytest.fixture
def platform(checkout: Checkout) -> Platform:
    (checkout.folder / "manage.py").write_text(MANAGE)
    (checkout.folder / "socplatform" / "wsgi.py").write_text(WSGI)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = checkout.python(
        RUN, PORT=str(port), WEB_WORKERS="1", DEMO_PASSWORD="demo of the test"
    )
    return Platform(process, port, [])


def test_run_prepares_serves_and_ends_with_all_its_children(platform: Platform) -> None:
    address = platform.hear("^Ready: (.+?) ")
    known = platform.web()
    children = platform.children()

    os.kill(platform.process.pid, signal.SIGINT)

    assert platform.process.wait(30) == 0
    assert address == f"http://127.0.0.1:{platform.port}/"
    assert [text for text in platform.heard if text.startswith("did")] == [
        "did migrate True",
        "did load_demo True",
    ]
    assert known[1] == "False"  # the servers act as the app role alone
    assert len(children) == 3
    assert not any(alive(pid) for pid in children)
    assert platform.web() == []


def test_a_killed_server_or_worker_is_started_again(platform: Platform) -> None:
    worker = int(platform.hear(r"^worker (\d+)"))
    platform.hear("^(Ready)")
    web = int(platform.web()[0])

    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)

    assert int(platform.hear(r"^worker (\d+)")) != worker
    assert eventually(lambda: platform.web()[:1] not in ([], [str(web)]))
    platform.process.terminate()
    assert platform.process.wait(30) == 0


def test_everything_ends_when_run_is_killed(platform: Platform) -> None:
    platform.hear("^(Ready)")
    children = platform.children()

    platform.process.kill()

    assert len(children) == 3
    assert eventually(lambda: not any(alive(pid) for pid in children))
    assert eventually(lambda: platform.web() == [])


def test_run_ends_with_a_sentence_when_its_database_dies(platform: Platform) -> None:
    platform.hear("^(Ready)")
    database = next(pid for pid in platform.children() if "postgres" in command_of(pid))

    os.kill(database, signal.SIGKILL)

    assert platform.hear("^The database ended (unexpectedly)")
    assert platform.process.wait(30) == 1


def test_run_names_another_port_when_its_own_is_taken(checkout: Checkout) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = checkout.output(RUN, PORT=str(port))

    assert len(said) == 1
    assert said[0].startswith(f"Port {port} cannot be used")
    assert f"PORT={port + 1} make run" in said[0]


def command_of(pid: int) -> str:
    found = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout
