"""The formats: every module of this folder without a leading underscore is one.

A format has NAME, TITLE and draft(record, raw); recognises(record), if it has one, lets `auto`
choose it, parts(record) takes a wrapper of several records apart, conceal(raw) takes a secret out
of bytes that cannot be read, and read(file, …) reads what is not JSON. docs/adding-a-format.md
tells how to add one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, BinaryIO

import orjson

from soc.intake.drafts import AlertDraft, Fault, Signal, Skip
from soc.intake.envelope import Record, affordable, split, stream
from soc.intake.formats._wrappers import is_empty_answer

Drafted = AlertDraft | Signal | Skip | Fault
Names = dict[str, str]


class UnknownFormatError(LookupError):
    """No format has this name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format as its module declares it."""

    name: str
    title: str
    draft: Callable[[dict[str, Any], bytes], Drafted]
    recognises: Callable[[dict[str, Any]], bool] | None = None
    parts: Callable[[dict[str, Any]], Iterable[dict[str, Any]]] | None = None
    conceal: Callable[[bytes], bytes] | None = None
    read: Callable[[BinaryIO, int, int, Names], Iterator[Record]] | None = None


@lru_cache(maxsize=1)
def every() -> dict[str, Format]:
    """All formats by name."""
    modules = (
        import_module(f"{__name__}.{found.name}")
        for found in iter_modules(__path__)
        if not found.name.startswith("_")
    )
    formats = (
        Format(
            module.NAME,
            module.TITLE,
            module.draft,
            *(getattr(module, name, None) for name in ("recognises", "parts", "conceal", "read")),
        )
        for module in modules
    )
    return {format_.name: format_ for format_ in sorted(formats, key=lambda each: each.name)}


def get(name: str) -> Format:
    """Give the format of this name or raise UnknownFormatError."""
    try:
        return every()[name]
    except KeyError:
        known = ", ".join(every())
        raise UnknownFormatError(f"unknown format {name[:50]!r}; known are {known}") from None


def recognise(record: dict[str, Any]) -> Format:
    """Give the format whose shape the record has; `generic` takes what nobody knows."""
    for format_ in every().values():
        if format_.recognises and format_.recognises(record):
            return format_
    return get("generic")


def records_of(
    format_: Format, file: BinaryIO, offset: int = 0, position: int = 0, names: Names | None = None
) -> Iterator[Record]:
    """The records of a file in flat memory, by the format's own reader where it has one.

    `names` maps the names of our fields to those of the file's columns.
    """
    if format_.read is None:
        return stream(file, offset, position)
    return format_.read(file, offset, position, names or {})


def split_request(format_: Format, body: bytes) -> list[Record]:
    """All records of a request, or EnvelopeError so that nothing of it is kept."""
    return split(body, lambda file: spread(format_, affordable(records_of(format_, file))))


def spread(format_: Format, records: Iterable[Record], after: int = 0) -> Iterator[Record]:
    """The records within records, since wrappers hold several; numbered on from `after`."""
    for record in records:
        for each in _within(format_, record):
            after += 1
            yield each if each.position == after else replace(each, position=after)


def _within(format_: Format, record: Record) -> Iterator[Record]:
    """A part is JSON of its own, of the same format: rejected, it can be mended and sent again."""
    if record.value is None and format_.conceal:
        yield replace(record, raw=format_.conceal(record.raw))
        return
    if record.value is None or format_.parts is None:
        yield record
        return
    for part in format_.parts(record.value):
        same = part is record.value
        yield record if same else replace(record, raw=orjson.dumps(part), value=part)


def outcome(format_: Format, record: Record) -> Drafted:
    """What becomes of one record of an envelope; repaired characters are marked."""
    if record.value is None:
        return Fault(record.fault or "not a record")
    result = format_.draft(record.value, record.raw)
    if isinstance(result, Fault) and is_empty_answer(record.value):
        return Skip("an answer without records")
    if record.repaired and isinstance(result, AlertDraft):
        return replace(result, metadata=result.metadata | {"replaced_characters": True})
    return result
