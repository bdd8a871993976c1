"""A chain of alerts that are one story: what a step of it is, and when the night begins."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

LAST = timedelta(hours=5, minutes=12)


@dataclass(frozen=True)
class Step:
    """One alert: minutes after the begin, tool and its category, what it says, what led to it."""

    key: str
    minute: int
    tool: tuple[str, str]
    severity: str = ""
    title: str = ""
    text: str = ""
    technique: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    why: str = ""
    eve: dict[str, Any] = field(default_factory=dict)

    @property
    def after_begin(self) -> timedelta:
        return timedelta(minutes=self.minute)

    def record(self, begin: datetime) -> dict[str, Any]:
        at = begin + self.after_begin
        if self.eve:
            return {"timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.%f+0000")} | self.eve
        return {
            "id": f"night-{self.minute:03}-{self.key}",
            "timestamp": at.isoformat(),
            "product": {"name": self.tool[0]},
            "title": self.title,
            "description": self.text,
            "severity": self.severity,
            "category": self.tool[1],
            "technique": {"id": self.technique},
            **self.fields,
        }


def begin(now: datetime) -> datetime:
    """Last night at 22:12, or the night before while last night's end is not over."""
    start = now.replace(hour=22, minute=12, second=7, microsecond=0) - timedelta(days=1)
    return start if start + LAST < now - timedelta(minutes=20) else start - timedelta(days=1)


def network(
    ends: tuple[str, str, int], rule: tuple[int, str, str], **detail: Any
) -> dict[str, Any]:
    """An alert of the network sensor: from, to and port; number, text and technique of the rule."""
    source, destination, port = ends
    sid, signature, technique = rule
    return {
        "flow_id": sid * 1_000_003,
        "event_type": "alert",
        "src_ip": source,
        "src_port": 50_412,
        "dest_ip": destination,
        "dest_port": port,
        "proto": "TCP",
        "host": "sensor-01",
        "alert": {
            "action": "allowed",
            "gid": 1,
            "signature_id": sid,
            "rev": 1,
            "signature": signature,
            "category": "A Network Trojan was detected",
            "severity": 1,
            "metadata": {"mitre_technique_id": [technique]},
        },
        **detail,
    }
