"""The clocks of alerts and investigations. Written by `soc.services.clocks` only."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from core.constraints import tenant_rules
from core.models.rows import TenantRow
from soc.models.alert import Alert
from soc.models.investigation import Investigation
from soc.models.sla import SLADefinition
from soc.querysets import ClockManager


class SLAClock(TenantRow):
    """One step of one alert or investigation against its target; it can be derived anew at any
    time.

    `minutes` is the target as it was counted. Nothing is told of what was due before
    `watched_from`. `check_at` is when a job has to look at it next.
    """

    alert = models.ForeignKey(
        Alert,
        on_delete=models.CASCADE,
        null=True,
        related_name="clocks",
        db_constraint=False,
        db_index=False,
    )
    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.CASCADE,
        null=True,
        related_name="clocks",
        db_constraint=False,
        db_index=False,
    )
    definition = models.ForeignKey(
        SLADefinition,
        on_delete=models.PROTECT,
        related_name="clocks",
        db_constraint=False,
        db_index=False,
    )
    kind = models.TextField()
    state = models.TextField(default="running")
    minutes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    at_risk_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    watched_from = models.DateTimeField()
    check_at = models.DateTimeField(null=True)
    at_risk_notified_at = models.DateTimeField(null=True)
    breach_notified_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClockManager()

    class Meta:
        verbose_name = "SLA clock"
        constraints = (
            *tenant_rules("alert", "investigation", "definition"),
            models.UniqueConstraint(
                fields=["tenant", "alert", "kind"],
                condition=Q(alert__isnull=False),
                name="sla_clock_once_per_alert",
            ),
            models.UniqueConstraint(
                fields=["tenant", "investigation", "kind"],
                condition=Q(investigation__isnull=False),
                name="sla_clock_once_per_investigation",
            ),
            models.CheckConstraint(
                condition=Q(alert__isnull=True, investigation__isnull=False)
                | Q(alert__isnull=False, investigation__isnull=True),
                name="sla_clock_has_one_subject",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("running", "met", "breached")) | Q(due_at__isnull=False),
                name="sla_clock_runs_to_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="breached", breached_at__isnull=False)
                | (~Q(state="breached") & Q(breached_at__isnull=True)),
                name="sla_clock_breached_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(stopped_at__isnull=False),
                name="sla_clock_met_was_stopped",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "check_at"],
                condition=Q(check_at__isnull=False),
                name="sla_clock_to_check",
            ),
            models.Index(
                fields=["tenant", "due_at"],
                condition=Q(stopped_at__isnull=True, due_at__isnull=False),
                name="sla_clock_going",
            ),
            models.Index(fields=["tenant", "state", "due_at"], name="sla_clock_by_state"),
            models.Index(fields=["tenant", "definition", "state"], name="sla_clock_by_definition"),
        )

    @property
    def without_notice(self) -> bool:
        """Late, but due before anybody asked for it: nobody is told."""
        return self.state == "breached" and self.breached_at <= self.watched_from  # type: ignore[operator]


class SLAPause(TenantRow):
    """A time that does not count for a clock, and why; still going on while `ended_at` is null."""

    clock = models.ForeignKey(
        SLAClock,
        on_delete=models.CASCADE,
        related_name="pauses",
        db_constraint=False,
        db_index=False,
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField()

    class Meta:
        verbose_name = "SLA pause"
        constraints = (
            *tenant_rules("clock"),
            models.UniqueConstraint(
                fields=["tenant", "clock", "started_at"], name="sla_pause_starts_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
                name="sla_pause_ends_after_it_starts",
            ),
        )
