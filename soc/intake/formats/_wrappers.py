"""What tools and transports put around a record, taken off; a list of records, taken apart."""

from collections.abc import Iterator
from typing import Any

import orjson

MAX_SHELL = 4 * 1024  # bytes of a wrapper that go along with each of its records


def unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """The record within EventBridge's `detail`, an indexer's `_source` or a webhook's `object`."""
    for name, marks in WRAPPERS:
        inner = record.get(name)
        if isinstance(inner, dict) and any(mark in record for mark in marks):
            return unwrapped(inner)
    return record


WRAPPERS = (
    ("detail", ("detail-type", "source")),
    ("_source", ("_index", "_id", "_source")),
    ("object", ("objectType", "object")),
)


def apart(record: dict[str, Any], *path: str) -> Iterator[dict[str, Any]]:
    """One record for each entry of the list at the path, in the same wrapper, which is still of the
    same shape. What is no list, or holds one entry, is given as it is.
    """
    entries = _list_at(record, path)
    if len(entries) < 2:
        yield record
        return
    shell = _shell(record, path)
    for entry in entries:
        yield {**shell, **_inside(path, entry)}


def _list_at(record: dict[str, Any], path: tuple[str, ...]) -> list[Any]:
    value: Any = record
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, list) else []


def _shell(record: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The wrapper without its list; a large one is left out rather than repeated for each entry."""
    shell = {name: value for name, value in record.items() if name != path[0]}
    return shell if len(orjson.dumps(shell)) <= MAX_SHELL else {}


def _inside(path: tuple[str, ...], entry: object) -> dict[str, Any]:
    value: Any = [entry]
    for name in reversed(path):
        value = {name: value}
    found: dict[str, Any] = value
    return found
