from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Beside the work of analysts: an index is built without a lock that would stop writes.
    atomic = False

    dependencies = [
        ("soc", "0051_what_waits_indexed"),
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
                fields=["tenant", "assignee"],
                name="alert_waiting_by_holder",
            ),
        ),
    ]
