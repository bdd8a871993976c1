"""Answers of the API: JSON by orjson, and the browsable pages for signed-in people."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpResponse, HttpResponseBase
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.response import Response


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        options = orjson.OPT_UTC_Z
        if (renderer_context or {}).get("indent"):  # the browsable pages ask for it
            options |= orjson.OPT_INDENT_2
        return orjson.dumps(data, default=str, option=options)


def at_once(request: Request, body: Any, headers: Mapping[str, str]) -> HttpResponseBase:
    """The answer of a hot path, written here and now where JSON is wanted: DRF's goes a long way
    to it, as pages made of templates do.
    """
    if not isinstance(request.accepted_renderer, JSONRenderer):
        return Response(body, headers=headers)
    text = request.accepted_renderer.render(body)
    return HttpResponse(text, content_type=JSONRenderer.media_type, headers=headers)


class BrowsableRenderer(BrowsableAPIRenderer):
    """The API as pages. Writing happens in a raw JSON field: forms would need choices, and ids need
    none.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """A page is HTML, whatever type the answer that it shows would have had."""
        page = super().render(data, accepted_media_type, renderer_context)
        (renderer_context or {})["response"]["Content-Type"] = f"text/html; charset={self.charset}"
        return page

    def get_context(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Without the menu of further actions: its inline style breaks the content policy, and the
        explorer lists every path.
        """
        context: dict[str, Any] = super().get_context(*args, **kwargs)
        return context | {"extra_actions": None}

    def get_rendered_html_form(self, data: Any, view: Any, method: str, request: Any) -> Any:
        return None

    def get_filter_form(self, data: Any, view: Any, request: Any) -> Any:
        return None
