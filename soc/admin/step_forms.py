"""The editor's form of each step, made from the table of kinds, and what it is read as."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from core import ids
from core.services import people
from soc.models import Connector
from soc.playbooks.kinds import KINDS, Field, Kind
from soc.playbooks.steps import END

NEXT = ("", "The next in the list")
NONE = ("", "Nothing: the run fails")
LINES = ("texts",)
JSONS = ("object", "any", "conditions")
SHOWN_AS = {"long": "area", "texts": "area", "object": "json", "conditions": "json", "any": "json"}


def forms(steps: list[dict[str, Any]], choices: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A form for each step, in order."""
    keys = [str(step["key"]) for step in steps]
    return [
        form(step, keys, choices) | {"place": place, "is_first": place == 1}
        for place, step in enumerate(steps, 1)
    ]


def form(step: dict[str, Any], keys: list[str], choices: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of one step, filled with what it has."""
    kind = KINDS[step["kind"]]
    others = [key for key in keys if key != step["key"]]
    ends = [*((key, key) for key in others), (END, "The end of this path")]
    return {
        "step": step,
        "kind": kind,
        "inputs": [_input(each, step.get("with") or {}, others, choices) for each in kind.fields],
        "success": _chosen(
            [NEXT if kind.name != "parallel" else ("", "Nothing"), *ends], step.get("on_success")
        ),
        "failure": _chosen(
            [("", "The end of this path") if kind.name == "condition" else NONE, *ends],
            step.get("on_failure"),
        ),
    }


def choices() -> dict[str, Any]:
    """Connectors and members that steps may name."""
    return {
        "connectors": list(Connector.objects.order_by("name")[:200]),
        "people": [(ids.show("per", pk) or "", name) for pk, name in people.members().items()],
    }


def blank(kind: str, keys: list[str]) -> dict[str, Any]:
    """A new step of a kind, with a key that is free."""
    number = 1
    while f"{kind}-{number}" in keys:
        number += 1
    return {
        "key": f"{kind}-{number}",
        "kind": kind,
        "name": KINDS[kind].label,
        "with": {},
        "on_success": None,
        "on_failure": None,
    }


def read(data: QueryDict, kind: Kind) -> dict[str, Any]:
    """What a form says, as a step of a body; the service checks it."""
    values = {each.name: _read(each, data) for each in kind.fields}
    return {
        "key": data.get("key", "").strip(),
        "kind": kind.name,
        "name": data.get("name", "").strip(),
        "with": {name: value for name, value in values.items() if value not in (None, "", [])},
        "on_success": data.get("on_success") or None,
        "on_failure": data.get("on_failure") or None,
    }


def _read(field: Field, data: QueryDict) -> Any:
    name = f"with.{field.name}"
    if field.kind in ("people", "steps"):
        return [each for each in data.getlist(name) if each]
    text = data.get(name, "").replace("\r\n", "\n").strip()
    if field.kind == "flag":
        return True if text else None
    if field.kind in LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if not text:
        return None
    if field.kind == "number":
        return _number(text)
    return _json(text) if field.kind in JSONS else text


def _input(
    field: Field, given: Mapping[str, Any], others: list[str], known: Mapping[str, Any]
) -> dict[str, Any]:
    value = given.get(field.name)
    return {
        "field": field,
        "name": f"with.{field.name}",
        "shown_as": SHOWN_AS.get(field.kind, field.kind),
        "value": _shown(field, value),
        "options": _options(field, value, others, known),
    }


def _options(field: Field, value: Any, others: list[str], known: Mapping[str, Any]) -> list[Any]:
    """What may be chosen, each with whether it is."""
    chosen = value if isinstance(value, list) else [value]
    pairs: list[tuple[str, str]] = []
    if field.kind == "choice":
        pairs = [("", "–"), *((word, word.replace("_", " ")) for word in field.choices)]
    elif field.kind == "connector":
        pairs = [
            ("", "–"),
            *((row.shown_id, f"{row.name} ({row.kind})") for row in known["connectors"]),
        ]
    elif field.kind in ("person", "people"):
        pairs = [*([("", "–")] if field.kind == "person" else []), *known["people"]]
        strange = [each for each in chosen if each and each not in dict(pairs)]
        pairs += [(each, each) for each in strange]
    elif field.kind == "steps":
        pairs = [(key, key) for key in others]
    return [(word, label, word in chosen) for word, label in pairs]


def _shown(field: Field, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field.kind in LINES:
        return "\n".join(str(each) for each in value)
    if field.kind in JSONS:
        return json.dumps(value, indent=2, ensure_ascii=False)
    if field.kind == "number":
        return f"{value:g}"
    return str(value)


def _chosen(pairs: list[tuple[str, str]], value: str | None) -> list[tuple[str, str, bool]]:
    return [(word, label, word == (value or "")) for word, label in pairs]


def _number(text: str) -> Any:
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def _json(text: str) -> Any:
    """What the text says in JSON; the text itself where it says nothing."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
