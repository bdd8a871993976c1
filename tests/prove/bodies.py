"""Bodies with which a request would go through, were its id found."""

import secrets
from typing import Any

from rest_framework import serializers

from core import workflow
from tests.prove.urls import UNKNOWN, Place

TAKEN = "taken over"
FIXED: dict[str, dict[str, Any]] = {
    "comments": {"text": TAKEN},
    "timeline": {"text": TAKEN},
    "add_alerts": {"alert_ids": [str(UNKNOWN)]},
    "remove_alerts": {"alert_ids": [str(UNKNOWN)]},
    "merge": {"source_ids": [str(UNKNOWN)]},
    "unmerge": {"merge_id": str(UNKNOWN)},
    "apply_template": {"template_id": str(UNKNOWN)},
    "reorder": {"position": 1},
    "assign": {"assignee_id": None},
    "judge": {"malice": "benign"},
    "auth-token": {"email": "nobody@example.org", "password": "x", "tenant": "none"},
    "auth-token-refresh": {"refresh": "x"},
    "auth-app-token": {"client_id": "x", "client_secret": "x"},
}


def of(place: Place, method: str) -> dict[str, Any]:
    """The body of a URL and method, from the workflow's table or the serializer."""
    action = place.actions.get(method.lower(), "")
    if place.name in FIXED or action in FIXED:
        return FIXED.get(action) or FIXED[place.name]
    word = place.template.rstrip("/").rsplit("/", 1)[-1]
    if place.model is not None and workflow.has_one(place.model):
        verbs = {move.verb: move for move in workflow.of(place.model)}
        if word in verbs:
            return inputs(verbs[word])
    if action in ("create", "partial_update"):
        return changed(getattr(place.viewset, "serializer_class", None))
    return {}


def inputs(move: workflow.Move) -> dict[str, Any]:
    """Every input that a move needs."""
    return {each.name: _value(each) for each in move.inputs if each.needed}


def changed(serializer_class: Any) -> dict[str, Any]:
    """A change of the first free text that the resource has."""
    if serializer_class is None:
        return {}
    for name, each in serializer_class().fields.items():
        if (
            type(each) is serializers.CharField
            and not each.read_only
            and name in ("title", "text", "name")
        ):
            return {name: TAKEN if name != "name" else _own_name()}
    return {}


def _own_name() -> str:
    """A name that no other request has taken: where names are unique, a taken one is refused."""
    return f"{TAKEN} {secrets.token_hex(4)}"


def _value(each: workflow.Input) -> str:
    return each.choices[0][0] if each.choices else TAKEN
