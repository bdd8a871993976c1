"""What intake remembers: the identity of alerts, records at fault, and where an import stands."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.constraints import link_rules, tenant_rules
from core.models.rows import LinkRow, TenantRow
from soc.models.alert import Alert

MAX_SHOWN = 100_000  # bytes of a rejected record


class AlertKey(LinkRow):
    """The identity of an alert: one tool's key leads to one alert. Without `expires_at` it never
    ends.
    """

    source_name = models.TextField()
    key = models.TextField()
    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="keys", db_constraint=False, db_index=False
    )
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            *link_rules("alert"),
            models.UniqueConstraint(
                fields=["tenant", "source_name", "key"], name="alert_key_once_per_tool"
            ),
        )
        indexes = (models.Index(fields=["tenant", "alert"], name="keys_of_alert"),)


class RejectedRecord(TenantRow):
    """A record that could not become an alert, kept as bytes, once per digest, with its reason and
    position, and how often it came. Replayed, it has become an alert after all; when the same bytes
    come again, it waits again.
    """

    ID_PREFIX: ClassVar[str] = "rej"

    format = models.TextField()
    digest = models.BinaryField(max_length=32)
    raw = models.BinaryField()
    reason = models.TextField()
    position = models.PositiveBigIntegerField()
    origin = models.TextField(default="")
    app_id = models.UUIDField(null=True)
    seen_count = models.PositiveIntegerField(default=1)
    replayed_at = models.DateTimeField(null=True)
    replayed_by = models.UUIDField(null=True)

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(
                fields=["tenant", "format", "digest"], name="rejected_record_once"
            ),
            models.CheckConstraint(
                condition=models.Q(replayed_at__isnull=True, replayed_by__isnull=True)
                | models.Q(replayed_at__isnull=False, replayed_by__isnull=False),
                name="rejected_record_replayed_in_pairs",
            ),
        )
        indexes = (models.Index(fields=["tenant", "-id"], name="rejected_newest"),)

    def __str__(self) -> str:
        return self.reason

    @property
    def text(self) -> str:
        """The bytes as text, broken ones replaced; of a long record the beginning, and a mark."""
        raw = bytes(self.raw)
        shown = raw[:MAX_SHOWN].decode("utf-8", "replace")
        return shown if len(raw) <= MAX_SHOWN else f"{shown}… (cut, of {len(raw)} bytes)"


class RepairedRecord(TenantRow):
    """The bytes of a record whose NUL or lone surrogates were replaced, beside the alert it
    became; of a part of a wrapper, the part as it was read.
    """

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    raw = models.BinaryField()

    class Meta:
        constraints = tuple(tenant_rules("alert"))
        indexes = (models.Index(fields=["tenant", "alert"], name="repaired_of_alert"),)


class ImportCheckpoint(TenantRow):
    """How far an import came: written in the transaction of its rows, gone when the import has
    finished. `resolved` are the alerts that its file resolved last.
    """

    format = models.TextField()
    file_digest = models.BinaryField(max_length=32)
    position = models.PositiveBigIntegerField()
    next_record = models.PositiveBigIntegerField()
    counts = models.JSONField(default=dict)
    resolved = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(
                fields=["tenant", "format", "file_digest"], name="one_checkpoint_per_file"
            ),
        )
