"""Hostile bodies at the intake doors of a real server: none is a fault of ours, and after each the
list still answers (P15).
"""

import gzip
import http.client
import json
import time
from collections.abc import Iterator

from tests.prove import cast
from tests.prove.cast import Side
from tests.prove.report import Proof
from tests.prove.server import forget_peak, held, peak, serving

MEMORY = 100  # MiB that one body may cost, and all of them may leave behind
SLOW = 5.0  # seconds that one body may take
DOORS = ("generic", "auto", "suricata", "csv", "alertmanager")
MIB = 1024 * 1024


def prove() -> Proof:
    proof = Proof("hostile_bodies")
    side = cast.small_tenant("besieged")
    with serving() as (port, pid):
        _check_list(proof, port, side, "before all")
        for door in DOORS:
            _send(port, side, "POST", f"/api/v1/soc/intake/{door}", _title("warm"), {})
        before = held(pid)
        for name, path, body, headers in _attacks(side):
            proof.tried(name, path)
            forget_peak(pid)
            had, started = held(pid), time.monotonic()
            status = _send(port, side, "POST", path, body, headers)
            took = time.monotonic() - started
            proof.expect(200 <= status < 500, f"{name} at {path}: {status}")
            cost = peak(pid) - had
            proof.expect(cost < MEMORY, f"{name} at {path}: {cost} MiB")
            proof.expect(took < SLOW, f"{name} at {path}: {took:.1f} s")
            _check_list(proof, port, side, f"{name} at {path}")
        grown = held(pid) - before
        proof.expect(grown < MEMORY, f"the server has {grown} MiB more than at the start")
        _check_batch(proof, port, side)
    return proof


def _attacks(side: Side) -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    """Every body at every door; the compressed and the oddly named ones at one."""
    for name, body in BODIES.items():
        for door in DOORS:
            yield name, f"/api/v1/soc/intake/{door}", body, {}
        yield name, "/v2/enqueue", body, {}
    for name, (body, headers) in DRESSED.items():
        yield name, "/api/v1/soc/intake/generic", body, headers
    for name, event in _events(side).items():
        yield name, "/v2/enqueue", json.dumps(event).encode(), {}


