"""What migrations do with the rows that are there."""

import pytest
from django.db import connection, transaction

from core import actors, tenancy
from core.database_functions import in_each_tenant
from core.models import Tenant
from soc.models import AlertLabel
from soc.services import alerts
from soc.sql import label

pytestmark = pytest.mark.django_db(transaction=True)


def test_alerts_of_every_tenant_get_their_labels_of_one_that_is_switched_off_too(made):
    for pk in made.values():
        with tenancy.tenant_scope(pk), transaction.atomic():
            alerts.create({"title": "One", "tags": ["seen"]}, actor=actors.system(pk))
            AlertLabel.objects.all().delete()
    with connection.as_role("platform"), tenancy.tenant_scope(made["globex"]):
        Tenant.objects.filter(pk=made["globex"]).update(is_active=False)

    with connection.as_role("owner"), connection.schema_editor(atomic=False) as editor:
        for _ in range(2):  # a migration that was stopped is run again
            in_each_tenant(label("a.tenant_id = %(tenant)s")).code(None, editor)

    for pk in made.values():
        with tenancy.tenant_scope(pk), transaction.atomic():
            assert list(AlertLabel.objects.values_list("kind", "value")) == [("tag", "seen")]
