"""Registers as CSV: read in line by line with what each would do, and read out."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core import audit, csvs, ids
from core.actors import Actor
from core.errors import BadInput, DomainError, TooLarge
from core.models.rows import Record
from core.services import people
from grc.workflows import WRITE

MOST_ROWS = 5000
MOST_BYTES = 5_000_000
NOTE = "Read from a file."
# Columns that name other rows, and the fields that they fill.
FIELDS = {"owner": "owner_id", "parent": "parent_id"}
LISTS = frozenset({"tags", "identifiers", "regimes", "entity_kinds", "holidays"})
MOMENTS = frozenset({"review_at"})


@dataclass
class Line:
    """One line of a file: what it would do, or why it cannot.

    `number` counts lines as an editor does, the head is 1. `values` are its cells by column.
    `action` is `create`, `change` (of the columns `changed`), `keep`, or empty with a `problem`.
    """

    number: int
    values: dict[str, Any]
    row: Any = None
    given: dict[str, Any] = field(default_factory=dict)  # what the service is given
    above: "Line | None" = None  # the line that makes or changes its parent
    changed: list[str] = field(default_factory=list)
    action: str = ""
    problem: str = ""
    field: str = ""

    @property
    def shown_id(self) -> str | None:
        """The row that it names or has made."""
        return self.row.shown_id if self.row is not None else None

    def refuse(self, problem: str, column: str) -> None:
        self.action, self.problem, self.field = "", problem, column


@dataclass(frozen=True)
class Sheet:
    """One register as a table. `clean` checks the values of a new row, or of the row given;
    `arrange` settles what lines say of one another, and gives them in the order of writing.
    """

    model: type[Record]
    columns: tuple[str, ...]
    clean: Callable[[dict[str, Any], Any], dict[str, Any]]
    create: Callable[..., Any]
    update: Callable[..., Any]
    numbers: frozenset[str] = frozenset()
    arrange: Callable[[list[Line]], list[Line]] | None = None


@audit.verb
def read_in(sheet: Sheet, text: str, *, actor: Actor, commit: bool) -> list[Line]:
    """A CSV whose head names columns: each line checked, and all of them written only with
    `commit` and when none has a problem. A line with the `id` of a row changes it, and leaves as it
    is what its empty cells would fill; every other line makes a row.
    """
    actor.require(WRITE)
    raw = _rows(sheet, text)
    known = _named(sheet, (cells.get("id") or "" for _, cells in raw))
    owners = {email.lower(): pk for pk, email in people.addresses().items()}
    lines = [_line(sheet, number, cells, known, owners) for number, cells in raw]
    _refuse_repeats(lines)
    ordered = sheet.arrange(lines) if sheet.arrange else lines
    for line in lines:
        if not line.problem:
            line.action = "create" if line.row is None else "change" if line.changed else "keep"
    if commit and not any(line.problem for line in lines):
        for line in ordered:
            _write(sheet, line, actor)
    return lines


def read_out(sheet: Sheet) -> str:
    """The whole register as CSV that a spreadsheet does not run; read in again it changes
    nothing.
    """
    rows = sheet.model.objects.order_by("id")
    if "owner" in sheet.columns:
        rows = rows.select_related("owner")
    return csvs.written(
        ("id", *sheet.columns),
        (
            [row.shown_id, *(_cell(row, name) for name in sheet.columns)]
            for row in rows.iterator(chunk_size=500)
        ),
    )


def _write(sheet: Sheet, line: Line, actor: Actor) -> None:
    values = dict(line.given)
    if line.above is not None:
        values["parent_id"] = line.above.row
    if line.row is None:
        line.row = sheet.create(values, actor=actor, note=NOTE)
    elif line.changed:
        line.row = sheet.update(line.row, values, actor=actor, note=NOTE)


def _rows(sheet: Sheet, text: str) -> list[tuple[int, dict[str, Any]]]:
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise TooLarge(f"A file has at most {MOST_BYTES} bytes.", field="csv")
    try:
        plain = text.lstrip("\ufeff").replace("\r\n", "\n")  # forms send every line with both
        reader = csv.DictReader(io.StringIO(plain), strict=True)
        head = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = head
        found = [(_number(reader, cells), cells) for cells in reader]
    except csv.Error as error:
        raise BadInput(f"This is no CSV: {error}.", field="csv") from error
    unknown = [name for name in head if name not in (*sheet.columns, "id")]
    if unknown or not head:
        known = ", ".join(("id", *sheet.columns))
        raise BadInput(f"'{', '.join(unknown)}' is no column. Use: {known}.", field="csv")
    twice = [name for name in head if head.count(name) > 1]
    if twice:
        raise BadInput(f"The column '{twice[0]}' stands twice. Take one out.", field="csv")
    if len(found) > MOST_ROWS:
        raise TooLarge(f"A file has at most {MOST_ROWS} lines.", field="csv")
    return found


def _number(reader: Any, cells: dict[Any, Any]) -> int:
    """The line of the file on which a row begins; its cells may go over several."""
    inner = sum(cell.count("\n") for cell in cells.values() if isinstance(cell, str))
    return int(reader.line_num - inner)


def _named(sheet: Sheet, texts: Iterable[str]) -> dict[str, Any]:
    """The live rows that the column `id` names, by their ids as shown."""
    pks = [ids.read(sheet.model.ID_PREFIX, text.strip()) for text in texts if text.strip()]
    rows = sheet.model.objects.filter(pk__in=[pk for pk in pks if pk])
    return {row.shown_id: row for row in rows}


def _line(
    sheet: Sheet, number: int, cells: dict[Any, Any], known: dict[str, Any], owners: dict[str, Any]
) -> Line:
    line = Line(number, {})
    if None in cells:
        line.refuse("This line has more cells than the head.", "")
        return line
    shown = (cells.pop("id", "") or "").strip()
    line.row = known.get(shown) if shown else None
    if shown and line.row is None:
        line.refuse(f"'{shown}' is not known here. Leave the id empty for a new row.", "id")
        return line
    try:
        for name, cell in cells.items():
            if cell not in (None, ""):
                line.values[name] = _value(sheet, name, csvs.plain(cell))
        line.given = _given(line.values, owners)
        _compare(sheet, line)
    except DomainError as refusal:
        line.refuse(refusal.message, refusal.field)
    line.values = {name: _told(value) for name, value in line.values.items()}
    return line


def _given(values: dict[str, Any], owners: dict[str, Any]) -> dict[str, Any]:
    """The fields that a service takes; a parent is settled when all lines are known."""
    given = {name: value for name, value in values.items() if name not in FIELDS}
    if "owner" in values:
        owner = owners.get(values["owner"].lower())
        if owner is None:
            problem = f"'{values['owner']}' is no member here. Give the e-mail address of one."
            raise BadInput(problem, field="owner")
        given["owner_id"] = owner
    return given


def _compare(sheet: Sheet, line: Line) -> None:
    plain = {name: value for name, value in line.given.items() if name != "owner_id"}
    clean = sheet.clean(plain, line.row)
    if line.row is None:
        return
    told = {column: FIELDS.get(column, column) for column in sheet.columns}
    wanted = clean | {n: line.given[n] for n in ("owner_id",) if n in line.given}
    line.changed = [
        column
        for column, name in told.items()
        if name in wanted and wanted[name] != getattr(line.row, name)
    ]


def _refuse_repeats(lines: list[Line]) -> None:
    first: dict[Any, Line] = {}
    for line in lines:
        if line.row is not None and first.setdefault(line.row.pk, line) is not line:
            number = first[line.row.pk].number
            line.refuse(f"Line {number} names the same row. Keep one of them.", "id")


def _value(sheet: Sheet, name: str, cell: str) -> Any:
    if name in LISTS:
        return [each.strip() for each in cell.split(";") if each.strip()]
    if name in sheet.numbers:
        if not cell.strip().isascii() or not cell.strip().isdigit() or len(cell) > 5:
            raise BadInput(f"'{cell}' is no whole number.", field=name)
        return int(cell)
    return _moment(cell.strip(), name) if name in MOMENTS else cell.strip()


def _moment(text: str, name: str) -> datetime:
    """A day or a time in ISO 8601, in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"'{text}' is no date like 2026-12-01.", field=name) from error


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _cell(row: Any, name: str) -> Any:
    if name == "owner":
        return row.owner.email if row.owner else ""
    if name == "parent":
        return ids.show(row.ID_PREFIX, row.parent_id) if row.parent_id else ""
    value = _told(getattr(row, name))
    return "; ".join(map(str, value)) if isinstance(value, list) else value