def _send(
    port: int, side: Side, method: str, path: str, body: bytes, headers: dict[str, str]
) -> int:
    """The status of a request; 599 when the connection broke without one."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    own = {"Authorization": f"Bearer {side.key.bearer}", "Content-Type": "application/json"}
    try:
        link.request(method, path, body, own | headers)
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return 599
    finally:
        link.close()


def _check_list(proof: Proof, port: int, side: Side, after: str) -> None:
    status = _list(port, side)
    proof.expect(status == 200, f"the list after {after}: {status}")


def _list(port: int, side: Side) -> int:
    token = _token(port, side)
    headers = {"Authorization": f"Bearer {token}"}
    return _send(port, side, "GET", "/api/v1/soc/alerts", b"", headers)


_tokens: dict[str, str] = {}


def _token(port: int, side: Side) -> str:
    """A token of the application, fetched once."""
    name = side.key.application.client_id
    if name not in _tokens:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        body = json.dumps({"client_id": name, "client_secret": side.key.secret})
        link.request("POST", "/api/v1/auth/app-token", body, {"Content-Type": "application/json"})
        _tokens[name] = json.loads(link.getresponse().read())["access"]
        link.close()
    return _tokens[name]


def _check_batch(proof: Proof, port: int, side: Side) -> None:
    """Among broken lines the good ones go in."""
    bad = [body for body in BODIES.values() if b"\n" not in body and 0 < len(body) < 5_000]
    good = [json.dumps({"title": f"good {number}", "id": f"good-{number}"}) for number in range(9)]
    lines = [line.encode() for line in good[:5]] + bad + [line.encode() for line in good[5:]]
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {side.key.bearer}", "Content-Type": "application/x-ndjson"}
    link.request("POST", "/api/v1/soc/intake/generic", b"\n".join(lines), headers)
    answer = link.getresponse()
    results = json.loads(answer.read()).get("results", [])
    link.close()
    created = [each for each in results if each["status"] == "created"]
    proof.tried("a batch of all", "/api/v1/soc/intake/generic")
    proof.expect(len(created) >= len(good), f"{len(created)} of {len(good)} good lines went in")


def _events(side: Side) -> dict[str, dict[str, object]]:
    """Events with the right key and odd contents."""
    key = side.key.bearer
    odd: tuple[object, ...] = (None, 1, True, "", [], {}, "x" * 100_000, ["a"], {"a": {}}, -1)
    names = ("event_action", "dedup_key", "payload", "client", "links")
    return {
        f"{name} is {str(value)[:20]} {type(value).__name__}": {
            "routing_key": key,
            "event_action": "trigger",
            "payload": {"summary": "odd", "severity": "error", "source": "x"},
            name: value,
        }
        for name in names
        for value in odd
    }


def _title(text: str) -> bytes:
    return json.dumps({"title": text}).encode()


def _alert(**fields: object) -> bytes:
    return json.dumps({"title": "odd", **fields}).encode()


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "null": b"null",
    "a number": b"1",
    "a string": b'"x"',
    "an empty array": b"[]",
    "an array of arrays": b"[[],[[]]]",
    "an array of numbers": b"[1,2,3]",
    "half an object": b'{"title": "x"',
    "half an array": b'[{"title": "x"},',
    "half a string": b'{"title": "x',
    "a bracket": b"}",
    "a comma too many": b'{"title": "x",}',
    "single quotes": b"{'title': 'x'}",
    "arrays 100,000 deep": b"[" * 100_000,
    "objects 100,000 deep": b'{"a":' * 100_000,
    "closed arrays 1,000 deep": b"[" * 1_000 + b"]" * 1_000,
    "half a surrogate": b'{"title": "a\\ud800b"}',
    "an escaped NUL": b'{"title": "a\\u0000b"}',
    "a bare NUL": b'{"title": "a\x00b"}',
    "NaN": b'{"title": "x", "n": NaN}',
    "infinity": b'{"title": "x", "n": 1e999}',
    "a number of 100,000 digits": b'{"title": "x", "n": ' + b"9" * 100_000 + b"}",
    "the same key twice": b'{"title": "x", "title": "y"}',
    "no UTF-8": b'{"title": "\xff\xfe"}',
    "a BOM": b'\xef\xbb\xbf{"title": "x"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "Latin-1": '{"title": "Büro"}'.encode("latin-1"),
    "mojibake": _title("BÃ¼ro â€” Ã©"),
    "9 MB of one letter": _title("x" * 9 * MIB),
    "more than 10 MB": _title("x" * 11 * MIB),
    "5,001 records": b"[" + b",".join([b'{"title":"x"}'] * 5_001) + b"]",
    "two million values": b'{"title":"x","n":[' + b"1," * 2_000_000 + b"1]}",
    "a million empty objects": b'{"title":"x","alerts":[' + b"{}," * 1_000_000 + b"{}]}",
    "13 records of 240,000 empty objects": b"\n".join(
        [b'{"title":"x","n":[' + b"{}," * 240_000 + b"{}]}"] * 13
    ),
    "1,001 keys": json.dumps({f"k{n}": n for n in range(1_001)}).encode(),
    "a title of 100 KB": _title("Lorem ipsum " * 8_500),
    "100,000 indicators": _alert(ips=[f"203.0.{n // 256 % 256}.{n % 256}" for n in range(100_000)]),
    "the year 2200": _alert(timestamp="2200-01-01T00:00:00Z"),
    "the year 99999": _alert(timestamp="99999-01-01T00:00:00Z"),
    "the year 0": _alert(timestamp="0000-00-00T00:00:00Z"),
    "a month": _alert(timestamp="2026-03"),
    "February 30": _alert(timestamp="2026-02-30T12:00:00Z"),
    "a negative time": _alert(timestamp=-(2**62)),
    "100,000 dots": _title("a." * 50_000 + "com"),
    "100,000 ats": _title("a@" * 50_000),
    "100,000 schemes": _title("http://" * 15_000),
    "100,000 colons": _title("a:" * 50_000),
    "100,000 backslashes": _title("\\" * 100_000),
    "100,000 brackets in a text": _title("[.]" * 33_000),
    "a table of 5,000 columns": b",".join(b"c%d" % n for n in range(5_000)) + b"\n1,2\n",
    "a table with an open quote": b'title,host\n"x' + b",y\n" * 50_000,
    "a table of formulas": b"title,note\n=cmd|' /C calc'!A0,+1\n@x,-1\n",
    "markup": _title("<script>alert(1)</script><img src=x onerror=alert(1)>"),
    "SQL": _title("'; DROP TABLE soc_alert; --"),
    "a template": _title("{{ 7*7 }}{% load x %}${7*7}"),
    "lines of a log": _title("x\r\n2026-01-01 login ok"),
    "escapes of a terminal": _title("\x1b[31mred\x1b[0m\x07"),
    "text that turns": _title("\u202egnp.exe\u202c\u200b"),
    "marks on marks": _title("a" + "\u0301" * 20_000),
    "billion laughs": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "a&a;">]><l>&a;</l>',
    "a pickle": b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix",
    "YAML": b"!!python/object/apply:os.system ['true']",
    "another tenant's name": _alert(tenant_id="ten_01m7wf860mbbqpsmya6agay60p", id="1", app_id="x"),
    "names of Python": _alert(__class__="x", __proto__={"a": 1}, constructor={"prototype": 1}),
}
BOMB = gzip.compress(b" " * 200 * MIB)
DRESSED: dict[str, tuple[bytes, dict[str, str]]] = {
    "a gzip bomb": (BOMB, {"Content-Encoding": "gzip"}),
    "half a gzip": (BOMB[:1_000], {"Content-Encoding": "gzip"}),
    "no gzip": (b"{}", {"Content-Encoding": "gzip"}),
    "bombs in a row": (gzip.compress(b" " * 6 * MIB) * 2, {"Content-Encoding": "gzip"}),
    "400,000 gzips in a row": (gzip.compress(b"") * 400_000, {"Content-Encoding": "gzip"}),
    "an unknown encoding": (b"{}", {"Content-Encoding": "br, gzip, x"}),
    "a long kind": (b"{}", {"Content-Type": "application/json" + ";" * 7_000}),
    "an unknown kind": (b"{}", {"Content-Type": "application/x-java-serialized-object"}),
    "a form": (b"title=x", {"Content-Type": "application/x-www-form-urlencoded"}),
    "parts": (b"--x\r\n\r\n" * 1_000, {"Content-Type": "multipart/form-data; boundary=x"}),
    "a kind without sense": (b"{}", {"Content-Type": "\xff/\xfe; charset=utf-99"}),
}
