import pytest

from soc.services import slas
from tests import factories


@pytest.fixture
def manager(acme):
    return factories.client_for(acme, "manager")


@pytest.fixture
def governed(in_acme):
    """A tenant with the definitions of the threats page, in force since before the test."""
    slas.defaults(actor=in_acme.actor())
    return in_acme
