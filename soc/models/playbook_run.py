"""Runs of playbooks: a ledger of what was done, step by step, that outlives every crash."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models.rows import Record, TenantRow, record_rules
from soc.models.alert import Alert
from soc.models.investigation import Investigation
from soc.models.playbook import Playbook, PlaybookVersion
from soc.querysets import RunManager, StepManager

ENDED = ("succeeded", "failed", "cancelled")
OPEN_STATES = ("pending", "running", "waiting", "uncertain")


class PlaybookRun(Record):
    """One run of one version. `trigger` is manual, automatic or retry; `requested_by` whoever
    started it, or whose change set it off. A dry run calls nobody and changes nothing. `outcome` is
    what a person last said of a call that nobody knew the outcome of.
    """

    ID_PREFIX: ClassVar[str] = "run"

    playbook = models.ForeignKey(
        Playbook, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    playbook_version = models.ForeignKey(
        PlaybookVersion,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    alert = models.ForeignKey(
        Alert,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    retry_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    status = models.TextField(default="pending", editable=False)
    trigger = models.TextField(default="manual", editable=False)
    requested_by = models.UUIDField(editable=False)
    dry_run = models.BooleanField(default=False, editable=False)
    inputs = models.JSONField(default=dict)
    stubs = models.JSONField(default=dict)
    error = models.TextField(default="", editable=False)
    outcome = models.TextField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    history = FieldHistory(without=["inputs", "stubs"])
    objects: ClassVar[Any] = RunManager()

    class Meta:
        verbose_name = "run"
        constraints = (
            *record_rules("playbook", "playbook_version", "alert", "investigation", "retry_of"),
            models.UniqueConstraint(
                fields=["tenant", "playbook_version", "alert"],
                condition=Q(trigger="automatic"),
                name="run_automatic_once_per_alert_and_version",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, finished_at__isnull=False)
                | (~Q(status__in=ENDED) & Q(finished_at__isnull=True)),
                name="run_ended_has_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"], condition=Q(is_deleted=False), name="run_newest"
            ),
            models.Index(fields=["tenant", "status", "-id"], name="run_by_status"),
            models.Index(fields=["tenant", "playbook", "-id"], name="run_by_playbook"),
            models.Index(fields=["tenant", "playbook", "dry_run", "status"], name="run_stats"),
            models.Index(fields=["tenant", "alert", "-id"], name="run_by_alert"),
            models.Index(fields=["tenant", "investigation", "-id"], name="run_by_investigation"),
        )

    def __str__(self) -> str:
        return self.shown_id


class StepRun(TenantRow):
    """One step of one run. `fence` rises with each claim, and whoever holds an older one writes
    nothing; `attempt` with each try that was known to have failed. `check_at` is when upkeep has to
    look at it next.
    """

    ID_PREFIX: ClassVar[str] = "stp"
    SHARED: ClassVar[bool] = True

    run = models.ForeignKey(
        PlaybookRun,
        on_delete=models.PROTECT,
        related_name="steps",
        db_constraint=False,
        db_index=False,
    )
    key = models.TextField()
    kind = models.TextField()
    name = models.TextField()
    state = models.TextField(default="pending")
    attempt = models.PositiveSmallIntegerField(default=1)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    input = models.JSONField(null=True)
    output = models.JSONField(null=True)
    error = models.TextField(default="")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = StepManager()

    class Meta:
        verbose_name = "step of a run"
        constraints = (
            *tenant_rules("run"),
            models.UniqueConstraint(fields=["tenant", "run", "key"], name="step_once_per_run"),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="step_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, finished_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(finished_at__isnull=False)),
                name="step_ended_has_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "check_at"],
                condition=Q(check_at__isnull=False),
                name="step_to_check",
            ),
            models.Index(
                fields=["tenant", "state", "kind", "-id"],
                condition=Q(state__in=OPEN_STATES),
                name="step_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"


class StepDecision(TenantRow):
    """What one person answered to one approval."""

    APPEND_ONLY: ClassVar[bool] = True
    SHARED: ClassVar[bool] = True

    step = models.ForeignKey(
        StepRun,
        on_delete=models.PROTECT,
        related_name="decisions",
        db_constraint=False,
        db_index=False,
    )
    decision = models.TextField()
    note = models.TextField(default="")
    created_by = models.UUIDField()

    class Meta:
        constraints = (
            *tenant_rules("step"),
            models.UniqueConstraint(
                fields=["tenant", "step", "created_by"], name="step_decided_once_by_a_person"
            ),
        )
