"""PagerDuty's Events API, version 2:
https://developer.pagerduty.com/docs/events-api-v2-overview.
"""

import re
from collections.abc import Iterable
from typing import Any

from soc.intake import vocabulary
from soc.intake.drafts import AlertDraft, Fault, Signal, Skip
from soc.intake.fields import Fields
from soc.intake.finish import Mapped, finish, identity_of
from soc.intake.formats import _entities, _names
from soc.intake.formats._values import facts, part, said, some
from soc.intake.normalise import normalise

NAME = "pagerduty"
TITLE = "PagerDuty Events API v2"
ACTIONS = ("trigger", "acknowledge", "resolve")
KEY = "routing_key"
_SPOKEN_KEY = re.compile(rb'("routing_key"\s*+:\s*+)"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def recognises(record: dict[str, Any]) -> bool:
    """Whether it says what to do, with a key or a payload."""
    return "event_action" in record and any(
        name in record for name in (KEY, "payload", "dedup_key")
    )


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The event without the sender's key, which is a secret and is not kept."""
    if KEY not in record:
        return [record]
    return [{name: value for name, value in record.items() if name != KEY}]


def conceal(raw: bytes) -> bytes:
    """As above, where the event cannot be read and its bytes are kept to be mended."""
    return _SPOKEN_KEY.sub(rb'\1"***"', raw)


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Signal | Skip | Fault:
    """Map a trigger; acknowledge and resolve move the alert of the same dedup_key."""
    action, key = said(record, "event_action").lower(), said(record, "dedup_key")
    if action and action not in ACTIONS:
        return Fault(f"event_action must be one of {', '.join(ACTIONS)}")
    if action in {"acknowledge", "resolve"}:
        if not key:
            return Fault(f"dedup_key is missing: {action} which alert?")
        return Signal(action, NAME, identity_of(key).key)
    payload = part(record, "payload")
    severity = said(payload, "severity")
    mapped = Mapped(
        tool=NAME,
        title=said(payload, "summary"),
        severity=vocabulary.severity(severity),
        source_severity=severity,
        category=vocabulary.category(said(payload, "class")),
        source_id=key,
        rule_key=said(payload, "class"),
        occurred=said(payload, "timestamp") or said(record, "received_at"),
        metadata=facts(
            component=payload.get("component"),
            group=payload.get("group"),
            event_class=payload.get("class"),
            client=record.get("client"),
            client_url=record.get("client_url"),
            links=[said(each, "href") for each in some(record, "links")],
        ),
    )
    _set_entities(mapped, payload)
    return finish(mapped, record, raw)


def _set_entities(mapped: Mapped, payload: dict[str, Any]) -> None:
    """The source is what is affected; the details have whatever names the sender chose."""
    details = Fields({"details": payload.get("custom_details")})
    mapped.description = details.first(*_names.DESCRIPTION)
    source = said(payload, "source")
    address = source if normalise("ip", source) else details.first(*_names.HOST_IP)
    _entities.set_host(mapped, source, address)
    _entities.set_user(mapped, details.first(*_names.USER), details.first(*_names.USER_EMAIL))
    _entities.add_asset(mapped, "component", said(payload, "component"))
    mapped.sightings += _names.sightings(details)
    mapped.tactics = details.all(*_names.TACTIC_IDS) or details.all(*_names.TACTICS)
    mapped.techniques = details.all(*_names.TECHNIQUE_IDS) or details.all(*_names.TECHNIQUES)
