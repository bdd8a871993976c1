"""A document too large to be held: the answer of an API, of which each record is read by itself."""

from collections.abc import Iterator

from core.strictjson import decode
from soc.intake.window import EnvelopeError, Window

Path = tuple[str, ...]
# Where the answers of APIs keep their records.
LISTS: tuple[Path, ...] = (("Findings",), ("value",), ("hits", "hits"))


def enter(window: Window) -> Path | None:
    """Move from the start of a document into its list of objects, and give the list's path; None
    where there is no such list, or nothing in it.
    """
    try:
        return _enter(window)
    except EnvelopeError:
        return None


def entries(window: Window, path: Path) -> Iterator[bytes]:
    """The entries of the list that was entered, each in the names around it; then move behind the
    document. What else it holds is left out.
    """
    head = b"".join(b'{"%b":' % name.encode() for name in path) + b"["
    tail = b"]" + b"}" * len(path)
    while window.peek():
        yield head + window.value() + tail
        token = window.peek()
        if token == b"]":
            window.take(1)
            return _leave(window, len(path))
        if token != b",":
            break
        window.take(1)
    raise EnvelopeError("the array is not closed", window.offset)


def _enter(window: Window) -> Path | None:
    path: Path = ()
    if window.peek() != b"{":
        return None
    window.take(1)
    while token := window.peek():
        if token == b"}" and not path:
            return None
        if token == b"}":
            path = path[:-1]
        if token in {b"}", b","}:
            window.take(1)
            continue
        here = (*path, _name(window))
        token = window.peek()
        if token == b"[" and here in LISTS:
            window.take(1)
            return here if window.peek() == b"{" else None
        if token == b"{" and any(each[: len(here)] == here for each in LISTS):
            window.take(1)
            path = here
        else:
            window.value()
    return None


def _name(window: Window) -> str:
    """A name and its colon."""
    given = decode(b'{"name":%b}' % window.value()).value or {}
    if window.peek() != b":":
        raise EnvelopeError("a colon is missing", window.offset)
    window.take(1)
    return str(given.get("name", ""))


def _leave(window: Window, depth: int) -> None:
    """Pass over what follows the list, to the end of the document."""
    while depth:
        token = window.peek()
        if not token:
            raise EnvelopeError("the document is not closed", window.offset)
        if token in {b"}", b",", b":"}:
            window.take(1)
            depth -= token == b"}"
        else:
            window.value()
