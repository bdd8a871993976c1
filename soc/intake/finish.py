"""From what a format has mapped to a draft: bounds, time, indicators, fingerprint, keys."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from soc.attack import technique_id
from soc.intake import times
from soc.intake.drafts import AlertDraft, Asset, Fault, IdentityKey, Sighting
from soc.intake.indicators import extract

MAX_TITLE = 500
MAX_DESCRIPTION = 20_000
MAX_NAME = 255
MAX_ITEMS = 100
ELLIPSIS = "…"


@dataclass(slots=True)
class Mapped:
    """What a format fills in; everything but the tool may stay empty.

    `occurred` and `last_seen` are times as the record has them. `sightings` need not be normalised.
    `id_scope` is what `source_id` is unique in, where the tool passes on what several products say.
    """

    tool: str
    title: str = ""
    description: str = ""
    severity: str = "pending"
    source_severity: str = ""
    category: str = ""
    source_id: str = ""
    id_scope: str = ""
    rule_key: str = ""
    rule_name: str = ""
    occurred: object = None
    last_seen: object = None
    host: dict[str, Any] = field(default_factory=dict)
    user: dict[str, Any] = field(default_factory=dict)
    host_name: str = ""
    user_name: str = ""
    tactics: list[str] = field(default_factory=list)
    techniques: list[str] = field(default_factory=list)
    kill_chain_phase: str = ""
    assets: list[Asset] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


def finish(mapped: Mapped, record: dict[str, Any], raw: bytes) -> AlertDraft | Fault:
    """Make the draft; a record without a title has nothing to map."""
    title = " ".join(mapped.title.split())
    if not title:
        return Fault("nothing to map: no title, name or message")
    tool = line(mapped.tool) or "unknown"
    indicators = extract(record, mapped.sightings)
    print_ = fingerprint(title, tool, indicators)
    moment = times.parse(mapped.occurred)
    return AlertDraft(
        title=cut(title, MAX_TITLE),
        description=_description(title, mapped.description),
        severity=mapped.severity,
        source_severity=line(mapped.source_severity),
        category=line(mapped.category),
        source_name=tool,
        source_id=line(mapped.source_id),
        rule_key=line(mapped.rule_key),
        rule_name=line(mapped.rule_name),
        occurred_at=moment.at if moment else None,
        host=mapped.host,
        user=mapped.user,
        host_name=line(mapped.host_name),
        user_name=line(mapped.user_name),
        mitre_tactics=lines(mapped.tactics),
        mitre_techniques=list(dict.fromkeys(map(technique_id, lines(mapped.techniques)))),
        kill_chain_phase=line(mapped.kill_chain_phase),
        affected_assets=mapped.assets[:MAX_ITEMS],
        tags=lines(mapped.tags),
        indicators=indicators,
        metadata=mapped.metadata | _time_marks(mapped.occurred, moment),
        fingerprint=print_,
        identity_keys=_identity(mapped, print_, raw),
        last_seen_at=_later(moment, times.parse(mapped.last_seen)),
    )


def fingerprint(title: str, tool: str, indicators: tuple[Sighting, ...]) -> str:
    """Hex SHA-256 of title, tool and the set of indicators, whatever their order."""
    values = sorted({(seen.type, seen.value) for seen in indicators})
    return hashlib.sha256(orjson.dumps([title, tool, values])).hexdigest()


def identity_of(source_id: str, scope: str = "") -> IdentityKey:
    """The key of a tool's own id within its scope, which never ends."""
    name = source_id
    if scope:
        name = "sha256:" + hashlib.sha256(orjson.dumps([scope, source_id])).hexdigest()
    elif len(source_id) > MAX_NAME:
        name = "sha256:" + hashlib.sha256(source_id.encode()).hexdigest()
    return IdentityKey("id", f"id:{name}", False)


def _identity(mapped: Mapped, print_: str, raw: bytes) -> tuple[IdentityKey, ...]:
    """The keys of a record: the tool's id alone, else fingerprint and digest of the bytes.

    Only the fingerprint expires (24 hours after its last repeat, settable per source).
    """
    if mapped.source_id:
        return (identity_of(mapped.source_id, mapped.id_scope),)
    digest = hashlib.sha256(raw).hexdigest()
    return (
        IdentityKey("fingerprint", f"fingerprint:{print_}", True),
        IdentityKey("bytes", f"bytes:{digest}", False),
    )


def cut(text: str, length: int) -> str:
    """The text itself, or its beginning with an ellipsis within `length`."""
    return text if len(text) <= length else text[: length - 1] + ELLIPSIS


def line(text: str) -> str:
    """One bounded line."""
    return cut(" ".join(text.split()), MAX_NAME)


def lines(texts: list[str]) -> list[str]:
    """Bounded lines, each once, in order, without empty ones."""
    return list(dict.fromkeys(filter(None, map(line, texts[: MAX_ITEMS * 10]))))[:MAX_ITEMS]


def _description(title: str, description: str) -> str:
    """A title too long to be shown goes whole into the description."""
    text = f"{title}\n\n{description}" if len(title) > MAX_TITLE else description
    return cut(text.strip(), MAX_DESCRIPTION)


def _later(moment: times.Moment | None, last: times.Moment | None) -> datetime | None:
    """The last sighting, where it is later than the first."""
    return last.at if last and (moment is None or last.at > moment.at) else None


def _time_marks(occurred: object, moment: times.Moment | None) -> dict[str, Any]:
    if moment:
        return {} if moment.zoned else {"time_without_zone": True}
    return {"time_unreadable": cut(str(occurred), MAX_NAME)} if occurred else {}
