"""Any record: the format is told by its shape, `generic` takes the rest."""

from collections.abc import Iterable
from typing import Any

from soc.intake import formats
from soc.intake.drafts import AlertDraft, Fault, Signal, Skip

NAME = "auto"
TITLE = "Recognise the shape of each record"


def parts(record: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Taken apart as the format that recognises it does."""
    found = formats.recognise(record).parts
    return found(record) if found else [record]


def conceal(raw: bytes) -> bytes:
    """Whatever any format keeps to itself: nobody can tell of which one these bytes are."""
    for format_ in formats.every().values():
        if format_.conceal and format_.name != NAME:
            raw = format_.conceal(raw)
    return raw


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Signal | Skip | Fault:
    """Hand the record to the format that recognises it."""
    return formats.recognise(record).draft(record, raw)
