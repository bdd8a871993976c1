"""Fill the due moments of alerts whose clocks go, and index them."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction

from core import tenancy

FILL = """
UPDATE soc_alert AS a SET due_at = first.due_at
FROM (
  SELECT alert_id, min(due_at) AS due_at FROM soc_slaclock
  WHERE tenant_id = %(tenant)s AND alert_id IS NOT NULL AND stopped_at IS NULL
    AND state <> 'cancelled' AND due_at IS NOT NULL
  GROUP BY alert_id
) AS first
WHERE a.tenant_id = %(tenant)s AND a.id = first.alert_id
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """Tenant by tenant: row security hides every row from whoever has none."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM core_tenants() AS each (id)")
        tenants = [pk for (pk,) in cursor.fetchall()]
        for pk in tenants:
            with transaction.atomic(), tenancy.tenant_scope(pk):
                cursor.execute(FILL, {"tenant": pk})


class Migration(migrations.Migration):
    # Beside the work of analysts: an index is built without a lock that would stop writes.
    atomic = False

    dependencies = [("soc", "0040_alert_due_at")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["tenant", "due_at", "-id"],
                name="alert_by_due",
            ),
        ),
    ]
