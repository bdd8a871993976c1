import os

import pytest
from django.db import connection, transaction

from core import tenancy
from core.services import tenants
from socplatform.launch import urls


@pytest.fixture
def made(transactional_db):
    """The tenants acme and globex, committed, as an operator makes them."""
    found = {}
    with connection.as_role("platform"):
        for slug in ("acme", "globex"):
            invitation = tenants.create(slug, name=slug.capitalize(), admin_email=f"a@{slug}.test")
            found[slug] = invitation.membership.tenant_id
    return found


@pytest.fixture
def in_acme_now(made):
    """Calls a function within acme, in a transaction of its own."""

    def call(read):
        with tenancy.tenant_scope(made["acme"]), transaction.atomic():
            return read()

    return call


@pytest.fixture
def outside(transactional_db):
    """The environment in which another process works on this test's database."""
    name = connection.settings_dict["NAME"]
    roles = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PLATFORM_URL")
    given = {role: urls.changed(os.environ[role], database=name) for role in roles}
    return dict(os.environ) | given | {"DJANGO_SETTINGS_MODULE": "socplatform.settings"}
