"""Conditions over an alert: `[{"field", "op", "value"}]`, read and judged without a database.

One evaluator for everything that asks whether an alert matches. No pattern of the writer is ever
compiled, so that no condition can be slow.
"""

import ipaddress
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.errors import BadInput
from soc.vocabulary import MALICE, SEVERITIES

MAX_CONDITIONS = 50
MAX_VALUES = 500
RANKED = {"severity": SEVERITIES, "malice": MALICE}
NUMBERS = ("duplicate_count",)
FIELDS = (
    "title",
    "description",
    "severity",
    "status",
    "category",
    "source_name",
    "rule_key",
    "rule_name",
    "host_name",
    "user_name",
    "kill_chain_phase",
    "malice",
    "tags",
    "mitre_tactics",
    "mitre_techniques",
    "indicators",
    "assets",
    "duplicate_count",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. A field of several values holds when one of them does; `not_…` when none."""

    field: str
    op: str
    value: Any = None

    def holds(self, facts: Mapping[str, Any]) -> bool:
        found = facts.get(self.field)
        values = found if isinstance(found, (list, tuple)) else [found]
        present = [value for value in values if value not in (None, "")]
        if self.op in _NEGATED:
            return not any(self._one(_NEGATED[self.op], value) for value in present)
        if self.op == "exists":
            return bool(present)
        return any(self._one(self.op, value) for value in present)

    def _one(self, op: str, value: Any) -> bool:
        ranks = RANKED.get(self.field)
        if ranks and op in _ORDER:
            return value in ranks and _ORDER[op](ranks.index(value), ranks.index(self.value))
        return _TESTS[op](value, self.value)


def read(
    given: object, *, field: str, more: Callable[[str], bool] | None = None
) -> list[Condition]:
    """The conditions in a body; BadInput names the field, and says which is at fault and why.

    `more` says which other names than FIELDS may be asked for; such values are compared as numbers.
    """
    if not isinstance(given, list):
        raise BadInput('Give a list of {"field", "op", "value"}.', field=field)
    if len(given) > MAX_CONDITIONS:
        raise BadInput(f"At most {MAX_CONDITIONS} conditions.", field=field)
    return [
        _read_one(item, f"Condition {place}", field, more) for place, item in enumerate(given, 1)
    ]


def all_hold(conditions: Sequence[Condition], facts: Mapping[str, Any]) -> bool:
    """Whether every one holds; an empty list never does."""
    return bool(conditions) and all(condition.holds(facts) for condition in conditions)


def any_holds(conditions: Sequence[Condition], facts: Mapping[str, Any]) -> bool:
    return any(condition.holds(facts) for condition in conditions)


def _read_one(
    item: object, where: str, field: str, more: Callable[[str], bool] | None = None
) -> Condition:
    if not isinstance(item, dict) or not set(item) <= {"field", "op", "value"}:
        raise BadInput(f'{where}: give {{"field", "op", "value"}}, nothing else.', field=field)
    name, op, value = item.get("field"), item.get("op"), item.get("value")
    if name not in FIELDS and not (more and isinstance(name, str) and more(name)):
        raise BadInput(f"{where}: use one of the fields {', '.join(FIELDS)}.", field=field)
    if op not in OPERATORS:
        raise BadInput(f"{where}: use one of the ops {', '.join(OPERATORS)}.", field=field)
    fault = _fault(str(name), str(op), value)
    if fault:
        raise BadInput(f"{where}: {fault}", field=field)
    return Condition(str(name), str(op), value)


def _fault(name: str, op: str, value: Any) -> str | None:
    """Why a value does not fit its operator, or None."""
    if op in ("in", "not_in"):
        fits = isinstance(value, list) and 0 < len(value) <= MAX_VALUES
        return None if fits else f"'{op}' takes a list of 1 to {MAX_VALUES} values."
    if op in ("exists", "absent"):
        return None if value in (None, True) else f"'{op}' takes no value."
    if op in ("in_network", "not_in_network"):
        return None if _network(value) else f"'{value}' is no network such as 192.0.2.0/24."
    if op in _ORDER:
        return _order_fault(name, op, value)
    if not isinstance(value, (str, int, float)) or isinstance(value, bool) or value == "":
        return f"'{op}' takes a text or a number."
    return None


def _order_fault(name: str, op: str, value: Any) -> str | None:
    if name in RANKED:
        known = ", ".join(RANKED[name])
        return None if value in RANKED[name] else f"'{op}' takes one of: {known}."
    if name not in NUMBERS and name in FIELDS:
        return f"'{op}' compares {', '.join((*RANKED, *NUMBERS))}."
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return None if number else f"'{op}' takes a number."


def _text(value: Any) -> str:
    return str(value).casefold()


def _network(value: Any) -> Any:
    return _parsed_network(str(value))


@lru_cache(maxsize=4096)
def _parsed_network(text: str) -> Any:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _parsed_address(text: str) -> Any:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _inside(value: Any, network: Any) -> bool:
    address, within = _parsed_address(str(value)), _network(network)
    if address is None or within is None:
        return False
    return address.version == within.version and address in within


def _number(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(value: Any, wanted: Any) -> bool:
        return isinstance(value, (int, float)) and test(value, wanted)

    return compare


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": _number(operator.ge),
    "at_most": _number(operator.le),
}
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda value, wanted: _text(value) == _text(wanted),
    "in": lambda value, wanted: _text(value) in {_text(each) for each in wanted},
    "contains": lambda value, wanted: _text(wanted) in _text(value),
    "starts_with": lambda value, wanted: _text(value).startswith(_text(wanted)),
    "ends_with": lambda value, wanted: _text(value).endswith(_text(wanted)),
    "in_network": _inside,
    "exists": lambda value, wanted: True,
    **_ORDER,
}
_NEGATED = {
    "not_equals": "equals",
    "not_in": "in",
    "not_contains": "contains",
    "not_in_network": "in_network",
    "absent": "exists",
}
OPERATORS = (*_TESTS, *_NEGATED)
