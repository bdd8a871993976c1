"""Any record: the format is told by its shape, `generic` takes the rest."""

from typing import Any

from soc.intake import formats
from soc.intake.drafts import AlertDraft, Fault, Skip

NAME = "auto"
TITLE = "Recognise the shape of each record"


def draft(record: dict[str, Any], raw: bytes) -> AlertDraft | Skip | Fault:
    """Hand the record to the format that recognises it."""
    return formats.recognise(record).draft(record, raw)
