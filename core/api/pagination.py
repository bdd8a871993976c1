"""Pages by cursor over an index: as quick at the millionth row as at the first, and without counting."""

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

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


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: the last row's sort values, and on which side of it the page lies."""

    values: list[str]
    backwards: bool

    def encode(self) -> str:
        return base64.urlsafe_b64encode(orjson.dumps([self.backwards, *self.values])).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, fields: list[str]) -> "Cursor":
        try:
            backwards, *values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            for field, value in zip(fields, values, strict=True):
                if (UUID(value) if field == "id" else parse_datetime(value)) is None:
                    raise ValueError(field)
        except (ValueError, TypeError) as error:
            raise ValidationError({"cursor": ["This cursor is not one of ours. Start at the first page."]}) from error
        return cls(values, bool(backwards))


class CursorById(BasePagination):
    """`limit` up to 200, `cursor` from `next` and `previous`, `ordering`, and `count` only when asked for."""

    page_query = ("limit", "cursor", "ordering", "count")

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.order = self._ordering(request)
        limit = self._limit(request)
        self.count = self._count(queryset, request)
        fields = [name.lstrip("-") for name in self.order]
        text = request.query_params.get("cursor")
        cursor = Cursor.decode(text, fields) if text else None
        backwards = cursor is not None and cursor.backwards
        order = [_turned(name) for name in self.order] if backwards else list(self.order)
        rows = queryset.filter(_beyond(order, cursor.values)) if cursor else queryset
        page = list(rows.order_by(*order)[: limit + 1])
        more = len(page) > limit
        page = page[:limit]
        if backwards:
            page.reverse()
        self.following = self._link(page[-1:], forward=True) if (more or backwards) else None
        self.preceding = self._link(page[:1], forward=False) if (cursor and (more or not backwards)) else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        body = {"results": data, "next": self.following, "previous": self.preceding}
        return Response(body if self.count is None else body | {"count": self.count})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "results": schema,
                "next": link,
                "previous": link,
                "count": {"type": "integer", "description": "Only with count=estimate or count=exact."},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        def parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
            return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}

        return [
            parameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}, "Rows a page."),
            parameter("cursor", {"type": "string"}, "From `next` or `previous`."),
            parameter("ordering", {"type": "string", "enum": list(ORDERINGS)}, "Newest first unless told."),
            parameter("count", {"type": "string", "enum": ["estimate", "exact"]}, "Adds `count`; exact costs a scan."),
        ]

    def _link(self, edge: list[Any], *, forward: bool) -> str | None:
        if not edge:
            return None
        values = [_text(getattr(edge[0], name.lstrip("-"))) for name in self.order]
        url = self.request.build_absolute_uri()
        return replace_query_param(url, "cursor", Cursor(values, not forward).encode())

    @staticmethod
    def _limit(request: Request) -> int:
        text = request.query_params.get("limit", str(DEFAULT_LIMIT))
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_LIMIT):
            raise ValidationError({"limit": [f"Give a whole number from 1 to {MAX_LIMIT}."]})
        return int(text)

    @staticmethod
    def _ordering(request: Request) -> tuple[str, ...]:
        name = request.query_params.get("ordering", DEFAULT_ORDERING)
        if name not in ORDERINGS:
            raise ValidationError({"ordering": [f"Use one of: {', '.join(ORDERINGS)}."]})
        return ORDERINGS[name]

    @staticmethod
    def _count(queryset: QuerySet[Any], request: Request) -> int | None:
        wish = request.query_params.get("count")
        if wish is None:
            return None
        if wish not in ("estimate", "exact"):
            raise ValidationError({"count": ["Use estimate or exact."]})
        return queryset.count() if wish == "exact" else estimated_count(queryset)


def estimated_count(queryset: QuerySet[Any]) -> int:
    """How many rows the planner expects: no scan."""
    sql, params = queryset.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    loaded = orjson.loads(plan) if isinstance(plan, (str, bytes)) else plan
    return int(loaded[0]["Plan"]["Plan Rows"])


def _beyond(order: list[str], values: list[str]) -> Q:
    """Rows after the cursor in this order, as (a, b) > (x, y) is written for the ORM."""
    condition = Q()
    equal = Q()
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        condition |= equal & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{field: value})
    return condition


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _text(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
