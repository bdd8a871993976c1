"""Calls to the outside: which addresses, how long, how much, and what of it is kept."""

import ipaddress
import socket
import threading
import time

import pytest

from soc.outbound import addresses, http
from soc.outbound.addresses import Place, Refused
from tests.playbooks import stub as stubs
from tests.playbooks.stub import say

HTTP = ("https", "http")
LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]
# What A41 of the abuse cases names, and what else leads inside.
INSIDE = """
127.0.0.1 127.8.9.1 0.0.0.0 169.254.169.254 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1
192.0.0.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 [::1] [::] [fd00::1] [fe80::1]
[ff02::1] [::ffff:127.0.0.1] [::ffff:10.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::1]
[2001:db8::1]
"""
NO_ADDRESS = [
    "http://2130706433/",
    "http://0177.1/",
    "http://0x7f.1/",
    "http://127.1/",
    "http://a@example.com/",
    "http://a:b@example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "unix:/run/x.sock",
    "//example.com/",
    "http:///x",
    "http://exa mple.com/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com/\r\nX: y",
    "http://example.com:99999/",
    "http://example.com/?a=b",
    "http://example.com/#x",
    "http://[::1/",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("host", INSIDE.split())
def test_no_address_inside_is_called_however_it_is_written(host):
    place = addresses.read(f"http://{host}/", HTTP)

    with pytest.raises(Refused, match="leads to an address inside"):
        addresses.check_literal(place.host, [])
    with pytest.raises(Refused):
        addresses.choose(place.host, 80, [])


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_plain_address_is_refused(url):
    with pytest.raises(Refused):
        addresses.read(url, HTTP)


def test_one_address_inside_among_several_refuses_all():
    both = lambda host, port: ["93.184.215.14", "10.0.0.1"]  # noqa: E731 - a resolver

    with pytest.raises(Refused):
        addresses.choose("both.example.com", 443, [], both)


def test_the_name_is_resolved_once_and_the_address_that_was_judged_is_called(monkeypatch):
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    called = []

    def spy(address, timeout):
        called.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", spy)
    place = Place("http", "rebinding.example.com", 80)

    with pytest.raises(http.NotSent):
        http.connect(place, time.monotonic() + 1, [], lambda host, port: next(answers))

    assert called == [("93.184.215.14", 80)]


def sent(answer, timeout=1.0):
    with stubs.serving() as stub:
        stub.answers["/"] = answer
        place = addresses.read(stub.url, HTTP)
        return http.send(place, http.Request("GET", "/"), timeout=timeout, allowed=LOOPBACK)


def test_a_huge_answer_is_cut():
    def huge(handler):
        try:
            say(handler, 200, b"x" * 10_000_000)
        except OSError:
            return  # the reader has left

    answer = sent(huge, timeout=5)

    assert (answer.cut, len(answer.body)) == (True, http.MAX_BYTES)


def drip(head):
    """An answer whose bytes come one by one, for longer than anybody waits."""

    def answer(handler):
        handler.wfile.write(head)
        gone = threading.Event()
        for _ in range(100):
            gone.wait(0.05)
            try:
                handler.wfile.write(b"a")
            except OSError:
                return

    return answer


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_or_never_ends_is_given_up_in_time(head):
    begun = time.monotonic()

    with pytest.raises(http.NoAnswer, match="in time"):
        sent(drip(head), timeout=0.5)

    assert time.monotonic() - begun < 2


def test_where_nobody_listens_nothing_was_sent():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(http.NotSent):
        http.send(
            Place("http", "127.0.0.1", port),
            http.Request("GET", "/"),
            timeout=1,
            allowed=LOOPBACK,
        )
