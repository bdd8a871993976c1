"""Service levels: the hours that count, and how long each step may take."""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules

CLOCKS = ("acknowledge_minutes", "triage_minutes", "contain_minutes", "resolve_minutes")


class BusinessCalendar(Record):
    """When time counts. `hours` is `{"monday": ["09:00-17:00"]}` in the `time_zone`, `holidays` are
    dates without any; `always` is around the clock and leaves both aside.
    """

    ID_PREFIX: ClassVar[str] = "cal"
    SHARED: ClassVar[bool] = True

    name = models.TextField()
    description = models.TextField(default="", blank=True)
    time_zone = models.TextField(default="UTC")
    always = models.BooleanField(default=False)
    hours = models.JSONField(default=dict, blank=True)
    holidays = models.JSONField(default=list, blank=True)

    history = FieldHistory()

    class Meta:
        verbose_name = "business calendar"
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=models.Q(is_deleted=False),
                name="business_calendar_name_once_per_tenant",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="business_calendar_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="business_calendar_by_update"),
        )

    def __str__(self) -> str:
        return self.name


class SLADefinition(Record):
    """How many minutes of its calendar alerts or investigations of some `levels` (severities or
    priorities) may take; a target that is null has no clock, a calendar that is null is around the
    clock.

    `activated_at` is when these rules came into force: what was due before is never told of.
    """

    ID_PREFIX: ClassVar[str] = "sla"
    SHARED: ClassVar[bool] = True

    name = models.TextField()
    description = models.TextField(default="", blank=True)
    applies_to = models.TextField(default="alert")
    levels = models.JSONField(default=list, blank=True)
    acknowledge_minutes = models.PositiveIntegerField(null=True)
    triage_minutes = models.PositiveIntegerField(null=True)
    contain_minutes = models.PositiveIntegerField(null=True)
    resolve_minutes = models.PositiveIntegerField(null=True)
    calendar = models.ForeignKey(
        BusinessCalendar,
        on_delete=models.PROTECT,
        null=True,
        related_name="definitions",
        db_constraint=False,
        db_index=False,
    )
    at_risk_share = models.FloatField(default=0.75)
    pause_statuses = models.JSONField(default=list, blank=True)
    pause_reasons = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=False)
    activated_at = models.DateTimeField(null=True, editable=False)

    history = FieldHistory()

    class Meta:
        verbose_name = "SLA definition"
        constraints = (
            *record_rules("calendar"),
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=models.Q(is_deleted=False),
                name="sla_definition_name_once_per_tenant",
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(activated_at__isnull=False),
                name="sla_definition_active_since",
            ),
            models.CheckConstraint(
                condition=models.Q(at_risk_share__gt=0, at_risk_share__lt=1),
                name="sla_definition_at_risk_is_a_share",
            ),
            models.CheckConstraint(
                condition=~models.Q(applies_to="alert") | models.Q(contain_minutes__isnull=True),
                name="sla_definition_alerts_are_not_contained",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="sla_definition_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="sla_definition_by_update"),
            models.Index(fields=["tenant", "calendar"], name="sla_definition_by_calendar"),
        )

    def __str__(self) -> str:
        return self.name
