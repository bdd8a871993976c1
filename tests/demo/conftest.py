"""A demo that was just loaded."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction

from core import identity, tenancy

PASSWORD = "demo"


def load():
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(transactional_db, monkeypatch):
    """Reads within one tenant of a demo that was just loaded; its password may be short."""
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    assert load().startswith("The demo is loaded: ")
    ids = {slug: tenant_id for tenant_id, slug in identity.all_tenants()}

    def inside(slug, read):
        with tenancy.tenant_scope(ids[slug]), transaction.atomic():
            return read()

    return inside
