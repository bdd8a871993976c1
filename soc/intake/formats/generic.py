"""Any JSON object: what it says is found by the names that ECS, OCSF and vendors use."""

from typing import Any

from soc.intake import times, vocabulary
from soc.intake.drafts import AlertDraft, Asset, Fault
from soc.intake.fields import Fields
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _names
from soc.intake.formats._values import is_kind_of_event
from soc.intake.indicators import leaves
from soc.intake.normalise import normalise

NAME = "generic"
TITLE = "Any JSON object"


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Fault:
    """Map what the names tell; a record with one meaningful text becomes an alert."""
    return finish(mapped(record), record, raw)


def mapped(record: dict[str, Any]) -> Mapped:
    """What the names tell of a record, before it is bounded."""
    fields = Fields(record)
    found = Mapped(
        tool=_tool(fields),
        title=_title(fields) or _any_text(record),
        description=fields.first(*_names.DESCRIPTION),
        category=vocabulary.category(fields.first(*_names.CATEGORY)),
        source_id=fields.first(*_names.SOURCE_ID) or _event_id(fields),
        rule_key=fields.first(*_names.RULE_KEY),
        rule_name=fields.first(*_names.RULE_NAME),
        occurred=_time(fields),
        tactics=fields.all(*_names.TACTIC_IDS) or fields.all(*_names.TACTICS),
        techniques=fields.all(*_names.TECHNIQUE_IDS) or fields.all(*_names.TECHNIQUES),
        kill_chain_phase=fields.first(*_names.KILL_CHAIN),
        tags=fields.all(*_names.TAGS),
        sightings=list(_names.sightings(fields)),
    )
    _set_severity(found, fields)
    _set_host(found, fields)
    _set_user(found, fields)
    return found


def _title(fields: Fields) -> str:
    return next(filter(_says_something, fields.all(*_names.TITLE)), "")


def _says_something(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _any_text(record: dict[str, Any]) -> str:
    """For a record without a title: the first text in it that has a letter, with its name."""
    found = ((key, text) for key, text in leaves(record) if _says_something(text))
    return next((f"{key}: {text}" if key else text for key, text in found), "")


def _event_id(fields: Fields) -> str:
    found = fields.first(_names.EVENT_ID)
    return "" if is_kind_of_event(found) else found


def _tool(fields: Fields) -> str:
    """The product that speaks; an address or a path under `source` is not one."""
    name = fields.first(*_names.TOOL)
    return NAME if not name or "/" in name or normalise("ip", name) else name


def _time(fields: Fields) -> object:
    """The first time that can be read, else the first there is, to be marked."""
    found = fields.all(*_names.TIME)
    return next((value for value in found if times.parse(value)), next(iter(found), None))


def _set_severity(mapped: Mapped, fields: Fields) -> None:
    """Words we know count, then OCSF's severity_id; other scales are kept and wait."""
    found = fields.all(*_names.SEVERITY)
    known = next((word for word in found if vocabulary.severity(word) != "pending"), "")
    mapped.source_severity = known or next(iter(found), "")
    mapped.severity = vocabulary.severity(known)
    number = fields.first("^severityid")
    if not known and fields.first("^classuid"):
        mapped.severity = vocabulary.OCSF_SEVERITIES.get(number, "pending")
        mapped.source_severity = number or mapped.source_severity


def _set_host(mapped: Mapped, fields: Fields) -> None:
    name, address = fields.first(*_names.HOST), fields.first(*_names.HOST_IP)
    found = {"name": name, "ip": address, "id": fields.first(*_names.HOST_ID)}
    mapped.host = {key: value[:255] for key, value in found.items() if value}
    mapped.host_name = name or address
    if mapped.host_name:
        mapped.assets.append(Asset(type="host", id=None, label=mapped.host_name[:255]))


def _set_user(mapped: Mapped, fields: Fields) -> None:
    name, email = fields.first(*_names.USER), fields.first(*_names.USER_EMAIL)
    found = {"name": name, "email": email, "domain": fields.first(*_names.USER_DOMAIN)}
    mapped.user = {key: value[:255] for key, value in found.items() if value}
    mapped.user_name = name or email
    if mapped.user_name:
        mapped.assets.append(Asset(type="user", id=None, label=mapped.user_name[:255]))
