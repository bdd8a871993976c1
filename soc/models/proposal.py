"""Investigation proposals: open alerts that belong together, until a person accepts or dismisses
them.
"""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models.rows import Record, TenantRow, record_rules
from soc.models.alert import Alert
from soc.models.investigation import Investigation


class Proposal(Record):
    """`reason` says in words what its alerts share; `score` is the strongest tie in it."""

    ID_PREFIX: ClassVar[str] = "prp"

    title = models.TextField()
    reason = models.TextField()
    score = models.PositiveSmallIntegerField()
    status = models.TextField(default="proposed", editable=False)
    accepted_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    history = FieldHistory()

    class Meta:
        verbose_name = "investigation proposal"
        constraints = (
            *record_rules("investigation"),
            models.CheckConstraint(
                condition=models.Q(
                    status="accepted", accepted_at__isnull=False, investigation__isnull=False
                )
                | (
                    ~models.Q(status="accepted")
                    & models.Q(accepted_at__isnull=True, investigation__isnull=True)
                ),
                name="proposal_accepted_has_investigation",
            ),
            models.CheckConstraint(
                condition=models.Q(status="dismissed", dismissed_at__isnull=False)
                | (~models.Q(status="dismissed") & models.Q(dismissed_at__isnull=True)),
                name="proposal_dismissed_has_time",
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "status", "-id"], name="proposal_by_status"),
            models.Index(fields=["tenant", "investigation"], name="proposal_by_investigation"),
            models.Index(fields=["tenant", "updated_at"], name="proposal_by_update"),
        )

    def __str__(self) -> str:
        return self.title


class ProposalAlert(TenantRow):
    """That an alert is in a proposal. An alert is proposed once, so what a person dismissed does
    not come again.
    """

    proposal = models.ForeignKey(
        Proposal,
        on_delete=models.CASCADE,
        related_name="alert_links",
        db_constraint=False,
        db_index=False,
    )
    alert = models.ForeignKey(
        Alert,
        on_delete=models.CASCADE,
        related_name="proposal_links",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        constraints = (
            *tenant_rules("proposal", "alert"),
            models.UniqueConstraint(fields=["tenant", "alert"], name="alert_is_proposed_once"),
        )
        indexes = (models.Index(fields=["tenant", "proposal"], name="alerts_of_proposal"),)
