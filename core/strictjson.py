"""JSON from outside, read strictly: what the database or the next reader could not take is refused
by name.
"""

import json
import re
from typing import Any

from core.errors import BadInput

MAX_DEPTH = 32
MAX_DIGITS = 400
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Malformed(BadInput):
    """The body is no JSON that can be taken."""

    kind = "malformed"


def loads(body: bytes) -> Any:
    """The value of a JSON body in UTF-8. Raises Malformed for anything doubtful, with the
    reason.
    """
    if depth(body) > MAX_DEPTH:
        raise Malformed(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer
        )
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Malformed(
            f"This is no JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error
    if "\\u" in text or "\x00" in text:
        _refuse_characters(value)
    return value


def depth(body: bytes) -> int:
    """How deep arrays and objects nest, found by one pass over the bytes and without recursion."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return 0
    level = deepest = 0
    for byte in _STRINGS.sub(b"", body):
        if byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(f"The name '{twice}' stands twice in one object.", field=twice)
    return found


def _constant(name: str) -> Any:
    raise Malformed(f"{name} is no JSON number.")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise Malformed("A number has too many digits.")
    return int(digits)


def _refuse_characters(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "\x00" in item or _SURROGATE.search(item):
                raise Malformed("A text holds a NUL character or half a surrogate pair.")
        elif isinstance(item, dict):
            waiting.extend([*item.keys(), *item.values()])
        elif isinstance(item, list):
            waiting.extend(item)
