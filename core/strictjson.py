"""JSON from outside, read strictly: what the database or the next reader could not take is refused.

`decode` reads one record of intake and repairs what can be repaired; `loads` reads a body of the
API and refuses it by name.
"""

import json
import math
import re
from typing import Any, NamedTuple

from core.errors import BadInput

MAX_DEPTH = 32
BOM = b"\xef\xbb\xbf"
MAX_KEYS = 1_000
MAX_VALUES = 500_000  # of a text of ten megabytes: each costs a reader some sixty bytes
MAX_INTEGER_DIGITS = 20
# What a 64-bit reader can hold; orjson, which writes our answers, refuses the rest.
SMALLEST, LARGEST = -(2**63), 2**64 - 1
REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()

# Up to the next bracket outside a string. Possessive, so that it never looks back.
# A lone quote is a string that does not end; an empty mark is the end of the text.
MARK = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+([{}\[\]"]|\Z)', re.DOTALL)
ESCAPE = re.compile(
    rb"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?P<bad>\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))"
    rb"|\\.",
    re.DOTALL,
)
# A string that is passed over, or a mark that comes before a value.
STEP = re.compile(rb'"(?:[^"\\]++|\\.)*+"|([,{\[])', re.DOTALL)
SUSPECT = re.compile(rb"\x00|\\u(?:0000|[dD][89a-fA-F])")


class Parsed(NamedTuple):
    """A value or a fault. `broken` means the bytes are no JSON at all."""

    value: dict[str, Any] | None
    fault: str | None
    repaired: bool
    broken: bool


class Malformed(BadInput):
    """The body is no JSON that can be taken."""

    kind = "malformed"


class _RefusedError(Exception):
    """JSON, but not of a kind that is taken in."""


def decode(raw: bytes) -> Parsed:
    """Read one record. Never raises; `raw` may be anything of any depth."""
    text, repaired = _without_nul_and_lone_surrogates(raw)
    try:
        if _too_deep(text):
            return Parsed(None, f"nested deeper than {MAX_DEPTH}", repaired, False)
        if _too_many(text):
            return Parsed(None, f"more than {MAX_VALUES:,} values", repaired, False)
        value = _DECODER.decode(text.decode())
    except UnicodeDecodeError as error:
        return Parsed(None, f"not UTF-8 at byte {error.start}", repaired, False)
    except json.JSONDecodeError as error:
        return Parsed(None, f"not JSON: {_fault(error)} at character {error.pos}", repaired, True)
    except _RefusedError as refused:
        return Parsed(None, str(refused), repaired, False)
    if not isinstance(value, dict):
        return Parsed(None, f"a record must be an object, not {_kind(value)}", repaired, False)
    return Parsed(value, None, repaired, False)


def loads(body: bytes) -> Any:
    """The value of a JSON body in UTF-8; raises Malformed with the reason."""
    text, repaired = _without_nul_and_lone_surrogates(body.removeprefix(BOM))
    if repaired:
        raise Malformed("A text holds a NUL character or half a surrogate pair.")
    if _too_deep(text):
        raise Malformed(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
    if _too_many(text):
        raise Malformed(f"The JSON has more than {MAX_VALUES:,} values.")
    try:
        return _DECODER.decode(text.decode())
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Malformed(f"This is no JSON: {_fault(error)} at {place}.") from error
    except _RefusedError as refused:
        raise Malformed(f"This JSON cannot be taken: {refused}.") from refused


def _fault(error: json.JSONDecodeError) -> str:
    """What is wrong; some of the decoder's messages end with the `at` of the place that follows."""
    return error.msg.removesuffix(" at")


def _without_nul_and_lone_surrogates(raw: bytes) -> tuple[bytes, bool]:
    """PostgreSQL can store neither; both become U+FFFD and the record says so."""
    if not SUSPECT.search(raw):
        return raw, False
    text = ESCAPE.sub(_replace, raw.replace(b"\x00", REPLACEMENT))
    return text, text != raw


def _replace(escape: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if escape["bad"] else escape[0]


def _too_deep(raw: bytes) -> bool:
    """Whether parsing would recurse beyond MAX_DEPTH; stops at the first such bracket."""
    if raw.count(b"{") + raw.count(b"[") <= MAX_DEPTH:  # the common case, in 1 µs
        return False
    depth = 0
    for found in MARK.finditer(raw):
        mark = found[1]
        if mark in {b"{", b"["}:
            depth += 1
            if depth > MAX_DEPTH:
                return True
        else:
            depth -= 1
    return False


def _too_many(raw: bytes) -> bool:
    """Whether the text has more values than are read; marks within strings do not count."""
    if sum(map(raw.count, (b",", b"{", b"["))) <= MAX_VALUES:  # the common case
        return False
    return values_in(raw) > MAX_VALUES


def values_in(raw: bytes) -> int:
    """How many values a JSON text has, about: marks that come before one. Those within strings do
    not count.
    """
    return sum(1 for found in STEP.finditer(raw) if found[1])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise _RefusedError(f"an object of more than {MAX_KEYS:,} keys")
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(f"duplicate keys in an object: '{twice[:80]}'")
    return found


def _integer(text: str) -> int:
    if len(text) > MAX_INTEGER_DIGITS or not SMALLEST <= (value := int(text)) <= LARGEST:
        raise _RefusedError("an integer beyond 64 bits")
    return value


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _RefusedError("a number beyond the range of a double")
    return value


def _constant(name: str) -> float:
    raise _RefusedError(f"{name} is not a JSON number")


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
