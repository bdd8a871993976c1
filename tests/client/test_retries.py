"""When a call is tried again: against a server that answers as it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from soc_client import AsyncClient, BadInput, Client, ServerError, TooManyRequests, Unreachable

from tests.client.awaited import awaited

PAGE = {"results": [], "next": None, "previous": None}


class Scripted(BaseHTTPRequestHandler):
    """Answers with the statuses of its script, one after another; 0 breaks the connection off."""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        server.asked.append((self.command, self.path, dict(self.headers)))
        status, headers, body = server.script.pop(0) if server.script else (200, {}, PAGE)
        if status == 0:
            self.connection.close()
            return
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        plain = {"Content-Type": "application/json", "Content-Length": str(len(raw))}
        for name, value in {**plain, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the library's names

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    server.script, server.asked = [], []
    server.handle_error = lambda *args: None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waits():
    return []


@pytest.fixture
def client(server, waits):
    url = f"http://127.0.0.1:{server.server_port}"
    with Client(url, token="x", sleep=waits.append) as client:
        yield client


def script(server, *statuses, headers=None, body=None):
    server.script[:] = [(status, headers or {}, body or {}) for status in statuses]


@pytest.mark.parametrize("status", [429, 502, 503, 504, 0])
def test_reading_is_tried_again(server, client, waits, status):
    script(server, status, status)

    page = client.soc.alerts.list()

    assert (list(page), len(server.asked), len(waits)) == ([], 3, 2)
    assert 0 < waits[0] < waits[1] < 2


def test_a_post_is_tried_again_under_the_same_key(server, client):
    script(server, 0, 504)

    client.soc.alerts.create({"title": "Once"})

    keys = [headers["Idempotency-Key"] for _, _, headers in server.asked]
    assert (len(keys), len(set(keys))) == (3, 1)


@pytest.mark.parametrize(("status", "tries"), [(503, 2), (429, 2), (504, 1), (0, 1)])
def test_a_change_is_tried_again_only_where_it_did_nothing(server, client, status, tries):
    script(server, status)

    try:
        client.soc.alerts.update("alr_x", severity="low")
    except (ServerError, Unreachable):
        assert status in (504, 0)

    assert len(server.asked) == tries


def test_the_wait_that_is_asked_for_is_kept_and_bounded(server, client, waits):
    script(server, 429, headers={"Retry-After": "7"})
    client.soc.alerts.list()
    script(server, 429, headers={"Retry-After": "9000"})
    client.soc.alerts.list()

    assert waits == [7.0, 30.0]


def test_it_gives_up_with_what_it_was_told(server, client):
    script(server, *[429] * 9, body={"detail": "Too many."})
    with pytest.raises(TooManyRequests, match="Too many"):
        client.soc.alerts.list()
    assert len(server.asked) == 4

    script(server, *[0] * 9)
    with pytest.raises(Unreachable):
        client.soc.alerts.list()


def test_a_refusal_is_not_tried_again(server, client, waits):
    script(server, 400, body={"detail": "No."})

    with pytest.raises(BadInput):
        client.soc.alerts.list()

    assert (len(server.asked), waits) == (1, [])


@pytest.mark.parametrize("body", [b"<html>down</html>", b'["odd"]'])
def test_an_answer_that_is_no_problem_document_is_told_as_it_came(server, client, body):
    script(server, 500, body=body)

    with pytest.raises(ServerError) as refusal:
        client.soc.alerts.list()

    assert "down" in refusal.value.detail or "odd" in refusal.value.detail


def test_a_next_page_elsewhere_is_asked_for_here(server, client):
    elsewhere = PAGE | {"next": "https://evil.example/api/v1/soc/alerts?cursor=x"}
    script(server, 200, body=elsewhere)

    list(client.soc.alerts.iterate())

    assert server.asked[1][1] == "/api/v1/soc/alerts?cursor=x"


def test_nobody_there_is_told_after_every_try(waits):
    with (
        Client("http://127.0.0.1:9", token="x", sleep=waits.append) as client,
        pytest.raises(Unreachable),
    ):
        client.soc.alerts.update("alr_x", severity="low")

    assert len(waits) == 3


def test_the_awaited_client_tries_again_alike(server):
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    async def calls():
        url = f"http://127.0.0.1:{server.server_port}"
        async with AsyncClient(url, token="x", sleep=sleep) as client:
            script(server, 503, 0)
            page = await client.soc.alerts.list()
            script(server, *[0] * 9)
            with pytest.raises(Unreachable):
                await client.soc.alerts.list()
            return page

    assert (list(awaited(calls())), len(waits)) == ([], 5)


def test_filters_are_written_as_the_url_has_them(server, client):
    from datetime import UTC, datetime

    moment = datetime(2026, 3, 1, tzinfo=UTC)

    client.soc.alerts.list(
        status=["open", "closed"], is_deleted=False, created_after=moment, q=None
    )

    assert server.asked[0][1] == (
        "/api/v1/soc/alerts?status=open%2Cclosed&is_deleted=false"
        "&created_after=2026-03-01T00%3A00%3A00%2B00%3A00"
    )
