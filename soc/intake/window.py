"""The part of a file that is being read: values of JSON one after the other, in flat memory."""

import re
from typing import BinaryIO

from core.strictjson import MARK

MAX_BYTES = 10 * 1024 * 1024  # of a request (the caller counts them), and of one record in a file
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


class Window:
    """A place in a file from which values are taken; it forgets what lies behind."""

    def __init__(self, file: BinaryIO, offset: int, end: int | None = None) -> None:
        self.file = file
        self.end = end  # where to stop, before the end of the file
        self.go(offset)

    def go(self, offset: int) -> None:
        """Go to another place of the file."""
        self.file.seek(offset)
        self.offset = offset  # in the file, of what comes next
        self.buffer = b""
        self.start = 0  # the same place in the buffer

    def more(self) -> bool:
        """Read on; False at the end of the file."""
        if len(self.buffer) - self.start > MAX_BYTES:
            raise EnvelopeError(f"a record longer than {MAX_BYTES:,} bytes", self.offset)
        left = CHUNK if self.end is None else min(CHUNK, self.end - self.file.tell())
        chunk = self.file.read(left) if left > 0 else b""
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
