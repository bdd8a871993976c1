"""The formats: every module of this folder without a leading underscore is one.

A format has NAME, TITLE and draft(record, raw); recognises(record), if it has one, lets
`auto` choose it. docs/adding-a-format.md tells how to add one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.envelope import Record


class UnknownFormatError(LookupError):
    """No format has this name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format as its module declares it."""

    name: str
    title: str
    draft: Callable[[dict[str, Any], bytes], AlertDraft | Skip | Fault]
    recognises: Callable[[dict[str, Any]], bool] | None


@lru_cache(maxsize=1)
def every() -> dict[str, Format]:
    """All formats by name."""
    modules = (
        import_module(f"{__name__}.{found.name}")
        for found in iter_modules(__path__)
        if not found.name.startswith("_")
    )
    formats = (
        Format(module.NAME, module.TITLE, module.draft, getattr(module, "recognises", None))
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


def outcome(format_: Format, record: Record) -> AlertDraft | Skip | Fault:
    """What becomes of one record of an envelope; repaired characters are marked."""
    if record.value is None:
        return Fault(record.fault or "not a record")
    result = format_.draft(record.value, record.raw)
    if record.repaired and isinstance(result, AlertDraft):
        return replace(result, metadata=result.metadata | {"replaced_characters": True})
    return result
