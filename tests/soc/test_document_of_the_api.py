"""The API's document: OpenAPI 3.1, its domain, and examples that work as they stand."""

import pytest

from soc.api import examples
from tests import factories
from tests.soc.factories import made

# Where each example of a request is sent: path, method.
PLACES = {
    "/api/v1/soc/alerts": "post",
    "/api/v1/soc/investigations": "post",
    "/api/v1/soc/context-documents": "post",
    "/api/v1/soc/findings": "post",
    "/api/v1/soc/views": "post",
    "/v1/alerts/{id}": "patch",
}


@pytest.fixture
def document(api):
    return api.get("/api/v1/schema?format=json").json()


def test_it_is_openapi_3_1_and_names_its_domain(document):
    alerts = document["paths"]["/api/v1/soc/alerts"]["get"]
    seed = document["paths"]["/v1/alerts"]["get"]

    assert document["openapi"].startswith("3.1")
    assert (alerts["x-cpod-domain"], seed["x-cpod-domain"]) == ("soc", "soc")


@pytest.mark.parametrize("path", list(PLACES))
def test_an_example_of_a_request_works_as_it_stands(acme, document, path):
    client = factories.client_for(acme)
    method = PLACES[path]
    body = document["paths"][path][method]["requestBody"]["content"]["application/json"]
    place = path.format(id=made(client)["id"]) if "{id}" in path else path

    for example in body["examples"].values():
        answer = getattr(client, method)(place, example["value"])
        assert answer.status_code in (200, 201), answer.content


def test_every_example_is_shown_somewhere(document):
    told = [
        example["value"]
        for item in document["paths"].values()
        for operation in item.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for example in content.get("examples", {}).values()
    ]

    own = [value for name, value in vars(examples).items() if name.isupper()]
    assert [value for value in own if value not in told] == []


def test_the_explorer_loads_nothing_from_elsewhere(api):
    page = api.get("/api/v1/explorer").content.decode()

    assert "https://" not in page
    assert "/static/drf_spectacular_sidecar/" in page
