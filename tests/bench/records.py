"""Records of realistic size: an EVE line of about 2 KB with three indicators."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson

START = datetime(2026, 1, 1, tzinfo=UTC)
HOSTS, SITES, RULES = 60_000, 20_000, 400


def record(number: int, run: str = "") -> dict[str, object]:
    """One alert event: two addresses and a domain, and a payload that does not repeat itself."""
    seed = hashlib.sha256(f"{run} {number}".encode()).hexdigest()
    mixed = int(seed[:8], 16)
    source, target = mixed % HOSTS, mixed // 7 % HOSTS
    payload = "".join(hashlib.sha256(f"{seed} {part}".encode()).hexdigest() for part in range(20))
    return {
        "timestamp": f"{START + timedelta(seconds=number):%Y-%m-%dT%H:%M:%S.000000+0000}",
        "flow_id": mixed,
        "in_iface": "eth1",
        "event_type": "alert",
        "src_ip": f"10.{source >> 8 & 255}.{source & 255}.17",
        "src_port": 1024 + mixed % 60_000,
        "dest_ip": f"198.51.{target >> 8 & 255}.{target & 255}",
        "dest_port": 443,
        "proto": "TCP",
        "app_proto": "tls",
        "tls": {"sni": f"site-{mixed % SITES}.example.net", "version": "TLS 1.3"},
        "alert": {
            "action": "allowed",
            "gid": 1,
            "signature_id": 2_000_000 + number % RULES,
            "rev": 3,
            "signature": f"Measured signature {number % RULES}",
            "category": "A Network Trojan was detected",
            "severity": 1 + number % 4,
        },
        "payload_note": " ".join(payload[at : at + 40] + "z" for at in range(0, 1280, 40)),
    }


def lines(count: int, *, run: str, first: int = 0) -> Iterator[bytes]:
    """NDJSON of `count` records; another `run` has other records."""
    for number in range(first, first + count):
        yield orjson.dumps(record(number, run)) + b"\n"
