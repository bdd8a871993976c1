"""Numbers that a job counted, where counting them while somebody waits would take too long."""

from django.db import models

from core.constraints import tenant_rules
from core.models.rows import TenantRow


class CountedNumbers(TenantRow):
    """What one page shows, as it was at `counted_at`; a job was last asked for it at `asked_at`.

    Nothing is kept here alone: it can be counted anew at any time.
    """

    name = models.TextField()
    content = models.JSONField(null=True)
    counted_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(fields=["tenant", "name"], name="numbers_counted_once"),
            models.CheckConstraint(
                condition=models.Q(content__isnull=True, counted_at__isnull=True)
                | models.Q(content__isnull=False, counted_at__isnull=False),
                name="numbers_counted_have_time",
            ),
        )
