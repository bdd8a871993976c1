import pytest
from django.conf import settings

from core import tenancy
from tests import factories

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_tenant_left():
    yield
    tenancy.clear()


@pytest.fixture(autouse=True)
def _evidence_of_this_test(settings, tmp_path):
    options = settings.STORAGES["evidence"]["OPTIONS"] | {"location": str(tmp_path / "evidence")}
    place = settings.STORAGES["evidence"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"evidence": place}


@pytest.fixture
def acme(db):
    return factories.make_tenant("acme")


@pytest.fixture
def globex(db):
    return factories.make_tenant("globex")


@pytest.fixture
def in_acme(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        yield acme


@pytest.fixture
def api(acme):
    return factories.client_for(acme)
