"""Texts that people write, as the database can keep them."""

import re

from core.errors import BadInput

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def clean_text(value: str, *, field: str) -> str:
    """The text without blanks around it; NUL and half a surrogate pair are refused."""
    if _UNKEEPABLE.search(value):
        raise BadInput("A text holds a NUL character or half a surrogate pair.", field=field)
    return value.strip()
