"""Records made up for tests, and the way through a format."""

import json

from soc.intake import formats
from soc.intake.envelope import split


def eve(*, alert=None, **fields):
    """An EVE alert from the inside to the outside; a field of None is left out."""
    rule = {"gid": 1, "signature_id": 2610001, "rev": 3, "signature": "TEST beacon", "severity": 1}
    record = {
        "timestamp": "2024-05-01T04:30:15.500000-0600",
        "flow_id": 77,
        "event_type": "alert",
        "src_ip": "10.0.0.5",
        "src_port": 50000,
        "dest_ip": "203.0.113.9",
        "dest_port": 80,
        "proto": "TCP",
        "alert": {**rule, "action": "allowed", **(alert or {})},
        **fields,
    }
    return {name: value for name, value in record.items() if value is not None}


def records_of(record):
    """What the envelope of a request with this one record holds."""
    return split(json.dumps(record).encode())


def read(record, name="suricata"):
    [found] = records_of(record)
    return formats.outcome(formats.get(name), found)


def taken(record, name):
    """Everything that becomes of one record."""
    format_ = formats.get(name)
    found = formats.spread(format_, records_of(record))
    return [formats.outcome(format_, each) for each in found]


def values(draft):
    return {(seen.type, seen.value, seen.role) for seen in draft.indicators}
