"""What tools and transports put around a record, taken off; a list of records, taken apart."""

from collections.abc import Iterator
from typing import Any

import orjson

from soc.intake.documents import LISTS

MAX_SHELL = 4 * 1024  # bytes of a wrapper that go along with each of its records
MAX_SHELLS = 4 * 1024 * 1024  # and with all of them together
# What the answers of Security Hub, Graph, Sentinel and Elastic say beside their records.
ANSWERS = {
    *("Findings", "NextToken", "ResponseMetadata", "value", "nextLink", "@odata.context"),
    *("@odata.count", "@odata.nextLink", "hits", "took", "timed_out", "_shards", "_scroll_id"),
}


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


def first_hit(record: dict[str, Any]) -> dict[str, Any]:
    """The first hit of a search, in its wrapper; the record itself where it is none."""
    listed = _list_at(record, ("hits", "hits"))
    hit = listed[0] if listed else record
    return hit if isinstance(hit, dict) else record


def apart(record: dict[str, Any], *path: str) -> Iterator[dict[str, Any]]:
    """One record for each entry of the list at the path, in the same wrapper, which is still of the
    same shape. What is no list, or holds one entry, is given as it is.
    """
    entries = _list_at(record, path)
    if len(entries) < 2:
        yield record
        return
    outside = {name: value for name, value in record.items() if name != path[0]}
    shell = _shell(outside, min(MAX_SHELL, MAX_SHELLS // len(entries)))
    for entry in entries:
        yield {**shell, **_inside(path, entry)}


def is_empty_answer(record: dict[str, Any]) -> bool:
    """Whether an API was asked, and had nothing: a list of records, without one, and no more."""
    found = any(_at(record, path) == [] for path in LISTS)
    return found and ANSWERS.issuperset(record)


def _list_at(record: dict[str, Any], path: tuple[str, ...]) -> list[Any]:
    value = _at(record, path)
    return value if isinstance(value, list) else []


def _at(record: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = record
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _shell(outside: dict[str, Any], most: int) -> dict[str, Any]:
    """What is around the list, in `most` bytes of values, since it is repeated for each entry.

    The smallest stay whole. Of others the name stays and the value is empty: the shape is told by
    the names.
    """
    shell: dict[str, Any] = {}
    left, names_left = most, most
    sizes = {name: len(orjson.dumps(value)) for name, value in outside.items()}
    for name in sorted(outside, key=lambda name: (sizes[name], name)):
        names_left -= len(name) + 8
        if names_left < 0:
            break
        left -= sizes[name]
        shell[name] = outside[name] if left >= 0 else type(outside[name])()
    return shell


def _inside(path: tuple[str, ...], entry: object) -> dict[str, Any]:
    value: Any = [entry]
    for name in reversed(path):
        value = {name: value}
    found: dict[str, Any] = value
    return found
