"""The investigation: an analyst's case, rolling up alerts, with every field of the seed page."""

from typing import Any, ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models import Person, Team
from core.models.rows import Record, TenantRow, record_rules
from grc.models import Incident
from soc.models.alert import Alert
from soc.models.sla import SLADefinition
from soc.models.template import Template
from soc.querysets import InvestigationManager


class Investigation(Record):
    """`escalated_to_incident` is the one place that says to which incident it belongs.
    `sla_definition` is the one that a person chose; without it the priority decides.
    """

    ID_PREFIX: ClassVar[str] = "inv"

    investigation_number = models.TextField(editable=False)
    title = models.TextField(default="Untitled investigation")
    description = models.TextField(default="", blank=True)
    status = models.TextField(default="new", editable=False)
    priority = models.TextField(default="medium")
    category = models.TextField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    team_group = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    template = models.ForeignKey(
        Template,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    escalated_to_incident = models.ForeignKey(
        Incident,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    sla_definition = models.ForeignKey(
        SLADefinition,
        on_delete=models.PROTECT,
        null=True,
        related_name="investigations",
        db_constraint=False,
        db_index=False,
    )
    started_at = models.DateTimeField(null=True)
    contained_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closure_reason = models.TextField(null=True)
    pause_reason = models.TextField(null=True)

    history = FieldHistory()
    objects: ClassVar[Any] = InvestigationManager()

    class Meta:
        constraints = (
            *record_rules(
                "escalated_to_incident", "team_group", "template", "merged_into", "sla_definition"
            ),
            models.UniqueConstraint(
                fields=["tenant", "investigation_number"],
                name="investigation_number_once_per_tenant",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="closed")
                | models.Q(closed_at__isnull=False, closure_reason__isnull=False),
                name="investigation_closed_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(status="on_hold", pause_reason__isnull=False)
                | (~models.Q(status="on_hold") & models.Q(pause_reason__isnull=True)),
                name="investigation_on_hold_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(status="closed"),
                name="investigation_merged_is_closed",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")),
                name="investigation_merged_into_another",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="investigation_newest",
            ),
            models.Index(fields=["tenant", "status", "-id"], name="investigation_by_status"),
            models.Index(fields=["tenant", "assigned_to", "-id"], name="investigation_by_assignee"),
            models.Index(
                fields=["tenant", "escalated_to_incident"], name="investigation_by_incident"
            ),
            models.Index(fields=["tenant", "team_group", "-id"], name="investigation_by_team"),
            models.Index(fields=["tenant", "updated_at"], name="investigation_by_update"),
            models.Index(fields=["tenant", "sla_definition"], name="investigation_by_sla"),
        )

    def __str__(self) -> str:
        return f"{self.investigation_number} {self.title}"


class InvestigationAlert(TenantRow):
    """That an alert is, or was, part of an investigation: who put it there, when and why; one
    current per alert.
    """

    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        related_name="alert_links",
        db_constraint=False,
        db_index=False,
    )
    alert = models.ForeignKey(
        Alert,
        on_delete=models.PROTECT,
        related_name="investigation_links",
        db_constraint=False,
        db_index=False,
    )
    created_by = models.UUIDField()
    reason = models.TextField(default="")
    left_at = models.DateTimeField(null=True)
    left_by = models.UUIDField(null=True)

    class Meta:
        constraints = (
            *tenant_rules("investigation", "alert"),
            models.UniqueConstraint(
                fields=["tenant", "alert"],
                condition=models.Q(left_at__isnull=True),
                name="alert_in_one_investigation_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at__isnull=True, left_by__isnull=True)
                | models.Q(left_at__isnull=False, left_by__isnull=False),
                name="investigation_alert_left_with_person",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "investigation", "left_at"], name="alerts_of_investigation"
            ),
        )


class AlertEscalation(TenantRow):
    """That an alert's escalation opened or joined an incident."""

    alert = models.ForeignKey(
        Alert,
        on_delete=models.PROTECT,
        related_name="escalations",
        db_constraint=False,
        db_index=False,
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    created_by = models.UUIDField()
    note = models.TextField(default="")

    class Meta:
        constraints = (
            *tenant_rules("alert", "incident", "investigation"),
            models.UniqueConstraint(
                fields=["tenant", "alert", "incident"], name="alert_escalates_once_to_incident"
            ),
        )
        indexes = (models.Index(fields=["tenant", "incident"], name="alerts_of_incident"),)
