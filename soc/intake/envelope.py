"""From a request's body or a file to records: one object, an array, NDJSON, or a row of values."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, BinaryIO

from core.strictjson import BOM, MARK, MAX_VALUES, decode, values_in

MAX_BYTES = 10 * 1024 * 1024  # of a request (the caller counts them), and of one record in a file
MAX_RECORDS = 5_000  # of a request
MAX_RECORD_BYTES = 4 * 1024 * 1024  # of one record of a request: it is held several times over
KEPT_OF_OVERLONG = 64 * 1024
CHUNK = 1024 * 1024
WHITE = b" \t\r\n"

_BLANK = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^ \t\r\n,\[\]{}"]++', re.DOTALL)


class EnvelopeError(ValueError):
    """Nothing can be taken from here on: `reason` for people, `position` in bytes."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (at byte {position})")
        self.reason = reason
        self.position = position


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
    records = list(_bounded((read or stream)(BytesIO(body))))
    broken = next((record for record in records if record.broken), None)
    if broken and (len(records) == 1 or not _is_lines(body[:CHUNK])):
        raise EnvelopeError(broken.fault or "not JSON", broken.end_offset - len(broken.raw))
    return records


def stream(file: BinaryIO, start_offset: int = 0, position: int = 0) -> Iterator[Record]:
    """Give the records of a seekable file of any size, in flat memory.

    To resume, hand in `end_offset` and `position` of the last record that was stored.
    A record that is no JSON is a fault; EnvelopeError only where its end cannot be found.
    """
    file.seek(0)
    head = file.read(CHUNK)
    start = start_offset or (len(BOM) if head.startswith(BOM) else 0)
    if _is_lines(head):
        return _lines(file, start, position)
    return _values(_Window(file, start), position, resumed=start_offset > 0)


def _record(position: int, raw: bytes, end_offset: int) -> Record:
    parsed = decode(raw)
    return Record(position, raw, *parsed, end_offset)


def _bounded(records: Iterable[Record]) -> Iterator[Record]:
    """The records of a request, as many as may be held together."""
    values = 0
    for number, record in enumerate(records, 1):
        if number > MAX_RECORDS:
            raise TooManyError(f"more than {MAX_RECORDS:,} records", record.end_offset)
        values += values_in(record.raw) if record.value is not None else 0
        if values > MAX_VALUES:
            raise TooManyError(f"more than {MAX_VALUES:,} values", record.end_offset)
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
    if not newline and len(head) == CHUNK:  # one line longer than what was looked at
        return True
    lines = rest.split(b"\n")
    return any(line.startswith(b"{") and not decode(line).broken for line in lines)


def _starts_with_value(text: bytes) -> bool:
    """Whether the text begins with a whole object: pretty-printed, or several on one line."""
    if not text.startswith(b"{"):
        return False
    try:
        return not decode(_Window(BytesIO(text), 0).value()).broken
    except EnvelopeError:
        return False


def _lines(file: BinaryIO, offset: int, position: int) -> Iterator[Record]:
    file.seek(offset)
    while line := file.readline(MAX_BYTES + 1):
        offset += len(line)
        if len(line) > MAX_BYTES:
            offset += _skip_line(file, line)
            position += 1
            reason = f"a line longer than {MAX_BYTES:,} bytes; its beginning is kept"
            yield Record(position, line[:KEPT_OF_OVERLONG], None, reason, False, False, offset)
        elif raw := line.strip(WHITE).removeprefix(BOM):
            position += 1
            yield _record(position, raw, offset)


def _skip_line(file: BinaryIO, line: bytes) -> int:
    """Read to the end of an overlong line in pieces; give the bytes passed over."""
    skipped = 0
    while line and not line.endswith(b"\n"):
        line = file.readline(CHUNK)
        skipped += len(line)
    return skipped


def _values(window: "_Window", position: int, *, resumed: bool) -> Iterator[Record]:
    """Read values one after the other; an array at the top gives its elements."""
    # A resumed read stands behind a value: a comma or bracket there means within an array.
    inside = after = resumed and window.peek() in {b",", b"]"}
    fresh = False
    while token := window.peek():
        if not inside and token == b"[":
            inside, fresh = True, True
            window.take(1)
        elif inside and token == b"]" and (after or fresh):
            inside = after = fresh = False
            window.take(1)
        elif after:
            if token != b",":
                raise EnvelopeError("a comma or ] is missing in the array", window.offset)
            after = False
            window.take(1)
        else:
            raw = window.value()
            position += 1
            after, fresh = inside, False
            yield _record(position, raw, window.offset)
    if inside:
        raise EnvelopeError("the array is not closed", window.offset)


class _Window:
    """The part of a file that is being read; it forgets what lies behind."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        file.seek(offset)
        self.file = file
        self.offset = offset  # in the file, of what comes next
        self.buffer = b""
        self.start = 0  # the same place in the buffer

    def more(self) -> bool:
        """Read on; False at the end of the file."""
        if len(self.buffer) - self.start > MAX_BYTES:
            raise EnvelopeError(f"a record longer than {MAX_BYTES:,} bytes", self.offset)
        chunk = self.file.read(CHUNK)
        self.buffer = self.buffer[self.start :] + chunk
        self.start = 0
        return bool(chunk)

    def take(self, length: int) -> bytes:
        """Give the next bytes and move behind them."""
        taken = self.buffer[self.start : self.start + length]
        self.start += length
        self.offset += length
        return taken

    def peek(self) -> bytes:
        """Skip white space and give the byte that follows, b'' at the end."""
        while True:
            blank = _BLANK.match(self.buffer, self.start)
            self.take(blank.end() - self.start if blank else 0)
            if self.start < len(self.buffer) or not self.more():
                return self.buffer[self.start : self.start + 1]

    def value(self) -> bytes:
        """Take the value that starts here; raise where it has no end."""
        token = self.peek()
        if token in {b"{", b"["}:
            return self.take(self._bracketed())
        while True:
            found = _SCALAR.match(self.buffer, self.start)
            if found and found.end() < len(self.buffer):
                return self.take(found.end() - self.start)
            if not found and token != b'"':
                raise EnvelopeError("a value is missing", self.offset)
            if not self.more():
                return self._last(found)

    def _last(self, found: re.Match[bytes] | None) -> bytes:
        if not found:
            raise EnvelopeError("a string is not closed", self.offset)
        return self.take(len(found[0]))

    def _bracketed(self) -> int:
        """The length of the object or array that starts here, strings and escapes minded."""
        reach = depth = 0
        while True:
            # The last mark is the end or a cut string, so the loop always breaks.
            for found in MARK.finditer(self.buffer, self.start + reach):  # pragma: no branch
                mark = found[1]
                reach = found.end() - self.start
                if mark in {b"", b'"'}:
                    reach -= len(mark)  # look at the cut string again once there is more
                    break
                depth += 1 if mark in {b"{", b"["} else -1
                if depth == 0:
                    return reach
            if not self.more():
                raise EnvelopeError("an object or array is not closed", self.offset)
