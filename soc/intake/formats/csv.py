"""Rows of a table whose columns have the names of our fields, or are mapped to them."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from soc.intake import tables, vocabulary
from soc.intake.drafts import AlertDraft, Fault, Sighting, Skip
from soc.intake.envelope import Record
from soc.intake.finish import Mapped, finish
from soc.intake.formats import _entities, generic
from soc.intake.formats._values import text
from soc.intake.normalise import TYPES, normalise

NAME = "csv"
TITLE = "CSV with a header"
# Our fields by the names that a column may have; others are found by generic's names.
TEXTS = {
    "title": ("title",),
    "description": ("description",),
    "category": ("category",),
    "source_id": ("source_id",),
    "rule_key": ("rule_key",),
    "rule_name": ("rule_name",),
    "kill_chain_phase": ("kill_chain_phase",),
    "occurred": ("occurred_at", "timestamp"),
    "last_seen": ("last_seen_at",),
}
LISTS = {
    "tactics": ("mitre_tactics", "mitre_tactic"),
    "techniques": ("mitre_techniques", "mitre_technique"),
    "tags": ("tags",),
}
COLUMNS = (
    *(name for names in (*TEXTS.values(), *LISTS.values()) for name in names),
    *("severity", "source_name", "host", "host_name", "user", "user_name"),
    *("indicators", "affected_assets"),
)
_BETWEEN = re.compile(r"[;|,\n]")
# What a single value is taken for, the narrow types first.
GUESSES = (
    *("ip", "url", "email", "cve", "hash_md5", "hash_sha1", "hash_sha256", "mac"),
    *("registry_key", "domain"),
)


def read(file: BinaryIO, offset: int, position: int, names: dict[str, str]) -> Iterator[Record]:
    """Rows by their header; `names` maps our names to the file's columns."""
    return tables.read(file, offset, position, names)


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Map a row: what is under a name of ours counts, the rest is found by common names."""
    row = {name.strip().lower().replace(" ", "_"): value for name, value in record.items()}
    mapped = generic.mapped(record)
    mapped.tool = _one(row, "source_name") or (NAME if mapped.tool == generic.NAME else mapped.tool)
    for field, names in TEXTS.items():
        if found := _one(row, *names):
            setattr(mapped, field, found)
    for field, names in LISTS.items():
        if found := _one(row, *names):
            setattr(mapped, field, _list(found))
    mapped.category = vocabulary.category(mapped.category)
    if severity := _one(row, "severity"):
        mapped.severity, mapped.source_severity = vocabulary.severity(severity), severity
    _set_entities(mapped, row)
    return finish(mapped, record, raw)


def _one(row: dict[str, Any], *names: str) -> str:
    return next((found for name in names if (found := text(row.get(name)))), "")


def _list(value: str) -> list[str]:
    return [each.strip() for each in _BETWEEN.split(value.strip("[]")) if each.strip(" \"'")]


def _set_entities(mapped: Mapped, row: dict[str, Any]) -> None:
    if host := _one(row, "host_name", "host"):
        mapped.host_name, mapped.assets = "", [a for a in mapped.assets if a["type"] != "host"]
        _entities.set_host(mapped, host)
    if user := _one(row, "user_name", "user"):
        mapped.user_name, mapped.assets = "", [a for a in mapped.assets if a["type"] != "user"]
        _entities.set_user(mapped, user)
    for label in _list(_one(row, "affected_assets")):
        _entities.add_asset(mapped, "asset", label)
    for each in _list(_one(row, "indicators")):
        _add_indicator(mapped, each)


def _add_indicator(mapped: Mapped, each: str) -> None:
    """`type:value`, else a value that shows its type itself."""
    kind, colon, value = each.partition(":")
    if colon and kind.lower() in TYPES:
        mapped.sightings.append(Sighting(kind.lower(), value, "other"))
        return
    guess = next((name for name in GUESSES if normalise(name, each)), "")
    _entities.add(mapped, "other", **({guess: each} if guess else {}))
