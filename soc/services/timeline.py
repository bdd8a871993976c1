"""Verbs of the timeline entry: what happened in an investigation, and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from core import audit, records
from core.actors import Actor
from core.errors import BadInput
from core.texts import clean_text
from soc.models import Investigation, TimelineEntry
from soc.vocabulary import TIMELINE_KINDS
from soc.workflows import WRITE

WRITABLE = ("occurred_at", "kind", "text", "alert_id", "tags")
MAX_LENGTH = 20_000


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> TimelineEntry:
    """Write down what happened in an investigation (`investigation_id` among the values); without a
    time, it happened now.
    """
    actor.require(WRITE)
    case: Investigation | None = values.get("investigation_id")
    if case is None:
        raise BadInput("Give the investigation in which it happened.", field="investigation_id")
    clean = {"occurred_at": timezone.now(), "text": "", **_clean(values)}
    _require_text(clean["text"])
    entry = records.create(TimelineEntry(investigation=case, **clean), actor=actor, note=note)
    records.remember(case, "add_event", actor=actor, entry_id=entry.pk)
    return entry


@audit.verb
def update(
    entry: TimelineEntry, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> TimelineEntry:
    """Correct an entry; what it said before stays in its history."""
    actor.require(WRITE)
    clean = _clean(values)
    if "text" in clean:
        _require_text(clean["text"])
    fresh = records.lock(entry)
    case = values.get("investigation_id")
    if case is not None and case.pk != fresh.investigation_id:
        raise BadInput("An entry stays in its investigation.", field="investigation_id")
    return records.change(fresh, clean, actor=actor, note=note)


def delete(entry: TimelineEntry, *, actor: Actor, note: str = "") -> TimelineEntry:
    return records.delete(entry, actor=actor, scope=WRITE, note=note)


def restore(entry: TimelineEntry, *, actor: Actor, note: str = "") -> TimelineEntry:
    return records.restore(entry, actor=actor, scope=WRITE, note=note)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if name in values}
    moment: datetime | None = clean.get("occurred_at")
    if moment is None:
        clean.pop("occurred_at", None)
    elif moment > timezone.now():
        raise BadInput("occurred_at lies in the future; say when it happened.", field="occurred_at")
    if "kind" in clean and clean["kind"] not in TIMELINE_KINDS:
        raise BadInput(
            f"'{clean['kind']}' is not known here. Use one of: {', '.join(TIMELINE_KINDS)}.",
            field="kind",
        )
    if "text" in clean:
        clean["text"] = clean_text(clean["text"], field="text")
    if "alert_id" in clean:
        clean["alert_id"] = clean["alert_id"] and clean["alert_id"].pk
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean


def _require_text(text: str) -> None:
    if not text:
        raise BadInput("Say what happened first.", field="text")
    if len(text) > MAX_LENGTH:
        raise BadInput(f"An entry has at most {MAX_LENGTH} characters.", field="text")
