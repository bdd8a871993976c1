"""Texts as Markdown. They come from attackers too: nothing of them becomes a link, an image, HTML
or a heading.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Renderers make links of bare addresses too, escaped or not; analysts write them like this.
_DEFANGED = (
    (re.compile(r"://"), "[:]//"),
    (re.compile(r"\bwww\.", re.IGNORECASE), "www[.]"),
    (re.compile(r"(?<=\S)@(?=\S)"), "[@]"),
)

# A backslash would do for Markdown; these hold in tools that read it loosely too.
ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def text(value: str) -> str:
    """A text on one line that reads as it is: addresses are defanged, every sign is escaped."""
    line = " ".join(value.split())
    for pattern, plain in _DEFANGED:
        line = pattern.sub(plain, line)
    return _PUNCTUATION.sub(lambda sign: ENTITIES.get(sign[1], f"\\{sign[1]}"), line)


def cell(value: object) -> str:
    """A value as a cell of a table; nothing is a dash."""
    if isinstance(value, datetime):
        return moment(value)
    return text(str(value)) if value not in (None, "") else "–"


def block(value: str) -> str:
    """A text of several lines, each as it is."""
    lines = [text(line) for line in value.splitlines()]
    return "  \n".join(lines)


def moment(value: datetime) -> str:
    """A point in time, in UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A table, or a line that says that there is nothing."""
    lines = [" | ".join(cell(value) for value in row) for row in rows]
    if not lines:
        return "None."
    ruled = [" | ".join(head), " | ".join("---" for _ in head), *lines]
    return "\n".join(f"| {line} |" for line in ruled)
