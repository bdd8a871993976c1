"""A tenant with a row of every model."""

import pytest
from django.db import connection, transaction

from core import tenancy
from core.services import applications, people
from tests import factories
from tests.prove import furniture


@pytest.fixture(scope="module")
def furnished(django_db_setup, django_db_blocker):
    """Acme with a row of every model, and globex with none but its people: made once, since every
    test undoes what it tries.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        acme, globex = factories.make_tenant("acme"), factories.make_tenant("globex")
        with tenancy.tenant_scope(acme.tenant.pk):
            key = applications.create("tool", actor=acme.actor(), scopes=["soc:ingest"])
            people.invite("guest@acme.test", actor=acme.actor(), role="viewer")
        furniture.fill(acme, key, "filled", with_shared=False)
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
        tenancy.clear()
        yield acme, globex
        transaction.set_rollback(True)


@pytest.fixture
def filled(furnished, db):
    with tenancy.tenant_scope(furnished[0].tenant.pk):
        yield furnished[0]
