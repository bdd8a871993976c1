"""Rows by what they are linked to."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet


def linked(
    rows: QuerySet[Any], own: str, value: str, wanted: QuerySet[Any], *links: QuerySet[Any]
) -> QuerySet[Any]:
    """The rows that the wanted links name as their `own`; with `none`, those that no link names."""
    if value != "none":
        return rows.filter(pk__in=wanted.values(own))
    for each in links:
        rows = rows.filter(~Exists(each.filter(**{own: OuterRef("pk")})))
    return rows
