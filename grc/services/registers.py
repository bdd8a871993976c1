"""What the registers of assets, accounts and risks share: writing, reading in, reading out."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core import audit, csvs, records
from core.actors import Actor
from core.errors import BadInput, DomainError, TooLarge
from core.models.rows import Record
from grc.services import texts
from grc.workflows import WRITE

MOST_ROWS = 5000
MOST_BYTES = 5_000_000
MOST_IDENTIFIERS = 100


@dataclass(frozen=True)
class Register:
    """One register: its model, what may be written, and how the values are checked."""

    model: type[Record]
    writable: tuple[str, ...]
    columns: tuple[str, ...]
    check: Callable[[dict[str, Any], Any], None]
    nullable: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any], row: Any = None) -> dict[str, Any]:
        clean = texts.clean(values, self.writable, nullable=self.nullable)
        if "identifiers" in clean:
            clean["identifiers"] = _identifiers(clean["identifiers"])
        self.check(clean, row)
        return clean


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: what it would be, or why it cannot."""

    number: int
    values: dict[str, Any]
    problem: str = ""
    field: str = ""


@audit.verb
def create(register: Register, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Any:
    """Write one down; `{}` is enough."""
    actor.require(WRITE)
    return records.create(register.model(**register.clean(values)), actor=actor, note=note)


@audit.verb
def update(
    register: Register, row: Any, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Any:
    """Change fields."""
    actor.require(WRITE)
    fresh = records.lock(row)
    return records.change(fresh, register.clean(values, fresh), actor=actor, note=note)


@audit.verb
def read_in(register: Register, text: str, *, actor: Actor, commit: bool) -> list[Line]:
    """A CSV whose head names columns: each line checked, and all of them written only with
    `commit` and when none has a problem.
    """
    actor.require(WRITE)
    lines = [_line(register, number, raw) for number, raw in _rows(register, text)]
    if commit and not any(line.problem for line in lines):
        for line in lines:
            create(register, line.values, actor=actor, note="Read from a file.")
    return lines


def read_out(register: Register) -> str:
    """The whole register as CSV that a spreadsheet does not run."""
    rows = register.model.objects.order_by("id").iterator(chunk_size=500)
    return csvs.written(
        ("id", *register.columns),
        ([row.shown_id, *(_cell(getattr(row, n)) for n in register.columns)] for row in rows),
    )


def _rows(register: Register, text: str) -> list[tuple[int, dict[str, str]]]:
    if len(text.encode()) > MOST_BYTES:
        raise TooLarge(f"A file has at most {MOST_BYTES} bytes.", field="csv")
    try:
        reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
        head = [name.strip() for name in reader.fieldnames or []]
        found = list(enumerate(reader, start=2))
    except csv.Error as error:
        raise BadInput(f"This is no CSV: {error}.", field="csv") from error
    unknown = [name for name in head if name not in (*register.columns, "id")]
    if unknown or not head:
        known = ", ".join(register.columns)
        raise BadInput(f"'{', '.join(unknown)}' is no column. Use: {known}.", field="csv")
    if len(found) > MOST_ROWS:
        raise TooLarge(f"A file has at most {MOST_ROWS} lines.", field="csv")
    return [(number, {(k or ""): v for k, v in raw.items()}) for number, raw in found]


def _line(register: Register, number: int, raw: dict[str, Any]) -> Line:
    if "" in raw:
        return Line(number, {}, "This line has more cells than the head.")
    values: dict[str, Any] = {}
    try:
        for name, cell in raw.items():
            if name.strip() != "id" and cell not in (None, ""):
                values[name.strip()] = _value(register, name.strip(), str(cell))
        register.clean(values)
    except DomainError as refusal:
        return Line(number, values, refusal.message, refusal.field)
    return Line(number, values)


def _value(register: Register, name: str, cell: str) -> Any:
    plain = cell.removeprefix("'")
    if name in ("tags", "identifiers"):
        return [each.strip() for each in plain.split(";") if each.strip()]
    if name in register.numbers:
        if not plain.strip().isascii() or not plain.strip().isdigit() or len(plain) > 5:
            raise BadInput(f"'{plain}' is no whole number.", field=name)
        return int(plain)
    return plain


def _cell(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _identifiers(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise BadInput("identifiers is a list of names and addresses.", field="identifiers")
    if len(given) > MOST_IDENTIFIERS:
        raise BadInput(f"At most {MOST_IDENTIFIERS} identifiers.", field="identifiers")
    return list(dict.fromkeys(each.strip().lower() for each in given if each.strip()))
