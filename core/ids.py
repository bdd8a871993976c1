"""Ids: ULIDs kept as native `uuid`, shown as `alr_01j…` (prefix and 26 Crockford base-32
characters, lower case).

Layout after the ULID specification: 48 bits of milliseconds since 1970, then 80 random bits.
"""

import secrets
import threading
import time
from functools import lru_cache
from uuid import UUID

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS = [ALPHABET[pair >> 5] + ALPHABET[pair & 31] for pair in range(1024)]
_LENGTH = 26
_RANDOM_BITS = 80


_lock = threading.Lock()
_last = 0


def new() -> UUID:
    """A new ULID of this moment, greater than every other that this process has made."""
    global _last  # noqa: PLW0603 - the specification's monotonic factory
    with _lock:
        now = time.time_ns() // 1_000_000
        _last = at(now).int if now > _last >> _RANDOM_BITS else _last + 1
        return UUID(int=_last)


def several(count: int) -> list[str]:
    """New ULIDs in rising order as the database reads them, 32 hexadecimal digits: for rows that
    travel as JSON, a third of what as many UUIDs cost.
    """
    global _last  # noqa: PLW0603 - as above
    with _lock:
        now = time.time_ns() // 1_000_000
        first = at(now).int if now > _last >> _RANDOM_BITS else _last + 1
        _last = first + count - 1
    return [f"{number:032x}" for number in range(first, first + count)]


def at(milliseconds: int) -> UUID:
    """A ULID of a given moment in milliseconds since 1970."""
    return UUID(int=milliseconds << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))


def show(prefix: str, value: UUID | None) -> str | None:
    """The prefixed form: `show("alr", uuid)` gives `alr_01j…`; None stays None."""
    return None if value is None else _spelled(prefix, value.int)


def show_text(prefix: str, text: str) -> str:
    """The prefixed form of an id that the database wrote in its own form, which is trusted."""
    return _spelled(prefix, int(text.replace("-", ""), 16))


@lru_cache(maxsize=4096)
def _spelled(prefix: str, n: int) -> str:
    """Two characters at a time, unrolled, and remembered: a page of a list shows hundreds of ids,
    most of them of the same few people, rules and tenants.
    """
    p = _PAIRS
    return (
        f"{prefix}_{p[n >> 120]}{p[n >> 110 & 1023]}{p[n >> 100 & 1023]}{p[n >> 90 & 1023]}"
        f"{p[n >> 80 & 1023]}{p[n >> 70 & 1023]}{p[n >> 60 & 1023]}{p[n >> 50 & 1023]}"
        f"{p[n >> 40 & 1023]}{p[n >> 30 & 1023]}{p[n >> 20 & 1023]}{p[n >> 10 & 1023]}"
        f"{p[n & 1023]}"
    )


def read(prefix: str, text: object) -> UUID | None:
    """The id behind a prefixed form or RFC 4122 text; None for anything else, a wrong prefix and
    aliases included.
    """
    if isinstance(text, UUID):
        return text
    if not isinstance(text, str):
        return None
    head, separator, body = text.partition("_")
    if separator:
        return _read_body(body) if head == prefix else None
    return _read_rfc4122(text)


def _read_body(body: str) -> UUID | None:
    if len(body) != _LENGTH or body[0] > "7":
        return None
    number = 0
    for character in body:
        value = _VALUES.get(character)
        if value is None:
            return None
        number = number << 5 | value
    return UUID(int=number)


def _read_rfc4122(text: str) -> UUID | None:
    """Only the canonical form: 36 lower-case characters with hyphens."""
    try:
        value = UUID(text)
    except ValueError:
        return None
    return value if str(value) == text else None
