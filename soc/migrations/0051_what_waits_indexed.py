from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Beside the work of analysts: an index is built without a lock that would stop writes.
    atomic = False

    dependencies = [
        ("soc", "0050_counted_numbers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="alert",
            index=models.Index(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    ("is_deleted", False),
                    ("resolved_at__isnull", True),
                    ("suppressed_at__isnull", True),
                ),
                fields=["tenant", "severity", "created_at"],
                include=("assignee",),
                name="alert_waiting",
            ),
        ),
        AddIndexConcurrently(
            model_name="slaclock",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("stopped_at__isnull", True)),
                fields=["tenant", "due_at"],
                name="sla_clock_going",
            ),
        ),
    ]
