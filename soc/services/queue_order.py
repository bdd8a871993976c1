"""The orders of the queue, each read from indexes that start with the tenant."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from core import pages, parts
from core.parts import Part
from soc.vocabulary import SEVERITIES

BY_CLOCK, WORST, NEWEST = "due_at", "-severity", "-created_at"
ORDERS = {
    BY_CLOCK: "Clock, soonest first",
    WORST: "Worst first",
    NEWEST: "Newest first",
}


def cut(
    rows: QuerySet[Any],
    ordering: str,
    *,
    statuses: Collection[str],
    limit: int,
    cursor_text: str | None,
) -> pages.Page:
    """One page of alerts in an order of the queue, or in one of the API's lists. `statuses` are
    those that the rows were filtered by, if they were.
    """
    found = _parts(ordering, statuses)
    if not found:
        return pages.cut(rows, ordering=ordering, limit=limit, cursor_text=cursor_text)
    ranked = rows.annotate(rank=_rank()) if ordering == WORST else rows
    return parts.cut(ranked, found, limit=limit, cursor_text=cursor_text)


def place(row: Any, ordering: str, *, backwards: bool = False) -> str:
    """The cursor that stands at an alert of such a page."""
    found = _parts(ordering, ())
    if not found:
        return pages.place_of(row, ordering, backwards=backwards)
    number = 1 if ordering == BY_CLOCK and row.due_at is None else 0
    return parts.place_of(row, number, found, backwards=backwards)


def _parts(ordering: str, statuses: Collection[str]) -> Sequence[Part]:
    each = [Q(status=word) for word in statuses] or [Q()]
    if ordering == BY_CLOCK:
        first = Part(Q(due_at__isnull=False), ("due_at", "-id"))
        return (first, Part(Q(due_at__isnull=True), ("-id",), tuple(each)))
    if ordering == WORST:
        ranked = [(Q(severity=word) & one, n) for n, word in enumerate(SEVERITIES) for one in each]
        branches, ranks = zip(*ranked, strict=True)
        return (Part(Q(), (f"-{pages.RANK}", "-id"), branches, ranks),)
    return ()


def _rank() -> Case:
    whens = [When(severity=word, then=Value(rank)) for rank, word in enumerate(SEVERITIES)]
    return Case(*whens, default=Value(0), output_field=IntegerField())
