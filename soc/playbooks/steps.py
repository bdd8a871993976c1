"""Steps as a body has them, read with a fault named by step and field."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core import ids
from core.errors import BadInput
from soc import conditions
from soc.playbooks import templating
from soc.playbooks.kinds import KINDS, Field, Kind

MAX_STEPS = 100
MAX_TEXT = 20_000
MAX_ITEMS = 100
END = "end"
PARTS = ("key", "kind", "name", "with", "on_success", "on_failure")
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `on_success` empty leads to the next in the list, `end` nowhere; `on_failure` empty
    ends the run as failed, save that of a condition, which ends its path.
    """

    key: str
    kind: Kind
    name: str
    given: dict[str, Any]
    on_success: str | None = None
    on_failure: str | None = None

    def value(self, name: str, default: Any = None) -> Any:
        found = self.given.get(name)
        return default if found in (None, "") else found

    @property
    def conditions(self) -> list[conditions.Condition]:
        found = self.given.get("all") or self.given.get("until") or []
        return conditions.read(found, field="steps", more=is_step_path)

    def shown(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind.name,
            "name": self.name,
            "with": self.given,
            "on_success": self.on_success,
            "on_failure": self.on_failure,
        }


def read(given: object) -> list[Step]:
    """The steps of a body, each by itself; how they hang together the graph checks."""
    if not isinstance(given, list):
        raise BadInput('Give a list of {"key", "kind", "name", "with", …}.', field="steps")
    if len(given) > MAX_STEPS:
        raise BadInput(f"At most {MAX_STEPS} steps.", field="steps")
    keys = [_key(place, item) for place, item in enumerate(given, 1)]
    for place, key in enumerate(keys, 1):
        if key in keys[: place - 1]:
            raise fault(place, key, "key", "there is another step with this key.")
    known = frozenset(keys)
    return [
        _read_one(place, key, item, known)
        for place, (key, item) in enumerate(zip(keys, given, strict=True), 1)
    ]


def fault(place: int, key: str, field: str, told: str) -> BadInput:
    """A refusal that names the step and the field."""
    return BadInput(f"Step {place} ({key}), {field}: {told}", field="steps")


def is_step_path(name: str) -> bool:
    """Whether a condition asks for what a step has found: `steps.lookup.body.score`."""
    return name.startswith("steps.") and templating.fault_of(f"{{{{{name}}}}}", _Any()) is None


class _Any(frozenset[str]):
    def __contains__(self, item: object) -> bool:
        return True


def _key(place: int, item: object) -> str:
    if not isinstance(item, dict):
        raise BadInput(f'Step {place}: give {{"key", "kind", "name", "with"}}.', field="steps")
    key = item.get("key") or f"step-{place}"
    if not isinstance(key, str) or not _KEY.fullmatch(key) or key == END:
        told = "give lower-case letters, digits, - or _, at most 64, and not 'end'."
        raise fault(place, str(key)[:64], "key", told)
    return key


def _read_one(place: int, key: str, item: dict[str, Any], known: frozenset[str]) -> Step:
    unknown = sorted(set(item) - set(PARTS))
    if unknown:
        raise fault(place, key, str(unknown[0])[:64], "there is no such field.")
    kind = KINDS.get(str(item.get("kind")))
    if kind is None:
        raise fault(place, key, "kind", f"use one of {', '.join(KINDS)}.")
    name = item.get("name") or kind.label
    if not isinstance(name, str) or len(name) > 200:
        raise fault(place, key, "name", "give a text of at most 200 characters.")
    given = item.get("with") or {}
    if not isinstance(given, dict):
        raise fault(place, key, "with", "give an object.")
    ways = {way: _way(place, key, way, item.get(way), known) for way in PARTS[4:]}
    _check_fields(place, key, kind, given, known)
    return Step(key, kind, name.strip(), given, **ways)


def _way(place: int, key: str, way: str, value: object, known: frozenset[str]) -> str | None:
    if value in (None, ""):
        return None
    if not isinstance(value, str) or (value != END and value not in known):
        raise fault(place, key, way, f"'{str(value)[:64]}' is no step; or write 'end'.")
    return value


