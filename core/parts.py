"""Pages by cursor over a list that is made of parts, one after the other, where no single index has
its order: rows with a due moment before those without one, critical before high.

Each part is read by an index of its own, and not before those in front of it are used up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Subquery, Value

from core.pages import RANK, Cursor, Page, beyond, read_edge, text_of, turned


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that stand together, and their order. `branches` are conditions of which each row meets
    just one: each is read by its own index, and the results are merged. Where the order has a
    rank, `ranks` says that of each branch, so that the database need not look at one that cannot
    be on the page.
    """

    condition: Q
    order: tuple[str, ...]
    branches: tuple[Q, ...] = ()
    ranks: tuple[int, ...] = ()


def cut(
    queryset: QuerySet[Any], parts: Sequence[Part], *, limit: int, cursor_text: str | None
) -> Page:
    """One page of the parts. Raises BadInput for a cursor that is not ours."""
    at = _Place.read(cursor_text, parts) if cursor_text else None
    backwards = at is not None and at.backwards
    found: list[tuple[int, Any]] = []
    for number in _ahead(parts, at, backwards=backwards):
        inside = at if at is not None and at.number == number else None
        wanted = limit + 1 - len(found)
        rows = _read(queryset, parts[number], inside, wanted, backwards=backwards)
        found += [(number, row) for row in rows]
        if len(found) > limit:
            break
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    return Page(
        [row for _, row in found],
        next=_edge(found[-1:], parts, backwards=False) if more or backwards else None,
        previous=_edge(found[:1], parts, backwards=True)
        if at and (more or not backwards)
        else None,
    )


def place_of(row: Any, number: int, parts: Sequence[Part], *, backwards: bool = False) -> str:
    """The cursor that stands at a row of a part."""
    values = [text_of(getattr(row, name.lstrip("-"))) for name in parts[number].order]
    return Cursor([str(number), *values], backwards).encode()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a cursor stands: in which part, and at which values of its order."""

    number: int
    values: list[str]
    backwards: bool

    @classmethod
    def read(cls, text: str, parts: Sequence[Part]) -> "_Place":
        def check(number: str, *values: str) -> list[str]:
            order = parts[_whole(number, len(parts))].order
            given = zip(order, values, strict=True)
            return [number, *(read_edge(name.lstrip("-"), value) for name, value in given)]

        cursor = Cursor.read(text, check)
        return cls(int(cursor.values[0]), cursor.values[1:], cursor.backwards)


def _whole(text: str, most: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else most
    if number >= most:
        raise ValueError(text)
    return number


def _ahead(parts: Sequence[Part], at: _Place | None, *, backwards: bool) -> list[int]:
    """The numbers of the parts that may have rows, in the order of reading."""
    start = at.number if at else 0
    return list(range(start, -1, -1)) if backwards else list(range(start, len(parts)))


def _read(
    queryset: QuerySet[Any], part: Part, inside: _Place | None, limit: int, *, backwards: bool
) -> list[Any]:
    order = tuple(turned(name) for name in part.order) if backwards else part.order
    after = beyond(order, inside.values) if inside else Q()
    rows = queryset.filter(part.condition)
    if len(part.branches) < 2:
        return list(rows.filter(after).order_by(*order)[:limit])
    merged = _merged(rows, part, order, after, limit)
    return list(queryset.filter(pk__in=merged).order_by(*order))


class Ids(Subquery):
    """The ids alone of rows that were put in order by more than them: read first, as an array, so
    that the rows are fetched by their key whatever the planner thinks of the parts.
    """

    template = "(SELECT unnest(ARRAY(SELECT merged.id FROM (%(subquery)s) AS merged)))"


def _merged(rows: QuerySet[Any], part: Part, order: tuple[str, ...], after: Q, limit: int) -> Any:
    """The first ids of all branches, inside the statement that reads the rows."""
    names = list(dict.fromkeys(["id", *(name.lstrip("-") for name in order)]))
    inside = [name for name in order if name.lstrip("-") != RANK]
    plain = rows.select_related(None)
    each = []
    for number, branch in enumerate(part.branches):
        ranked = plain.annotate(**{RANK: Value(part.ranks[number])}) if part.ranks else plain
        found = ranked.filter(branch).filter(after).order_by(*inside)
        each.append(found[:limit].values_list(*names))
    merged = each[0].union(*each[1:], all=True).order_by(*order)[:limit]
    return merged if names == ["id"] else Ids(merged)


def _edge(
    found: Sequence[tuple[int, Any]], parts: Sequence[Part], *, backwards: bool
) -> str | None:
    if not found:
        return None
    number, row = found[0]
    return place_of(row, number, parts, backwards=backwards)
