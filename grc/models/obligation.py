"""Duties to report an incident: what decides them, and when each is due."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models import Person
from core.models.rows import Record, TenantRow, record_rules
from grc.models.incident import Incident
from grc.models.regulator import Regulator


class IncidentFact(TenantRow):
    """A moment from which clocks may run, as somebody wrote it down; the newest of a name counts.

    Rows are never changed: a correction is a row of its own, with its reason.
    """

    APPEND_ONLY: ClassVar[bool] = True

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    name = models.TextField()
    at = models.DateTimeField()
    reason = models.TextField(default="")
    recorded_by = models.UUIDField()

    class Meta:
        constraints = (*tenant_rules("incident"),)
        indexes = (models.Index(fields=["tenant", "incident", "id"], name="fact_of_incident"),)


class IncidentAnswer(TenantRow):
    """An answer of the questionnaire with its reason, for all regulators or for one; the newest
    counts.
    """

    APPEND_ONLY: ClassVar[bool] = True

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    regulator = models.ForeignKey(
        Regulator,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    question = models.TextField()
    answer = models.TextField()
    reason = models.TextField(default="")
    answered_by = models.UUIDField()

    class Meta:
        constraints = (
            *tenant_rules("incident", "regulator"),
            models.CheckConstraint(
                condition=~models.Q(answer="no") | ~models.Q(reason=""),
                name="answer_no_has_reason",
            ),
        )
        indexes = (models.Index(fields=["tenant", "incident", "id"], name="answer_of_incident"),)


class Obligation(Record):
    """One rule of the library that an incident sets off at one regulator.

    `limit_at` is the plain limit, `due_at` what a weekend rule makes of it. Without them
    `waiting_for` says for what it stays open; `is_prompt` is due at once, without a figure.
    """

    ID_PREFIX: ClassVar[str] = "obl"
    SHARED: ClassVar[bool] = True
    PART: ClassVar[bool] = True

    incident = models.ForeignKey(
        Incident,
        on_delete=models.PROTECT,
        related_name="obligations",
        db_constraint=False,
        db_index=False,
    )
    regulator = models.ForeignKey(
        Regulator,
        on_delete=models.PROTECT,
        related_name="obligations",
        db_constraint=False,
        db_index=False,
    )
    rule_key = models.TextField(editable=False)
    rule_version = models.TextField(editable=False)
    regime = models.TextField(editable=False)
    stage = models.TextField(editable=False)
    article = models.TextField(editable=False)
    rule_source = models.TextField(editable=False)
    audience = models.TextField(editable=False)
    limit_words = models.TextField(editable=False)
    applies = models.BooleanField(default=True, editable=False)
    because = models.TextField(default="", editable=False)
    anchor = models.TextField(default="", editable=False)
    anchor_at = models.DateTimeField(null=True, editable=False)
    limit_at = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    at_risk_at = models.DateTimeField(null=True, editable=False)
    waiting_for = models.TextField(default="", editable=False)
    is_prompt = models.BooleanField(default=False, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    delay_reason = models.TextField(default="", blank=True)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at_risk_told_at = models.DateTimeField(null=True, editable=False)
    overdue_told_at = models.DateTimeField(null=True, editable=False)
    check_at = models.DateTimeField(null=True, editable=False)

    history = FieldHistory()

    class Meta:
        constraints = (
            *record_rules("incident", "regulator"),
            models.UniqueConstraint(
                fields=["tenant", "incident", "regulator", "rule_key"],
                name="obligation_once_per_incident_and_regulator",
            ),
            models.CheckConstraint(
                condition=models.Q(limit_at__isnull=True, due_at__isnull=True)
                | models.Q(
                    limit_at__isnull=False,
                    due_at__isnull=False,
                    anchor_at__isnull=False,
                    limit_at__lte=models.F("due_at"),
                ),
                name="obligation_due_has_limit_and_anchor",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="obligation_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="obligation_by_update"),
            models.Index(fields=["tenant", "incident"], name="obligation_of_incident"),
            models.Index(fields=["tenant", "regulator"], name="obligation_of_regulator"),
            models.Index(fields=["tenant", "due_at"], name="obligation_by_due"),
            models.Index(
                fields=["tenant", "check_at"],
                condition=models.Q(check_at__isnull=False),
                name="obligation_to_check",
            ),
        )

    def __str__(self) -> str:
        return f"{self.regime} {self.stage}"

    def state(self, now: datetime) -> str:
        """not_applicable, sent, overdue, at_risk, running, due (at once) or open."""
        if not self.applies:
            return "not_applicable"
        if self.sent_at:
            return "sent"
        if self.due_at is None:
            return "due" if self.is_prompt else "open"
        if self.due_at < now:
            return "overdue"
        return "at_risk" if self.at_risk_at and self.at_risk_at <= now else "running"

    @property
    def is_late(self) -> bool:
        """Sent after its limit."""
        return bool(self.sent_at and self.due_at and self.sent_at > self.due_at)
