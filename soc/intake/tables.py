"""From a table of comma-separated values to records: a row of the file is one, by its header."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from core.strictjson import BOM, MAX_KEYS
from soc.intake.envelope import Record, stream
from soc.intake.window import CHUNK, MAX_BYTES, WHITE, EnvelopeError

DELIMITERS = ",;\t|"
NUL = b"\x00"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class _Lines:
    """The lines of a file for the csv reader, with the place of what was read last."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        file.seek(offset)
        self.file = file
        self.offset = offset
        self.taken: list[bytes] = []  # of the row that is being read
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(MAX_BYTES + 1):
            self.offset += len(line)
            self.size += len(line)
            self.taken.append(line)
            if self.size > MAX_BYTES:
                reason = f"a row longer than {MAX_BYTES:,} bytes; is a quote not closed?"
                raise EnvelopeError(reason, self.offset - self.size)
            yield line.decode("utf-8", "surrogateescape").replace("\x00", REPLACEMENT)

    def row(self) -> bytes:
        """The bytes of the row that was read last."""
        raw = b"".join(self.taken)
        self.taken, self.size = [], 0
        return raw


def read(file: BinaryIO, offset: int, position: int, names: dict[str, str]) -> Iterator[Record]:
    """Give a record for each row, in flat memory; JSON in place of a table is read as JSON.

    `names` maps names of ours to those of the columns. EnvelopeError where there is no header.
    """
    file.seek(0)
    head = file.read(CHUNK).removeprefix(BOM).lstrip(WHITE)
    if head[:1] in {b"{", b"["}:
        return stream(file, offset, position)
    return _rows(file, offset, position, names)


def _rows(file: BinaryIO, offset: int, position: int, names: dict[str, str]) -> Iterator[Record]:
    lines = _Lines(file, 0)
    header, delimiter = _header(lines, names)
    if offset:
        lines = _Lines(file, offset)
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            position += 1
            raw, fault = lines.row(), f"not a row: {error}"
            yield Record(position, raw, None, fault, False, False, lines.offset)
            rows = csv.reader(lines, delimiter=delimiter)
            continue
        if cells is None:
            return
        raw = lines.row()
        if any(cells):
            position += 1
            yield _record(position, raw, header, cells, lines.offset)


def _header(lines: _Lines, names: dict[str, str]) -> tuple[list[str], str]:
    """The names of the columns, ours where they are mapped, and what stands between them."""
    line = next(iter(lines), "")
    text = line.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").strip("\r\n")
    delimiter = max(DELIMITERS, key=text.count)
    try:
        header = [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), [])]
        text.encode()
    except (csv.Error, UnicodeEncodeError) as error:
        raise EnvelopeError("the first line is no header in UTF-8", 0) from error
    lines.row()
    fault = _fault_of_header(header, names)
    if fault:
        raise EnvelopeError(fault, 0)
    ours = {column: name for name, column in names.items()}
    return [ours.get(name, name) for name in header], delimiter


def _fault_of_header(header: list[str], names: dict[str, str]) -> str:
    missing = [column for column in names.values() if column not in header]
    twice = [name for name in header if name and header.count(name) > 1][:1]
    if len(header) > MAX_KEYS:
        return f"a header of more than {MAX_KEYS:,} columns"
    if not any(header):
        return "the first line must name the columns"
    if twice:
        return f"the header names '{twice[0][:80]}' twice"
    return f"the mapping names '{missing[0][:80]}', which is no column" if missing else ""


def _record(position: int, raw: bytes, header: list[str], cells: list[str], end: int) -> Record:
    """A row as an object of its cells that say something; kept as JSON, so that it stands alone.
    One that was repaired has its own bytes beside it.
    """
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        fault = f"not UTF-8 at byte {error.start} of the row"
        return Record(position, raw, None, fault, False, False, end)
    if len(cells) > len(header):
        fault = f"the row has {len(cells)} cells, the header {len(header)}"
        return Record(position, raw, None, fault, False, False, end)
    value = {name: cell for name, cell in zip(header, cells, strict=False) if name and cell}
    repaired = NUL in raw
    text = orjson.dumps(value)
    return Record(position, text, value, None, repaired, False, end, raw if repaired else None)
