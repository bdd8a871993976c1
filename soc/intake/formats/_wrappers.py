"""What tools and transports put around a record, taken off; a list of records, taken apart."""

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


def apart(record: dict[str, Any], *path: str) -> list[dict[str, Any]]:
    """One record for each entry of the list at the path, in the same wrapper, which is still of the
    same shape. What is no list, or holds one entry, is given as it is.
    """
    holder = record
    for name in path[:-1]:
        inner = holder.get(name)
        if not isinstance(inner, dict):
            return [record]
        holder = inner
    entries = holder.get(path[-1])
    if not isinstance(entries, list) or len(entries) < 2:
        return [record]
    shell = _shell(record, path)
    return [_inside(shell, path, entry) for entry in entries]


def _shell(record: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The wrapper without its list; a large one is left out rather than repeated for each entry."""
    shell = {name: value for name, value in record.items() if name != path[0]}
    return shell if len(orjson.dumps(shell)) <= MAX_SHELL else {}


def _inside(shell: dict[str, Any], path: tuple[str, ...], entry: object) -> dict[str, Any]:
    value: Any = [entry]
    for name in reversed(path):
        value = {name: value}
    return {**shell, **value}
