"""CSV that a spreadsheet does not run: a cell that would begin a formula is quoted as text."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

# What spreadsheets take for the start of a formula, full-width forms among them.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: Any) -> Any:
    """A value as it may stand in a cell: numbers as they are, texts never as a formula."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" ").startswith(_STARTS) else value


def plain(text: str) -> str:
    """What `cell` wrote, as it was."""
    quoted = text.startswith("'") and text[1:].lstrip(" ").startswith(_STARTS)
    return text[1:] if quoted else text


def written(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows below their head, with every text in quotes."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def download(name: str, text: str) -> HttpResponse:
    """An answer that a browser keeps as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
