"""Registers: lists and pages of what is written down once and used by others. No page of their own
is needed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest

from core.admin.desk import DeskAdmin


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list, or a fact of the page: an attribute of the row, or what a function
    makes of it. `by` is the word by which its list can be put in order, where it can.
    """

    label: str
    name: str
    by: str = ""

    def shown(self, row: Any) -> Any:
        value = getattr(row, self.name)
        return value() if callable(value) else value


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as the templates show it. Kinds: moment, flag, list, number, text, long."""

    label: str
    value: Any

    @property
    def kind(self) -> str:
        kinds = ((bool, "flag"), (datetime, "moment"), (list, "list"), (int, "number"))
        found = next((kind for each, kind in kinds if isinstance(self.value, each)), "text")
        if isinstance(self.value, dict) or "\n" in str(self.value) or len(str(self.value)) > 300:
            return "list" if found == "list" else "long"
        return found


@dataclass(frozen=True, slots=True)
class Entry:
    """Another row on a page, and where it leads."""

    title: str
    url: str
    note: str = ""
    at: datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Other rows that belong to the row of a page."""

    title: str
    rows: list[Entry]


class RegisterAdmin(DeskAdmin):
    """`columns` are the list's, the first one leads to the page; `views` are its usual queries by
    title. `facts` are the page's.
    """

    list_template = "desk/register.html"
    page_template = "desk/record.html"
    columns: ClassVar[tuple[Column, ...]] = ()
    facts: ClassVar[tuple[Column, ...]] = ()
    views: ClassVar[tuple[tuple[str, str], ...]] = ()
    empty: ClassVar[str] = "Nothing here yet."
    keeper = ""

    def listed(self, rows: list[Any]) -> list[Any]:
        return [
            {"row": row, "cells": [Cell(each.label, each.shown(row)) for each in self.columns]}
            for row in rows
        ]

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        asked = request.GET.urlencode(safe=",")
        views = [(title, f"?{query}", query == asked) for title, query in self.views]
        return {"columns": self.columns, "empty": self.empty, "views": views}

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        cells = [Cell(each.label, each.shown(row)) for each in self.facts]
        told = [cell for cell in cells if cell.value not in (None, "", [], {})]
        return {
            "facts": [cell for cell in told if cell.kind != "long"],
            "texts": [cell for cell in told if cell.kind == "long"],
            "panels": self.panels(row),
            "list_title": self.heading,
            "list_url": self.url_of("changelist"),
            "move_url": f"admin:{self.model._meta.label_lower.replace('.', '_')}_move",
        }

    def panels(self, row: Any) -> list[Panel]:
        """Other rows that its page lists."""
        return []
