"""The audit trail's rows. The app role reads them; only the database function `core_audit_append`
writes them.
"""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.models.rows import TenantRow


class AuditEvent(TenantRow):
    """Intent: who did what to which object, and why. Chained by hash within its tenant."""

    ID_PREFIX: ClassVar[str] = "evt"

    seq = models.PositiveBigIntegerField()
    actor_id = models.UUIDField()
    app_id = models.UUIDField(null=True)
    source_type = models.TextField()
    verb = models.TextField()
    object_type = models.TextField()
    object_id = models.UUIDField(null=True)
    note = models.TextField()
    correlation_id = models.UUIDField()
    details = models.JSONField()
    previous_hash = models.TextField()
    hash = models.TextField()

    class Meta:
        ordering = ("-seq",)
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(fields=["tenant", "seq"], name="audit_seq_once_per_tenant"),
        )
        indexes = (models.Index(fields=["tenant", "object_id", "id"], name="audit_of_object"),)

    def __str__(self) -> str:
        return self.verb


class AuditHead(TenantRow):
    """The last link of a tenant's chain; its lock makes appends follow one another."""

    seq = models.PositiveBigIntegerField()
    hash = models.TextField()

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(fields=["tenant"], name="one_audit_head_per_tenant"),
        )


class Counter(TenantRow):
    """The last number given of a kind in a year: INV-2026-000123."""

    kind = models.TextField()
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField()

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(
                fields=["tenant", "kind", "year"], name="one_counter_per_kind_and_year"
            ),
        )
