"""Thirty days of ordinary alerts, as the tools would have sent them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from socplatform.demo.estate import SITES, STRANGERS, Estate
from socplatform.demo.signatures import SIGNATURES
from socplatform.demo.templates import GENERIC, Template

Timed = tuple[datetime, dict[str, Any]]
DAYS = 30
EVE_SHARE = 0.2
REPEATED_SHARE = 0.08
UNTIL = timedelta(minutes=4)


def records(estate: Estate, *, count: int, now: datetime, random: Random) -> Iterator[Timed]:
    """That many different alerts, and repeats of some, in no order."""
    span = timedelta(days=DAYS) - UNTIL
    for number in range(count):
        at = now - UNTIL - span * random.random() ** 1.4  # a little more of late
        if random.random() < EVE_SHARE:
            record = eve(random.choice(SIGNATURES), estate, at, random)
        else:
            record = generic(GENERIC[number % len(GENERIC)], estate, at, random)
        yield at, record
        for _ in range(random.randrange(1, 6) if random.random() < REPEATED_SHARE else 0):
            yield min(at + timedelta(minutes=random.randrange(2, 300)), now - UNTIL), record


def generic(template: Template, estate: Estate, at: datetime, random: Random) -> dict[str, Any]:
    """One record in the shape that most tools come close to."""
    user, mail = random.choice(estate.users)
    host, ip = random.choice(estate.hosts if random.random() < 0.8 else estate.servers)
    words = {
        "user": user,
        "mail": mail,
        "host": host,
        "ip": ip,
        "stranger": random.choice(STRANGERS),
        "site": random.choice(SITES),
        "n": str(random.randrange(6, 60)),
    }
    record = {
        "id": f"{template.tool[:4].lower()}-{random.getrandbits(48):012x}",
        "timestamp": at.isoformat(),
        "product": {"name": template.tool},
        "title": template.title,
        "description": template.text,
        "severity": random.choice(template.severities).replace("pending", "unrated"),
        "category": template.category,
        "host": {"name": host, "ip": ip},
        "user": {"name": user, "email": mail},
    }
    if template.technique:
        record["technique"] = {"id": template.technique}
    filled: dict[str, Any] = _filled(record | template.fields, words)
    return filled


def eve(
    rule: tuple[int, str, str, int, str], estate: Estate, at: datetime, random: Random
) -> dict[str, Any]:
    """One alert of the network sensor, as Suricata writes it."""
    sid, signature, classification, severity, technique = rule
    _, inside = random.choice(estate.servers)
    found: dict[str, Any] = {
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.%f+0000"),
        "flow_id": random.getrandbits(50),
        "event_type": "alert",
        "src_ip": random.choice(STRANGERS),
        "src_port": random.randrange(1024, 65_536),
        "dest_ip": inside,
        "dest_port": random.choice((80, 443, 3389, 5432)),
        "proto": "TCP",
        "host": "sensor-01",
        "alert": {
            "action": "allowed",
            "gid": 1,
            "signature_id": sid,
            "rev": 2,
            "signature": signature,
            "category": classification,
            "severity": severity,
        },
    }
    if technique:
        found["alert"]["metadata"] = {"mitre_technique_id": [technique]}
    return found


def _filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items()}
    return value.format_map(words) if isinstance(value, str) else value
