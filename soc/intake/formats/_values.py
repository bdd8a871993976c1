"""Reaching into a record: every value may be missing, of another type, or huge."""

from typing import Any

import orjson

MAX_PARTS = 200  # of a list that is walked for hosts, users or indicators


def text(value: object) -> str:
    """A scalar as text; '' for everything else."""
    if isinstance(value, str):  # nearly always
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def part(record: dict[str, Any], name: str) -> dict[str, Any]:
    """The object of that name, or an empty one."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def parts(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of that name, be it one or a list."""
    value = record.get(name)
    return [
        item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)
    ]


def texts(value: object) -> list[str]:
    """Scalars as texts, be it one or a list."""
    return [
        found for item in (value if isinstance(value, list) else [value]) if (found := text(item))
    ]


def at(record: dict[str, Any], path: str) -> Any:
    """The value at `a.b.c`, nested or under dotted keys, at every joint either way; else None."""
    if path in record:
        return record[path]
    head = path
    while "." in head:
        head = head.rpartition(".")[0]
        inner = record.get(head)
        if isinstance(inner, dict):
            found = at(inner, path[len(head) + 1 :])
            if found is not None:
                return found
    return None


def said(record: dict[str, Any], *paths: str) -> str:
    """The first of the paths that holds a scalar, as text."""
    return next((found for path in paths if (found := first(at(record, path)))), "")


def first(value: object) -> str:
    """A scalar as text, or the first scalar of a list; '' for everything else."""
    return text(next(iter(texts(value)), "")) if isinstance(value, list) else text(value)


def some(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of that name, no more than are worth walking."""
    return parts(record, name)[:MAX_PARTS]


def number(value: object) -> float | None:
    """A number, be it written as text; None for everything else."""
    try:
        found = float(text(value))
    except ValueError:
        return None
    return found if found == found else None


def joined(*parts_: str) -> str:
    """Several texts as one id; '' where one is missing. Two lists never give the same id."""
    if not all(parts_):
        return ""
    return "|".join(each.replace("%", "%25").replace("|", "%7C") for each in parts_)


def is_kind_of_event(text_: str) -> bool:
    """Whether an event's `id` is Windows' number of its kind, which has 16 bits: 4625."""
    return text_.isdecimal() and len(text_) <= 5


def facts(**given: object) -> dict[str, Any]:
    """Metadata of what the record says of them: scalars and short lists of scalars."""
    found = {name: _fact(value) for name, value in given.items()}
    return {name: value for name, value in found.items() if value}


def _fact(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, list):
        return [item[:255] for item in texts(value)[:20]]
    return text(value)[:255]


def plain(value: object) -> bytes:
    """The bytes of a value, the same for the same value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
