"""Which shape an answer has: as DRF chooses it, only sooner."""

import pytest
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.api.negotiation import Negotiation
from core.api.renderers import BrowsableRenderer, JSONRenderer


def chosen(negotiation, accept, query):
    headers = {} if accept is None else {"HTTP_ACCEPT": accept}
    request = Request(APIRequestFactory().get(f"/api/v1/soc/alerts{query}", **headers))
    renderers = [JSONRenderer(), BrowsableRenderer()]
    try:
        renderer, media_type = negotiation.select_renderer(request, renderers)
    except NotAcceptable:
        return "406"
    return type(renderer).__name__, media_type


@pytest.mark.parametrize("query", ["", "?format=api", "?limit=50"])
@pytest.mark.parametrize(
    "accept",
    [
        None,
        "",
        "*/*",
        "*/*;q=0.1",
        "application/json",
        "application/json; indent=4",
        "text/html,*/*;q=0.8",
        "image/png",
    ],
)
def test_the_choice_is_that_of_drf(accept, query):
    ours, theirs = Negotiation(), DefaultContentNegotiation()

    assert chosen(ours, accept, query) == chosen(theirs, accept, query)
