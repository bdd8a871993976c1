"""Made-up EVE files in the shape Suricata writes them, the same for the same seed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

RULES = (
    (2100498, "TEST-RULE ATTACK_RESPONSE id check returned root", "Potentially Bad Traffic", 2),
    (2610001, "TEST-RULE MALWARE beacon to a known controller", "A Network Trojan was detected", 1),
    (2610002, "TEST-RULE SCAN many ports in a short time", "Attempted Information Leak", 2),
    (2610003, "TEST-RULE POLICY remote desktop tool", "Potential Corporate Privacy Violation", 1),
    (2610004, "TEST-RULE INFO file sharing name resolved", "Misc activity", 3),
    (2610005, "TEST-RULE EXPLOIT path traversal in a request", "Web Application Attack", 1),
)
NAMES = ("files.example.com", "cdn.example.net", "login.example.org", "beacon.example.info")
BROKEN = (
    b'{"timestamp":"2024-05-01T10:00:00.000000+0000","flow_id":1,"event_type":"ale',
    b'{"timestamp":"2024-05-01T10:00:00.000000+0000","event_type":"alert",,}',
    b"rotating log file",
    b'{"event_type":"alert","event_type":"alert"}',
)
OTHERS = ("flow", "dns", "http", "tls", "stats", "fileinfo")


@dataclass(frozen=True, slots=True)
class Tally:
    """What a file holds; `repeats` are alerts whose very bytes came before."""

    alerts: int = 0
    others: int = 0
    broken: int = 0
    repeats: int = 0


def lines(count: int, seed: int) -> Iterator[bytes]:
    """Give that many lines, each with its line feed."""
    for _, line in labelled(count, seed):
        yield line


def tally(count: int, seed: int) -> Tally:
    """What the same call of lines() gives; `alerts` counts repeats too."""
    kinds = [kind for kind, _ in labelled(count, seed)]
    repeats = kinds.count("repeat")
    return Tally(
        kinds.count("alert") + repeats, kinds.count("other"), kinds.count("broken"), repeats
    )


def labelled(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Lines with what they are: alert, repeat, other or broken."""
    random = Random(seed)
    now = datetime(2024, 5, 1, 10, tzinfo=UTC)
    sent: list[bytes] = []
    for number in range(count):
        now += timedelta(microseconds=random.randrange(1, 900_000))
        kind = random.choices(("alert", "repeat", "other", "broken"), (30, 4, 64, 2))[0]
        if kind == "broken":
            yield kind, random.choice(BROKEN) + b"\n"
        elif kind == "other":
            yield kind, _line(_other(random, now, number))
        elif kind == "repeat" and sent:
            yield kind, random.choice(sent)
        else:
            sent.append(_line(alert(random, now, number)))
            yield "alert", sent[-1]


def alert(random: Random, now: datetime, number: int) -> dict[str, Any]:
    """One alert; some carry http, tls, dns or fileinfo, few lack addresses."""
    sid, signature, category, severity = random.choice(RULES)
    event = _event(random, now, number, "alert")
    event["alert"] = {
        "action": random.choice(("allowed", "allowed", "blocked")),
        "gid": 1,
        "signature_id": sid,
        "rev": random.randrange(1, 9),
        "signature": signature,
        "category": category,
        "severity": severity,
    }
    if random.random() < 0.3:
        event["alert"]["metadata"] = {
            "signature_severity": [random.choice(("Critical", "Major", "Minor"))],
            "mitre_tactic_id": ["TA0011"],
            "mitre_technique_id": ["T1071"],
        }
    detail = random.choice(("http", "tls", "dns", "fileinfo", ""))
    if detail:
        event |= {"app_proto": detail, detail: _detail(random, detail)}
    if random.random() < 0.02:
        del event["src_ip"], event["dest_ip"]
    return event


def _other(random: Random, now: datetime, number: int) -> dict[str, Any]:
    kind = random.choice(OTHERS)
    if kind == "stats":
        return {"timestamp": _time(random, now), "event_type": "stats", "stats": {"uptime": number}}
    detail = {"pkts_toserver": 3, "state": "closed"} if kind == "flow" else _detail(random, kind)
    return _event(random, now, number, kind) | {kind: detail}


def _event(random: Random, now: datetime, number: int, kind: str) -> dict[str, Any]:
    ends = [
        f"10.20.{random.randrange(4)}.{random.randrange(1, 255)}",
        f"203.0.113.{number % 254 + 1}",
    ]
    random.shuffle(ends)
    return {
        "timestamp": _time(random, now),
        "flow_id": random.randrange(10**15, 2 * 10**15),
        "in_iface": "eth1",
        "event_type": kind,
        "src_ip": ends[0],
        "src_port": random.randrange(1024, 65_536),
        "dest_ip": ends[1],
        "dest_port": random.choice((53, 80, 443, 445, 8080)),
        "proto": "TCP",
    }


def _time(random: Random, now: datetime) -> str:
    """Mostly as Suricata writes it, now and then without a zone or in another spelling."""
    local = now - timedelta(hours=6)
    spellings = (
        *(local.strftime("%Y-%m-%dT%H:%M:%S.%f-0600"),) * 8,
        now.strftime("%Y-%m-%dT%H:%M:%S.%f"),
        now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return random.choice(spellings)


def _detail(random: Random, kind: str) -> dict[str, Any]:
    name = random.choice(NAMES)
    details: dict[str, dict[str, Any]] = {
        "http": {
            "hostname": name,
            "url": f"/get/{random.randrange(50)}.bin",
            "status": 200,
            "http_method": "GET",
            "http_user_agent": "Mozilla/5.0 Chrome/120.0.0.0",
        },
        "tls": {"sni": name, "version": "TLS 1.2", "subject": f"CN={name}"},
        "dns": {"type": "query", "rrname": name, "rrtype": "A"},
        "fileinfo": {"filename": "/get/a.bin", "sha256": f"{random.getrandbits(256):064x}"},
    }
    return details[kind]


def _line(event: dict[str, Any]) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode() + b"\n"
