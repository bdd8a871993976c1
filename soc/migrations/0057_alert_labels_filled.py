"""The labels of alerts that were there before, and an index by when they happened."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from core.database_functions import in_each_tenant
from soc.sql import label


class Migration(migrations.Migration):
    # Beside the work of analysts: an index is built without a lock that would stop writes.
    atomic = False

    dependencies = [("soc", "0056_alert_labels")]

    operations = [
        in_each_tenant(label("a.tenant_id = %(tenant)s")),
        AddIndexConcurrently(
            model_name="alert",
            index=models.Index(fields=["tenant", "occurred_at"], name="alert_by_occurrence"),
        ),
    ]
