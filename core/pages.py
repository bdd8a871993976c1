"""Pages by cursor over an index: as quick at the millionth row as at the first, and without
counting.

Shared by the API's lists and the admin's.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from core.errors import BadInput

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
# Ids are ULIDs: their order is the order of creation.
ORDERINGS = {
    "-created_at": ("-id",),
    "created_at": ("id",),
    "-updated_at": ("-updated_at", "-id"),
    "updated_at": ("updated_at", "id"),
}
DEFAULT_ORDERING = "-created_at"
RANK = "rank"  # a small whole number that a list is ordered by: an annotation, no column


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: a row's sort values, and on which side of it the page lies."""

    values: list[str]
    backwards: bool

    def encode(self) -> str:
        packed = orjson.dumps([self.backwards, *self.values])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, fields: list[str]) -> "Cursor":
        def check(*values: str) -> list[str]:
            given = zip(fields, values, strict=True)
            return [read_edge(field, value) for field, value in given]

        return cls.read(text, check)

    @classmethod
    def read(cls, text: str, check: Callable[..., list[str]]) -> "Cursor":
        """The cursor of a text, its values as `check` reads them."""
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            backwards, *values = orjson.loads(packed)
            values = check(*values)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise BadInput(
                "This cursor is not one of ours. Start at the first page.", field="cursor"
            ) from error
        return cls(values, bool(backwards))


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the cursors of its neighbours where there are any."""

    rows: list[Any]
    next: str | None
    previous: str | None


def orderings_of(model: Any) -> list[str]:
    """The orderings of a model's lists: by change only where its rows change."""
    names = {field.name for field in model._meta.fields}
    return [word for word, order in ORDERINGS.items() if order[0].lstrip("-") in names]


def cut(queryset: QuerySet[Any], *, ordering: str, limit: int, cursor_text: str | None) -> Page:
    """One page of a queryset. Raises BadInput for an ordering or a cursor that is not ours."""
    known = orderings_of(queryset.model)
    if ordering not in known:
        raise BadInput(f"Use one of: {', '.join(known)}.", field="ordering")
    order = ORDERINGS[ordering]
    cursor = (
        Cursor.decode(cursor_text, [name.lstrip("-") for name in order]) if cursor_text else None
    )
    backwards = cursor is not None and cursor.backwards
    direction = tuple(turned(name) for name in order) if backwards else order
    rows = queryset.filter(beyond(direction, cursor.values)) if cursor else queryset
    return framed(list(rows.order_by(*direction)[: limit + 1]), order, limit, cursor)


def framed(found: list[Any], order: tuple[str, ...], limit: int, cursor: Cursor | None) -> Page:
    """The page of what was found from a cursor on, in the cursor's direction and one row more than
    the limit where there are more.
    """
    backwards = cursor is not None and cursor.backwards
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    return Page(
        found,
        next=_edge(found[-1:], order, backwards=False) if more or backwards else None,
        previous=_edge(found[:1], order, backwards=True)
        if cursor and (more or not backwards)
        else None,
    )


def estimated_count(queryset: QuerySet[Any]) -> int:
    """How many rows the planner expects: no scan; 0 where no row can match."""
    try:
        sql, params = queryset.order_by().query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    loaded = orjson.loads(plan) if isinstance(plan, (str, bytes)) else plan
    return int(loaded[0]["Plan"]["Plan Rows"])


def read_edge(field: str, value: str) -> str:
    """A sort value of a cursor; ValueError or AttributeError where it is none. Moments in UTC: the
    database takes no offset of 16 hours or more.
    """
    if field == "id":
        return str(UUID(value))
    if field == RANK:
        return str(int(str(value)[:4]))
    moment: Any = parse_datetime(value)
    return str(moment.astimezone(UTC).isoformat())


def place_of(row: Any, ordering: str, *, backwards: bool = False) -> str:
    """The cursor that stands at a row of a list in this ordering."""
    if ordering not in ORDERINGS:
        raise BadInput(f"Use one of: {', '.join(ORDERINGS)}.", field="ordering")
    values = [text_of(getattr(row, name.lstrip("-"))) for name in ORDERINGS[ordering]]
    return Cursor(values, backwards).encode()


def turned_round(text: str) -> str:
    """A cursor that looks the other way from the same place."""
    cursor = Cursor.read(text, lambda *values: [str(value) for value in values])
    return Cursor(cursor.values, not cursor.backwards).encode()


def _edge(row: list[Any], order: tuple[str, ...], *, backwards: bool) -> str | None:
    if not row:
        return None
    values = [text_of(getattr(row[0], name.lstrip("-"))) for name in order]
    return Cursor(values, backwards).encode()


def beyond(order: tuple[str, ...], values: list[str]) -> Q:
    """Rows after the cursor in this order: (a, b) > (x, y), written as a >= x and not a = x unless
    b > y, so that an index is read from x on, in its order.
    """
    name, value = order[0], values[0]
    field, side = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{field}__{side}": value})
    rest = beyond(order[1:], values[1:])
    return Q(**{f"{field}__{side}e": value}) & (~Q(**{field: value}) | rest)


def turned(name: str) -> str:
    """The name of an order, the other way round."""
    return name[1:] if name.startswith("-") else f"-{name}"


def text_of(value: Any) -> str:
    """A sort value as a cursor carries it."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
