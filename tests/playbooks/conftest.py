import pytest

from tests.playbooks import stub as stubs


@pytest.fixture
def stub(settings):
    """A service on loopback that the connectors of acme may call."""
    settings.OUTBOUND_ALLOW = ["acme=127.0.0.0/8"]
    with stubs.serving() as stub:
        yield stub
