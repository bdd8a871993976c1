"""The history of one object: audit events (who, what, why) with the field changes that go with
them.
"""

from itertools import pairwise
from typing import Any
from uuid import UUID

from core.models import AuditEvent

PAGE = 50
# Of the row and not of its meaning; repeats count up without a version of their own.
QUIET = {
    "created_at",
    "created_by",
    "duplicate_count",
    "id",
    "last_seen_at",
    "tenant_id",
    "updated_at",
    "updated_by",
    "version",
}


def entries(obj: Any, *, before: UUID | None = None, limit: int = PAGE) -> list[dict[str, Any]]:
    """Events of an object, newest first: at, actor, verb, note, correlation and `changes` {field:
    [old, new]}.
    """
    versions = _versions(obj, before, limit)
    events = AuditEvent.objects.filter(object_id=obj.pk)
    wanted = [version.event_id for version in versions]
    if before is not None:
        events = events.filter(pk__lt=before)
    newest = {event.pk: event for event in events.order_by("-id")[:limit]}
    missing = [pk for pk in wanted if pk not in newest]
    newest |= {event.pk: event for event in AuditEvent.objects.filter(pk__in=missing)}
    changes = _changes(versions, getattr(obj, "FOLLOWING", {}))
    found = [_entry(event, changes.get(pk, {})) for pk, event in newest.items()]
    return sorted(found, key=lambda entry: entry["event"], reverse=True)[:limit]


def _versions(obj: Any, before: UUID | None, limit: int) -> list[Any]:
    """History rows, newest first, with one more than asked, against which the last is compared."""
    if not hasattr(obj, "history"):
        return []
    rows = obj.history.order_by("-event_id")
    if before is not None:
        rows = rows.filter(event_id__lt=before)
    return list(rows[: limit + 1])


def _changes(versions: list[Any], following: dict[str, str]) -> dict[UUID, dict[str, list[Any]]]:
    """What each event changed; several versions of one event are read as one step.

    What others change in silence is told only together with the field that it follows.
    """
    found: dict[UUID, dict[str, list[Any]]] = {}
    for newer, older in pairwise(versions):
        names = [field.attname for field in newer.tracked_fields if field.attname not in QUIET]
        pairs = {name: [getattr(older, name), getattr(newer, name)] for name in names}
        differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        found[newer.event_id] = {
            name: pair
            for name, pair in differing.items()
            if name not in following or following[name] in differing
        }
    return found


def _entry(event: AuditEvent, changes: dict[str, list[Any]]) -> dict[str, Any]:
    return {
        "event": event.pk,
        "at": event.created_at,
        "actor_id": event.actor_id,
        "verb": event.verb,
        "note": event.note,
        "correlation_id": event.correlation_id,
        "changes": changes,
        "details": event.details,
    }
