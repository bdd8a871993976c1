"""Which shape an answer has."""

from collections.abc import Sequence

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

ANYTHING = "*/*"
QUERY = "QUERY_STRING"  # of WSGI; `?format=` may stand in it


class Negotiation(DefaultContentNegotiation):
    """As DRF has it. Who takes anything, as nearly every tool does, has the first shape without
    the comparing of all: that was a thirtieth of the time of a small answer.
    """

    def select_renderer(
        self,
        request: Request,
        renderers: Sequence[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        said = request.headers.get("accept", ANYTHING)
        if said == ANYTHING and not format_suffix and not request.META.get(QUERY):
            return renderers[0], renderers[0].media_type
        chosen: tuple[BaseRenderer, str] = super().select_renderer(
            request, renderers, format_suffix
        )
        return chosen
