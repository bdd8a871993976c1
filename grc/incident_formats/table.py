"""Tables of breach portals as CSV: entity, date, individuals affected, type, description."""

import csv
import io
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from grc.incident_formats.drafts import Fault, IncidentDraft

# What each column may be called, in lower case, where no mapping says so.
NAMES = {
    "entity": ("entity", "name of covered entity", "organization name", "organisation", "company"),
    "date": ("date", "breach submission date", "date(s) of breach", "date of breach", "reported"),
    "individuals": ("individuals", "individuals affected", "people affected", "affected"),
    "type": ("type", "type of breach", "breach type", "category"),
    "description": ("description", "web description", "summary"),
}


def records(body: bytes, mapping: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The rows with our names for their columns; `mapping` says what each of ours is called."""
    text = body.decode("utf-8-sig", errors="replace")
    reader = csv.DictReader(io.StringIO(text))
    columns = _columns(reader.fieldnames or [], mapping)
    if "entity" not in columns:
        raise Fault("No column names the entity. Give --map entity=COLUMN.")
    try:
        for row in reader:
            yield {ours: (row.get(theirs) or "").strip() for ours, theirs in columns.items()}
    except csv.Error as error:
        raise Fault(f"This is no CSV: {error}.") from error


def draft(record: Mapping[str, str]) -> IncidentDraft:
    """One row as a draft. Its identity is what it says; dates stay as they are written."""
    entity = record.get("entity", "")
    if not entity:
        raise Fault("It names no entity.")
    digest = sha256("\x1f".join(f"{k}={v}" for k, v in sorted(record.items())).encode())
    kind = record.get("type", "")
    return IncidentDraft(
        key=f"csv:{digest.hexdigest()}",
        title=f"{entity}: {kind or 'breach'}"[:200],
        description=record.get("description", ""),
        category=kind[:200] or None,
        impact=_people(record.get("individuals", "")),
        times={"incident": record["date"]} if record.get("date") else {},
        tags=["portal"],
    )


def _people(text: str) -> dict[str, Any]:
    digits = text.replace(",", "").replace(" ", "")
    known = digits.isascii() and digits.isdigit() and len(digits) < 13
    if text and not known:
        raise Fault(f"'{text[:40]}' is no number of individuals.")
    return {"people": int(digits)} if known else {}


def _columns(head: Any, mapping: Mapping[str, str]) -> dict[str, str]:
    by_name = {str(name).strip().lower(): str(name) for name in head if name}
    found = {}
    for ours, names in NAMES.items():
        wanted = (mapping[ours].lower(),) if ours in mapping else names
        theirs = next((by_name[name] for name in wanted if name in by_name), None)
        if theirs:
            found[ours] = theirs
    return found
