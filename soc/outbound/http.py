"""One HTTP request: to the address that was checked, within a time and a size, and never on to
where a redirect points.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soc.outbound.addresses import Network, Place, Refused, Resolver, choose, resolve

MAX_BYTES = 48 * 1024  # of an answer's body
MAX_HEAD = 32 * 1024
_PASSED_ON = ("content-type", "date", "retry-after", "x-request-id", "etag")


class NotSent(Exception):
    """It is known that the other side has not been given the request."""


class NoAnswer(Exception):
    """The request may have arrived, and no whole answer came."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


def send(
    place: Place,
    request: Request,
    *,
    timeout: float,
    allowed: Sequence[Network] = (),
    resolver: Resolver = resolve,
) -> Answer:
    """Send it once. Refused and NotSent: nothing has happened. NoAnswer: nobody knows."""
    until = time.monotonic() + timeout
    raw = connect(place, until, allowed, resolver)
    try:
        link = http.client.HTTPConnection(place.host, place.port)
        link.sock = _Bounded(raw, until)
        return _exchange(link, request, until)
    finally:
        raw.close()


def connect(
    place: Place, until: float, allowed: Sequence[Network], resolver: Resolver = resolve
) -> socket.socket:
    """A connection to the address that was judged, with TLS for the name where it is asked for."""
    address = choose(place.host, place.port, allowed, resolver)
    try:
        raw = socket.create_connection((address, place.port), timeout=_left(until))
    except OSError as error:
        raise NotSent(f"{place.host} does not take connections.") from error
    if place.scheme not in ("https", "smtps"):
        return raw
    try:
        raw.settimeout(_left(until))
        return ssl.create_default_context().wrap_socket(raw, server_hostname=place.host)
    except (OSError, ValueError) as error:
        raw.close()
        raise NotSent(f"{place.host} offers no TLS that can be trusted.") from error


def _exchange(link: http.client.HTTPConnection, request: Request, until: float) -> Answer:
    headers = {**request.headers, "Accept-Encoding": "identity", "Connection": "close"}
    try:
        link.request(request.method, request.path, request.body or None, headers)
        answer = link.getresponse()
        body = answer.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = time.monotonic() >= until
        told = "No whole answer came in time." if late else "The connection broke off."
        raise NoAnswer(told) from error
    kept = {name.lower(): value for name, value in answer.getheaders()}
    shown = {name: kept[name] for name in _PASSED_ON if name in kept}
    if kept.get("content-encoding", "identity") != "identity":
        return Answer(answer.status, shown, b"", cut=True)
    return Answer(answer.status, shown, body[:MAX_BYTES], cut=len(body) > MAX_BYTES)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Bounded:
    """A socket whose every read and write ends by one moment, however slowly bytes drip."""

    def __init__(self, raw: socket.socket, until: float) -> None:
        self.raw, self.until = raw, until

    def sendall(self, data: Any) -> None:
        self.raw.settimeout(_left(self.until))
        self.raw.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self.raw, self.until))

    def close(self) -> None:
        """The caller closes it."""


class _Reader(io.RawIOBase):
    def __init__(self, raw: socket.socket, until: float) -> None:
        super().__init__()
        self.raw, self.until = raw, until
        self.room = MAX_BYTES + MAX_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.room <= 0:
            return 0
        self.raw.settimeout(_left(self.until))
        count = self.raw.recv_into(memoryview(buffer)[: self.room])
        self.room -= count
        return count


__all__ = ["Answer", "NoAnswer", "NotSent", "Refused", "Request", "connect", "send"]
