"""Choosing rows by their names, however many there are: inputs of kind `pick` (one) and `picks`
(many). The shape of the API knows whose ids they take.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

MOST = 50
NAMES = ("name", "title", "incident_number", "investigation_number")

Choice = tuple[str, str]


def offered(serializer_class: Any, name: str, like: str) -> list[Choice]:
    """Up to MOST live rows that an input may name, as (id, name), newest first; with `like`, of
    those whose name holds it.
    """
    model = serializer_class().fields[name].model
    columns = {field.name for field in model._meta.concrete_fields}.intersection(NAMES)
    rows = model.objects.order_by("-id")
    if like:
        rows = rows.filter(reduce(or_, (Q(**{f"{each}__icontains": like}) for each in columns)))
    return [(row.shown_id, str(row)) for row in rows[:MOST]]


def held(row: Any, name: str, kind: str) -> list[Choice]:
    """What a row names now, as (id, name); the rows of `picks` stand on it as `picked`."""
    found = row.picked[name] if kind == "picks" else [getattr(row, name.removesuffix("_id"))]
    return [(each.shown_id, str(each)) for each in found if each is not None]
