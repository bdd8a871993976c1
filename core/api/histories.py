"""One page of an object's history as the API answers it."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from core import ids
from core.feed import PAGE, entries
from core.models import AuditEvent


def history_of(obj: Any, request: Request) -> dict[str, Any]:
    """One page of the history as the API answers it."""
    text = request.query_params.get("cursor")
    before = ids.read(AuditEvent.ID_PREFIX, text) if text else None
    if text and before is None:
        raise ValidationError(
            {"cursor": ["This cursor is not one of ours. Start at the first page."]}
        )
    found = entries(obj, before=before, limit=PAGE + 1)
    following = None
    if len(found) > PAGE:
        last = ids.show(AuditEvent.ID_PREFIX, found[PAGE - 1]["event"])
        following = replace_query_param(request.build_absolute_uri(), "cursor", last or "")
    return {
        "results": [_shown(entry) for entry in found[:PAGE]],
        "next": following,
        "previous": None,
    }


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in entry.items() if name not in ("event", "details")}
    return shown | {
        "actor_id": ids.show("per", entry["actor_id"]),
        "correlation_id": str(entry["correlation_id"]),
    }
