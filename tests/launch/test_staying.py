"""The web server's threads, with a small application in the place of the real one."""

import http.client
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, closing, contextmanager

import pytest

from socplatform.launch import processes, staying

APPLICATION = """
import threading, time
from socplatform.launch import staying
staying.MOMENT = {moment}
def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/slow":
        time.sleep(0.3)
    body = threading.current_thread().name.encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""
WORKER = "socplatform.launch.staying.StayingWorker"
THREADS = 2
LONG = 60_000  # ms: longer than any test


@contextmanager
def served(folder, moment=staying.MOMENT):
    (folder / "small.py").write_text(APPLICATION.format(moment=moment))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [
            *(sys.executable, "-m", "gunicorn", "small:application", "--chdir", str(folder)),
            *("--bind", f"fd://{listener.fileno()}", "--worker-class", WORKER),
            *("--threads", str(THREADS), "--no-control-socket", "--log-level", "warning"),
        ]
        child = subprocess.Popen(command, pass_fds=[listener.fileno()], start_new_session=True)
        try:
            yield listener.getsockname()[1], child
        finally:
            processes.stop(child, by=signal.SIGTERM, within=10)


@pytest.fixture
def server(tmp_path):
    with served(tmp_path) as given:
        yield given


@pytest.fixture
def port(server):
    return server[0]


def ask(link, path="/"):
    link.request("GET", path)
    return answer(link)


def answer(link):
    found = link.getresponse()
    return found.status, found.read().decode()


def connected(port):
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20))


def answers_to(links, path):
    """What several connections are answered that ask at the same moment."""
    for link in links:
        link.request("GET", path)
    return [answer(link) for link in links]


def test_requests_one_after_another_stay_with_one_thread(tmp_path):
    with served(tmp_path, moment=LONG) as (port, _), connected(port) as one, connected(port) as two:
        threads = {name for _, name in answers_to([one, two], "/slow")}
        names = {ask(one) for _ in range(10)}

    assert len(threads) == THREADS
    assert len(names) == 1


def test_no_thread_stays_while_a_request_waits_for_one(tmp_path):
    with served(tmp_path, moment=LONG) as (port, _), ExitStack() as open_links:
        links = [open_links.enter_context(connected(port)) for _ in range(THREADS + 1)]

        found = answers_to(links, "/slow")

    assert [status for status, _ in found] == [200] * (THREADS + 1)


def test_many_connections_are_all_answered(port):
    found = []

    def several():
        with connected(port) as link:
            found.extend(ask(link)[0] for _ in range(20))

    threads = [threading.Thread(target=several) for _ in range(5 * THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert found == [200] * 20 * 5 * THREADS


def test_a_request_that_came_along_with_another_is_answered_at_once(tmp_path):
    asked = b"GET / HTTP/1.1\r\nHost: soc\r\n\r\n"
    with served(tmp_path, moment=LONG) as (port, _), connected(port) as link:
        link.connect()
        link.sock.sendall(asked * 2)
        told = b""
        while told.count(b"200 OK") < 2:
            told += link.sock.recv(10_000)


def test_a_pause_between_two_requests_is_allowed(port):
    with connected(port) as link, connected(port) as other:
        first = ask(link)[0]
        between = ask(other, "/slow")[0]
        after = ask(link)[0]

    assert (first, between, after) == (200, 200, 200)


def test_a_request_that_is_being_answered_is_answered_when_the_server_ends(server):
    port, child = server
    with connected(port) as link:
        ask(link)
        link.request("GET", "/slow")

        child.send_signal(signal.SIGTERM)

        assert link.getresponse().status == 200
    assert child.wait(10) == 0
