from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Beside the work of analysts: an index is built without a lock that would stop writes.
    atomic = False

    dependencies = [
        ("soc", "0052_holders_of_what_waits_indexed"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    ("is_deleted", False),
                    ("status__in", ("open", "acknowledged", "triaging", "escalated")),
                ),
                fields=["tenant", "severity", "status", "-id"],
                name="alert_open_by_severity",
            ),
        ),
    ]
