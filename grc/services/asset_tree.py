"""Parents in a file of assets: by id or by name, of the register or of the file itself."""

from collections import defaultdict
from uuid import UUID

from django.db.models.functions import Lower

from core import ids
from grc.models import Asset
from grc.services.sheets import Line

DEEPEST = 50
COLUMN = "parent"
# A row's own key, or the number of the line that makes the row.
Key = UUID | int


def arrange(lines: list[Line]) -> list[Line]:
    """Find the parent that each line names, refuse the lines that would close a loop, and give all
    lines with parents before their children.
    """
    naming = [line for line in lines if COLUMN in line.values and not line.problem]
    if not naming:
        return lines
    by_key = {_key(line): line for line in lines}
    by_name = _by_name(lines, {_wanted(line) for line in naming})
    named = Asset.objects.in_bulk([pk for line in naming if (pk := _id(line))])
    parents: dict[Key, Key | None] = dict(Asset.with_deleted.values_list("pk", "parent_id"))
    chosen: dict[Key, Key] = {}
    for line in naming:
        found: set[Key] = {pk} & named.keys() if (pk := _id(line)) else by_name[_wanted(line)]
        key = _only(line, found)
        if key is not None:
            chosen[_key(line)] = key
    parents |= chosen
    rows = Asset.objects.in_bulk([key for key in chosen.values() if isinstance(key, UUID)])
    for line in naming:
        if not line.problem:
            _put_below(line, chosen[_key(line)], by_key, rows)
    for line in naming:
        if not line.problem:
            _refuse_loops(line, parents)
    return sorted(lines, key=lambda line: len(_chain(_key(line), parents)))


def _key(line: Line) -> Key:
    return line.number if line.row is None else line.row.pk


def _id(line: Line) -> UUID | None:
    return ids.read(Asset.ID_PREFIX, line.values[COLUMN])


def _wanted(line: Line) -> str:
    return str(line.values[COLUMN]).lower()


def _by_name(lines: list[Line], wanted: set[str]) -> dict[str, set[Key]]:
    """Whom each name means once the file is read in: rows that keep their name, and lines."""
    found: dict[str, set[Key]] = defaultdict(set)
    renamed = {line.row.pk for line in lines if line.row is not None and "name" in line.values}
    rows = Asset.objects.annotate(low=Lower("name")).filter(low__in=wanted)
    for pk, name in rows.values_list("pk", "low"):
        if pk not in renamed:
            found[name].add(pk)
    for line in lines:
        if "name" in line.values:
            found[str(line.values["name"]).lower()].add(_key(line))
    return found


def _only(line: Line, found: set[Key]) -> Key | None:
    name = line.values[COLUMN]
    if len(found) == 1:
        return next(iter(found))
    if found:
        line.refuse(f"Several assets are called '{name}'. Give the id of one.", COLUMN)
    else:
        line.refuse(f"'{name}' is no asset of the register, nor of this file.", COLUMN)
    return None


def _put_below(line: Line, key: Key, by_key: dict[Key, Line], rows: dict[UUID, Asset]) -> None:
    if key in by_key:
        line.above = by_key[key]
    elif isinstance(key, UUID):
        line.given["parent_id"] = rows[key]
    if line.row is not None and line.row.parent_id != key:
        line.changed.append(COLUMN)


def _refuse_loops(line: Line, parents: dict[Key, Key | None]) -> None:
    chain = _chain(_key(line), parents)
    if _key(line) in chain:
        line.refuse("It would lie below itself. Name another parent.", COLUMN)
    elif len(chain) >= DEEPEST and len(set(chain)) == len(chain):
        line.refuse(f"Assets nest at most {DEEPEST} deep. Name a parent higher up.", COLUMN)


def _chain(key: Key, parents: dict[Key, Key | None]) -> list[Key]:
    """What lies above, at most DEEPEST of it."""
    found: list[Key] = []
    at = parents.get(key)
    while at is not None and len(found) < DEEPEST:
        found.append(at)
        at = parents.get(at)
    return found
