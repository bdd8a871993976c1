"""The API's pages: limit, cursor, ordering and count in the query, links in the answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core import pages

PLAIN = {"limit", "cursor"}
Read = Callable[[int, UUID | None], list[Any]]


class CursorById(BasePagination):
    """`limit` up to 200, `cursor` from `next` and `previous`, `ordering`, and `count` only when
    asked for.
    """

    default_ordering = pages.DEFAULT_ORDERING
    count: int | None = None
    page_query = ("limit", "cursor", "ordering", "count")

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        self.request = request
        self.count = self._count(queryset, request)
        self.page = pages.cut(
            queryset,
            ordering=request.query_params.get("ordering", self.default_ordering),
            limit=self._limit(request),
            cursor_text=request.query_params.get("cursor"),
        )
        return self.page.rows

    def newest(self, request: Request, read: Read) -> list[Any] | None:
        """A page of what is newest, as `read` gives so many rows from before an id on; None where
        the request asks for anything else than that.
        """
        if not request.query_params.keys() <= PLAIN:
            return None
        text = request.query_params.get("cursor")
        cursor = pages.Cursor.decode(text, ["id"]) if text else None
        if cursor and cursor.backwards:
            return None
        limit = self._limit(request)
        found = read(limit + 1, UUID(cursor.values[0]) if cursor else None)
        self.request = request
        self.page = pages.framed(found, ("-id",), limit, cursor)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        body = {
            "results": data,
            "next": self._url(self.page.next),
            "previous": self._url(self.page.previous),
        }
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
                "count": {
                    "type": "integer",
                    "description": "Only with count=estimate or count=exact.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        def parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
            return {
                "name": name,
                "in": "query",
                "required": False,
                "schema": schema,
                "description": description,
            }

        return [
            parameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": pages.MAX_LIMIT},
                "Rows a page.",
            ),
            parameter("cursor", {"type": "string"}, "From `next` or `previous`."),
            parameter(
                "ordering",
                {"type": "string", "enum": pages.orderings_of(view.model)},
                "Newest first unless told.",
            ),
            parameter(
                "count",
                {"type": "string", "enum": ["estimate", "exact"]},
                "Adds `count`; exact costs a scan.",
            ),
        ]

    def _url(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    @staticmethod
    def _limit(request: Request) -> int:
        text = request.query_params.get("limit", str(pages.DEFAULT_LIMIT))
        plain = text.isascii() and text.isdigit() and len(text) < 10
        if not (plain and 1 <= int(text) <= pages.MAX_LIMIT):
            raise ValidationError({"limit": [f"Give a whole number from 1 to {pages.MAX_LIMIT}."]})
        return int(text)

    @staticmethod
    def _count(queryset: QuerySet[Any], request: Request) -> int | None:
        wish = request.query_params.get("count")
        if wish is None:
            return None
        if wish not in ("estimate", "exact"):
            raise ValidationError({"count": ["Use estimate or exact."]})
        return queryset.count() if wish == "exact" else pages.estimated_count(queryset)