def _check_fields(
    place: int, key: str, kind: Kind, given: dict[str, Any], known: frozenset[str]
) -> None:
    for name in given:
        if kind.field(name) is None:
            takes = ", ".join(each.name for each in kind.fields) or "nothing"
            raise fault(
                place, key, f"with.{str(name)[:64]}", f"a step '{kind.name}' takes {takes}."
            )
    for each in kind.fields:
        value = given.get(each.name)
        told = _fault_of(each, value, known)
        if told:
            raise fault(place, key, f"with.{each.name}", told)
    if kind.name == "wait" and ("minutes" in given) == ("until" in given):
        raise fault(place, key, "with.minutes", "give either minutes, or until with conditions.")


def _fault_of(field: Field, value: Any, known: frozenset[str]) -> str | None:
    if value in (None, "", [], {}):
        return "this is needed." if field.needed else None
    told = _CHECKS[field.kind](field, value)
    if told or field.kind in ("conditions", "steps"):
        return told or _fault_of_keys(field, value, known)
    return templating.fault_of(value, known)


def _fault_of_keys(field: Field, value: Any, known: frozenset[str]) -> str | None:
    if field.kind == "conditions":
        names = [item["field"] for item in value if "." in item["field"]]
        return templating.fault_of([f"{{{{ {name} }}}}" for name in names], known)
    strange = [key for key in value if key not in known]
    return f"'{strange[0]}' is no step." if strange else None


def _text(field: Field, value: Any) -> str | None:
    fits = isinstance(value, str) and len(value) <= MAX_TEXT
    return None if fits else f"give a text of at most {MAX_TEXT} characters."


def _texts(field: Field, value: Any) -> str | None:
    fits = isinstance(value, list) and len(value) <= MAX_ITEMS
    if fits and all(isinstance(each, (str, int)) and len(str(each)) <= 2000 for each in value):
        return None
    return f"give a list of at most {MAX_ITEMS} texts."


def _object(field: Field, value: Any) -> str | None:
    fits = isinstance(value, dict) and len(value) <= MAX_ITEMS
    if fits and all(isinstance(each, (str, int, float)) for each in value.values()):
        return None
    return "give an object of texts."


def _number(field: Field, value: Any) -> str | None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and field.least <= value <= field.most:
        return None
    return f"give a number from {field.least:g} to {field.most:g}."


def _choice(field: Field, value: Any) -> str | None:
    return None if value in field.choices else f"use one of {', '.join(field.choices)}."


def _flag(field: Field, value: Any) -> str | None:
    return None if isinstance(value, bool) else "give true or false."


def _id(prefix: str) -> Callable[[Field, Any], str | None]:
    def check(field: Field, value: Any) -> str | None:
        template = isinstance(value, str) and "{{" in value and prefix != "con"
        return None if template or ids.read(prefix, value) else f"give an id {prefix}_…"

    return check


def _people(field: Field, value: Any) -> str | None:
    fits = isinstance(value, list) and len(value) <= MAX_ITEMS
    if fits and all(ids.read("per", each) for each in value):
        return None
    return "give a list of ids per_…"


def _conditions(field: Field, value: Any) -> str | None:
    try:
        conditions.read(value, field="steps", more=is_step_path)
    except BadInput as refusal:
        return refusal.message
    return None


def _steps(field: Field, value: Any) -> str | None:
    fits = isinstance(value, list) and 2 <= len(value) <= 20
    if fits and all(isinstance(each, str) for each in value) and len(set(value)) == len(value):
        return None
    return "give the keys of 2 to 20 steps, once each."


def _any(field: Field, value: Any) -> str | None:
    return None


_CHECKS: dict[str, Callable[[Field, Any], str | None]] = {
    "text": _text,
    "long": _text,
    "number": _number,
    "flag": _flag,
    "choice": _choice,
    "texts": _texts,
    "object": _object,
    "any": _any,
    "conditions": _conditions,
    "steps": _steps,
    "connector": _id("con"),
    "person": _id("per"),
    "people": _people,
}
