"""From a request's body or a file to records: one object, an array, NDJSON, or a row of values."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, BinaryIO

from core.strictjson import BOM, MAX_VALUES, decode, values_in
from soc.intake import documents, window
from soc.intake.window import WHITE, EnvelopeError, Window

MAX_RECORDS = 5_000  # of a request
MAX_RECORD_BYTES = 4 * 1024 * 1024  # of one record of a request: it is held several times over
KEPT_OF_OVERLONG = 64 * 1024


class TooManyError(EnvelopeError):
    """A request of more records, or values in them, than are held at once."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number from 1, its bytes, and a dict or the reason why there is none.

    `raw` has no white space around it; `end_offset` is where the next read may start.
    `repaired`: NUL or lone surrogates became U+FFFD. `broken`: the bytes are no JSON. `original`:
    the bytes as they came, where `raw` is not them.
    """

    position: int
    raw: bytes
    value: dict[str, Any] | None
    fault: str | None
    repaired: bool
    broken: bool
    end_offset: int
    original: bytes | None = None


Reader = Callable[[BinaryIO], Iterator[Record]]


def split(body: bytes, read: Reader | None = None) -> list[Record]:
    """Give all records of a request, or raise EnvelopeError so that nothing of it is kept."""
    if not body.removeprefix(BOM).strip(WHITE):
        raise EnvelopeError("the body is empty", 0)
    file = BytesIO(body)
    records = list(_bounded(read(file) if read else affordable(stream(file))))
    broken = next((record for record in records if record.broken), None)
    if broken and (len(records) == 1 or not _is_lines(body[: window.CHUNK])):
        raise EnvelopeError(broken.fault or "not JSON", broken.end_offset - len(broken.raw))
    return records


def stream(file: BinaryIO, start_offset: int = 0, position: int = 0) -> Iterator[Record]:
    """Give the records of a seekable file of any size, in flat memory.

    To resume, hand in `end_offset` and `position` of the last record that was stored.
    A record that is no JSON is a fault; EnvelopeError only where its end cannot be found.
    """
    file.seek(0)
    head = file.read(window.CHUNK)
    start = len(BOM) if head.startswith(BOM) else 0
    if start_offset and _is_within_document(file, head, start_offset):
        again = stream(file)
        return (record for record in again if record.end_offset > start_offset)
    if _is_lines(head):
        return _lines(file, start_offset or start, position)
    view = Window(file, start_offset or start)
    return _values(view, position, resumed=start_offset > 0)


def _is_within_document(file: BinaryIO, head: bytes, offset: int) -> bool:
    """Whether a resumed read stands between the records of a document, which is found again from
    its start only.
    """
    if head.removeprefix(BOM).lstrip(WHITE).startswith(b"["):
        return False
    return Window(file, offset).peek() in {b",", b"]"}


def _record(position: int, raw: bytes, end_offset: int) -> Record:
    parsed = decode(raw)
    return Record(position, raw, *parsed, end_offset)


def affordable(records: Iterable[Record]) -> Iterator[Record]:
    """The records of a request, if their values can be held together; TooManyError else."""
    values = 0
    for record in records:
        values += values_in(record.raw) if record.value is not None else 0
        if values > MAX_VALUES:
            raise TooManyError(f"more than {MAX_VALUES:,} values", record.end_offset)
        yield record


def _bounded(records: Iterable[Record]) -> Iterator[Record]:
    for number, record in enumerate(records, 1):
        if number > MAX_RECORDS:
            raise TooManyError(f"more than {MAX_RECORDS:,} records", record.end_offset)
        yield _shortened(record)


def _shortened(record: Record) -> Record:
    """A record of a request, or the beginning of one that is too long."""
    if len(record.raw) <= MAX_RECORD_BYTES:
        return record
    fault = f"a record longer than {MAX_RECORD_BYTES:,} bytes; its beginning is kept"
    return replace(record, raw=record.raw[:KEPT_OF_OVERLONG], value=None, fault=fault)


def _is_lines(head: bytes) -> bool:
    """Whether a file that starts so has one record on each line, even if the first is broken."""
    text = head.removeprefix(BOM).lstrip(WHITE)
    if text.startswith(b"["):
        return False
    first, newline, rest = text.partition(b"\n")
    if not decode(first).broken:
        return True
    if _starts_with_value(text):
        return False
    if not newline and len(head) == window.CHUNK:  # one line longer than what was looked at
        return True
    lines = rest.split(b"\n")
    return any(line.startswith(b"{") and not decode(line).broken for line in lines)


def _starts_with_value(text: bytes) -> bool:
    """Whether the text begins with a whole object: pretty-printed, or several on one line."""
    if not text.startswith(b"{"):
        return False
    try:
        return not decode(Window(BytesIO(text), 0).value()).broken
    except EnvelopeError:
        return False


def _lines(file: BinaryIO, offset: int, position: int) -> Iterator[Record]:
    file.seek(offset)
    while line := file.readline(window.MAX_BYTES + 1):
        start, offset = offset, offset + len(line)
        if len(line) > window.MAX_BYTES:
            offset += _skip_line(file, line)
            for record in _overlong(file, start, offset, position):
                position = record.position
                yield record
            file.seek(offset)
        elif raw := line.strip(WHITE).removeprefix(BOM):
            position += 1
            yield _record(position, raw, offset)


def _overlong(file: BinaryIO, start: int, end: int, position: int) -> Iterator[Record]:
    """What a line holds that is too long to be read at once: the records of a document, and where
    it is none, or no sound one, a fault.
    """
    view = Window(file, start, end)
    try:
        if path := documents.enter(view):
            for record in _entries(view, path, position):
                position = record.position
                yield record
            yield from _values(view, position, resumed=False)
            return
    except EnvelopeError:
        pass  # told below: the lines behind this one are sound
    file.seek(start)
    kept = file.read(KEPT_OF_OVERLONG)
    reason = f"a line longer than {window.MAX_BYTES:,} bytes; its beginning is kept"
    yield Record(position + 1, kept, None, reason, False, False, end)


def _entries(view: Window, path: documents.Path, position: int) -> Iterator[Record]:
    """The records of a document whose list was entered."""
    for raw in documents.entries(view, path):
        position += 1
        yield _record(position, raw, view.offset)


def _skip_line(file: BinaryIO, line: bytes) -> int:
    """Read to the end of an overlong line in pieces; give the bytes passed over."""
    skipped = 0
    while line and not line.endswith(b"\n"):
        line = file.readline(window.CHUNK)
        skipped += len(line)
    return skipped


def _values(view: Window, position: int, *, resumed: bool) -> Iterator[Record]:
    """Read values one after the other; an array at the top gives its elements."""
    # A resumed read stands behind a value: a comma or bracket there means within an array.
    inside = after = resumed and view.peek() in {b",", b"]"}
    fresh = False
    while token := view.peek():
        if not inside and token == b"[":
            inside, fresh = True, True
            view.take(1)
        elif inside and token == b"]" and (after or fresh):
            inside = after = fresh = False
            view.take(1)
        elif after:
            if token != b",":
                raise EnvelopeError("a comma or ] is missing in the array", view.offset)
            after = False
            view.take(1)
        else:
            for record in _at(view, position, whole=inside):
                position = record.position
                yield record
            after, fresh = inside, False
    if inside:
        raise EnvelopeError("the array is not closed", view.offset)


def _at(view: Window, position: int, *, whole: bool) -> Iterator[Record]:
    """The record that starts here; those of a document that is too large to be one."""
    start = view.offset
    try:
        raw = view.value()
    except EnvelopeError:
        view.go(start)
        path = None if whole else documents.enter(view)
        if not path:
            raise
        yield from _entries(view, path, position)
    else:
        yield _record(position + 1, raw, view.offset)
