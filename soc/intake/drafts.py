"""What travels from a format to the database: plain values, no Django in sight."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypedDict


@dataclass(frozen=True, slots=True)
class Sighting:
    """An indicator as one record shows it; `value` is normalised for its `type`.

    `role` is an open word: source, destination, file, actor, url, domain, other …
    """

    type: str
    value: str
    role: str


class Asset(TypedDict):
    """Something the record says is affected; the registers fill `id` later by matching."""

    type: str
    id: str | None
    label: str


class IdentityKey(NamedTuple):
    """A key by which a repeat is known; `key` starts with its kind, so kinds never collide."""

    kind: str
    key: str
    expires: bool


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """An alert before it has a tenant. Texts are bounded, '' where the record says nothing.

    `severity` is one of pending, informational, low, medium, high, critical;
    `source_severity` is the tool's own word or number. `occurred_at` is aware and in UTC;
    `last_seen_at` is the tool's own last sighting, where that is later. `fingerprint` is the hex
    SHA-256 of title, tool and indicators. `metadata` holds facts without a field and marks such as
    time_without_zone or replaced_characters.
    """

    title: str
    description: str
    severity: str
    source_severity: str
    category: str
    source_name: str
    source_id: str
    rule_key: str
    rule_name: str
    occurred_at: datetime | None
    host: dict[str, Any]
    user: dict[str, Any]
    host_name: str
    user_name: str
    mitre_tactics: list[str]
    mitre_techniques: list[str]
    kill_chain_phase: str
    affected_assets: list[Asset]
    tags: list[str]
    indicators: tuple[Sighting, ...]
    metadata: dict[str, Any]
    fingerprint: str
    identity_keys: tuple[IdentityKey, ...]
    last_seen_at: datetime | None = None

    @property
    def happened_at(self) -> datetime | None:
        """When the tool last saw it: what decides whether a repeat is later than a closing."""
        return self.last_seen_at or self.occurred_at


@dataclass(frozen=True, slots=True)
class Signal:
    """The tool says that an alert of its own is acknowledged or resolved; it makes none.

    `verb` is one of acknowledge, resolve; `key` is the identity that the alert was made with.
    """

    verb: str
    source_name: str
    key: str


@dataclass(frozen=True, slots=True)
class Skip:
    """The record says itself that it is no alert; it is counted and not kept."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The record cannot become an alert; its bytes are kept with this reason."""

    reason: str
