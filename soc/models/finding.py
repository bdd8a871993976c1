"""Findings: forensic artefacts with their custody, and what automated analysts found."""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models.rows import Record, TenantRow, record_rules
from soc.models.alert import Alert
from soc.models.investigation import Investigation


class Finding(Record):
    """Something found out. An `artefact` is evidence and may hold one file; an `agent` finding is
    an automated analyst's, with its confidence and what it recommends.

    `storage_key` names the file in the evidence store and is never shown; `file_name` is what the
    sender called it, shown as text and used for nothing else.
    """

    ID_PREFIX: ClassVar[str] = "fnd"

    kind = models.TextField(default="artefact")
    title = models.TextField(default="Untitled finding")
    description = models.TextField(default="", blank=True)
    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    collected_at = models.DateTimeField(null=True)

    storage_key = models.TextField(null=True, editable=False)
    file_name = models.TextField(null=True, editable=False)
    size_bytes = models.BigIntegerField(null=True, editable=False)
    sha256 = models.TextField(null=True, editable=False)
    stored_at = models.DateTimeField(null=True, editable=False)

    agent_name = models.TextField(null=True, blank=True)
    confidence = models.FloatField(null=True)
    recommended_action = models.TextField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)

    history = FieldHistory(without=["storage_key"])

    class Meta:
        constraints = (
            *record_rules("investigation"),
            models.CheckConstraint(
                condition=models.Q(
                    storage_key__isnull=True,
                    file_name__isnull=True,
                    size_bytes__isnull=True,
                    sha256__isnull=True,
                    stored_at__isnull=True,
                )
                | models.Q(
                    kind="artefact",
                    storage_key__isnull=False,
                    file_name__isnull=False,
                    size_bytes__isnull=False,
                    sha256__isnull=False,
                    stored_at__isnull=False,
                ),
                name="finding_file_is_whole_and_an_artefact",
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__isnull=True)
                | models.Q(confidence__gte=0, confidence__lte=1),
                name="finding_confidence_from_0_to_1",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="finding_newest",
            ),
            models.Index(fields=["tenant", "investigation"], name="findings_of_investigation"),
            models.Index(fields=["tenant", "updated_at"], name="finding_by_update"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def has_file(self) -> bool:
        return self.storage_key is not None


class FindingAlert(TenantRow):
    """That a finding concerns an alert."""

    finding = models.ForeignKey(
        Finding,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    created_by = models.UUIDField()

    class Meta:
        constraints = (
            *tenant_rules("finding", "alert"),
            models.UniqueConstraint(
                fields=["tenant", "alert", "finding"], name="finding_once_per_alert"
            ),
        )
        indexes = (models.Index(fields=["tenant", "finding"], name="alerts_of_finding"),)


class CustodyEntry(TenantRow):
    """One line of an artefact's chain of custody. The app role adds lines and changes none."""

    APPEND_ONLY: ClassVar[bool] = True

    finding = models.ForeignKey(
        Finding,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    action = models.TextField()
    person_id = models.UUIDField()
    sha256 = models.TextField(null=True)
    note = models.TextField(default="")

    class Meta:
        constraints = tuple(tenant_rules("finding"))
        indexes = (models.Index(fields=["tenant", "finding", "id"], name="custody_of_finding"),)
