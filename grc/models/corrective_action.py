"""The corrective action: what an incident has taught to do, by whom and until when."""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models import Person
from core.models.rows import Record, TenantRow, record_rules
from grc.models.incident import Incident
from grc.models.register import Risk


class CorrectiveAction(Record):
    """Done with evidence, and then verified by someone else."""

    ID_PREFIX: ClassVar[str] = "cor"
    SHARED: ClassVar[bool] = True

    incident = models.ForeignKey(
        Incident,
        on_delete=models.PROTECT,
        null=True,
        related_name="corrective_actions",
        db_constraint=False,
        db_index=False,
    )
    title = models.TextField(default="Untitled corrective action")
    description = models.TextField(default="", blank=True)
    status = models.TextField(default="open", editable=False)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    due_at = models.DateTimeField(null=True)
    evidence = models.TextField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, editable=False)
    completed_by = models.UUIDField(null=True, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    verified_by = models.UUIDField(null=True, editable=False)

    history = FieldHistory()

    class Meta:
        verbose_name = "corrective action"
        constraints = (
            *record_rules("incident"),
            *[
                models.CheckConstraint(
                    condition=models.Q(**{f"{done}_at__isnull": True, f"{done}_by__isnull": True})
                    | models.Q(**{f"{done}_at__isnull": False, f"{done}_by__isnull": False}),
                    name=f"corrective_action_{done}_with_time_and_person",
                )
                for done in ("completed", "verified")
            ],
            models.CheckConstraint(
                condition=models.Q(verified_by__isnull=True)
                | ~models.Q(verified_by=models.F("completed_by")),
                name="corrective_action_verified_by_another",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="corrective_action_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="corrective_action_by_update"),
            models.Index(fields=["tenant", "incident"], name="corrective_action_of_incident"),
        )

    def __str__(self) -> str:
        return self.title


class ActionRisk(TenantRow):
    """That a corrective action lowers a risk."""

    action = models.ForeignKey(
        CorrectiveAction,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    risk = models.ForeignKey(
        Risk, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    created_by = models.UUIDField()

    class Meta:
        constraints = (
            *tenant_rules("action", "risk"),
            models.UniqueConstraint(
                fields=["tenant", "action", "risk"], name="action_risk_once_per_pair"
            ),
        )
        indexes = (models.Index(fields=["tenant", "risk"], name="action_of_risk"),)
