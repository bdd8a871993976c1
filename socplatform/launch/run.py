"""`make run`: the one parent of the database, the web server and the worker."""

import http.client
import os
import signal
import socket
import sys
import time

from socplatform.launch import processes
from socplatform.launch.environment import Database, ensure_database, given
from socplatform.launch.places import CHECKOUT
from socplatform.launch.problem import LaunchError
from socplatform.launch.supervised import Supervised

DEMO_PASSWORD = "analyst-desk-demo"  # noqa: S105 - printed for everybody, like the demo's people
# glibc gives large blocks back at once, and keeps one heap for all threads: what one body of ten
# megabytes took is not held on to by each of them.
FRUGAL = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "131072"}
READY_SECONDS = 120.0
STOP_SECONDS = 12.0
POLL = 0.1
# The servers act as the app role alone: nobody who takes one over finds the other roles' passwords
# in it.
WITHHELD = ("DATABASE_OWNER_URL", "DATABASE_PLATFORM_URL")


class Stopped(Exception):
    """Somebody asked for the end while something was being prepared."""


class End:
    """Whether somebody has asked for the end.

    A signal handler may only set an attribute: a threading.Event takes a lock, and a second signal
    that arrives while the first is being noted would wait for it for ever.
    """

    wanted = False

    def want(self, *_: object) -> None:
        self.wanted = True

    def is_set(self) -> bool:
        return self.wanted

    def wait(self, seconds: float) -> bool:
        time.sleep(seconds)
        return self.wanted


def run() -> int:
    """Serve until told to end; the exit status."""
    stop = End()
    # Both are set: a shell that starts us in the background leaves SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop.want)
    try:
        port = _port()
        _say("Starting the database.")
        with ensure_database(kind="run") as database:
            _prepare(stop)
            return _serve(port, database, stop)
    except Stopped:
        return 0
    except LaunchError as problem:
        print(problem, file=sys.stderr)
        return 1


def _port() -> int:
    text = given("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LaunchError(f"PORT is '{text}'; write a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise LaunchError(
                f"Port {text} cannot be used ({error.strerror}). Choose another one: "
                f"PORT={int(text) + 1} make run"
            ) from error
    return int(text)


def _prepare(stop: End) -> None:
    os.environ.setdefault("BEHIND_TLS", "0")
    if not given("DEMO_PASSWORD"):
        os.environ["DEMO_PASSWORD"] = DEMO_PASSWORD
    _say("Bringing the tables up to date.")
    _step("migrate", "--verbosity", "0", stop=stop)
    _say("Loading the demo, if it is not there.")
    _step("load_demo", stop=stop)


def _step(*arguments: str, stop: End) -> None:
    """Run one manage.py command to its end, or to ours."""
    child = processes.start(manage(*arguments), cwd=CHECKOUT)
    try:
        while child.poll() is None:
            if stop.wait(POLL):
                raise Stopped
    finally:
        processes.stop(child, by=signal.SIGTERM, within=STOP_SECONDS)
    if child.returncode != 0:
        raise LaunchError(
            f"`manage.py {arguments[0]}` did not succeed; what it says above tells why."
        )


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(CHECKOUT / "manage.py"), *arguments]


def web(port: int, workers: str = "") -> list[str]:
    """The command of the web server, with so many processes; else as many as WEB_WORKERS says."""
    workers = workers or given("WEB_WORKERS") or "2"
    return [
        *(sys.executable, "-m", "gunicorn", "socplatform.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}", "--workers", workers),
        *("--worker-class", "socplatform.launch.staying.StayingWorker", "--threads", "4"),
        *("--graceful-timeout", "8"),
        *("--no-control-socket", "--log-level", "warning"),
    ]


def _serve(port: int, database: Database, stop: End) -> int:
    env = {name: value for name, value in os.environ.items() if name not in WITHHELD}
    env = FRUGAL | env
    env.setdefault("DJANGO_SETTINGS_MODULE", "socplatform.settings")
    servers = [Supervised("web server", web(port), env), Supervised("worker", manage("work"), env)]
    try:
        for server in servers:
            server.start()
        return _watch(servers, port, database, stop)
    finally:
        _say("Ending.")
        for server in servers:
            server.ask_to_end()
        deadline = time.monotonic() + STOP_SECONDS  # one for both: they end side by side
        for server in servers:
            server.end(within=max(0.0, deadline - time.monotonic()))


def _watch(servers: list[Supervised], port: int, database: Database, stop: End) -> int:
    """Restart what dies, until told to end. Without its database nothing can go on."""
    ready, deadline = False, time.monotonic() + READY_SECONDS
    while not stop.wait(POLL):
        if database.server is not None and database.server.process.poll() is not None:
            raise LaunchError(
                f"The database ended unexpectedly; {database.server.cluster.log} may say why. Run "
                "`make run` again."
            )
        for server in servers:
            server.watch()
        if not ready and _answers(port):
            ready = True
            _announce(port, database)
        if not ready and (
            time.monotonic() > deadline or any(server.fails_at_start for server in servers)
        ):
            raise LaunchError(
                "The platform does not get ready; what its servers say above tells why."
            )
    return 0


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _announce(port: int, database: Database) -> None:
    address = f"http://127.0.0.1:{port}/"
    _say(f"Ready: {address} (the desk: {address}admin/, the API: {address}api/v1/explorer)")
    _say(
        "Sign in as analyst@acme.test, manager@acme.test, admin@globex.test, mssp@watch.test or "
        "operator@watch.test,"
    )
    _say(
        f"password {os.environ['DEMO_PASSWORD']}. The data are in {database.place}. Ctrl-C ends "
        "everything."
    )


def _say(text: str) -> None:
    print(text, flush=True)
