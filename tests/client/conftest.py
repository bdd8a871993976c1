"""The client against the real server."""

import pytest
from soc_client import Client

from tests import factories


@pytest.fixture
def credentials(acme):
    person = acme.people["tenant_admin"]
    return {"email": person.email, "password": factories.PASSWORD, "tenant": acme.tenant.slug}


@pytest.fixture
def client(live_server, credentials):
    with Client(live_server.url, **credentials) as client:
        yield client
