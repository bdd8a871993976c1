"""The playbook: a reusable response runbook, with every field of its seed page."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models import Person
from core.models.rows import Record, TenantRow, record_rules
from soc.querysets import PlaybookManager


def _any_alert() -> list[str]:
    return ["created"]


class Playbook(Record):
    """`steps` are checked when written; `faults` lists what an import could not read, and holds the
    playbook switched off. `number` is that of its newest version. What runs of it have come to is
    read from the runs.
    """

    ID_PREFIX: ClassVar[str] = "pbk"
    SHARED: ClassVar[bool] = True

    name = models.TextField(default="Untitled playbook")
    description = models.TextField(default="", blank=True)
    category = models.TextField(null=True, blank=True)
    trigger_conditions = models.JSONField(default=list, blank=True)
    trigger_on = models.JSONField(default=_any_alert, blank=True)
    auto_execute = models.BooleanField(default=False)
    mitre_tactics = models.JSONField(default=list, blank=True)
    mitre_techniques = models.JSONField(default=list, blank=True)
    steps = models.JSONField(default=list, blank=True)
    required_connector_ids = models.JSONField(default=list, blank=True)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    enabled = models.BooleanField(default=True)
    number = models.PositiveIntegerField(default=1, editable=False)
    faults = models.JSONField(default=list, editable=False)
    cacao = models.JSONField(null=True, editable=False)

    history = FieldHistory(without=["cacao"])
    objects: ClassVar[Any] = PlaybookManager()

    class Meta:
        constraints = (
            *record_rules(),
            models.CheckConstraint(
                condition=Q(faults=[]) | Q(enabled=False), name="playbook_with_faults_is_off"
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"], condition=Q(is_deleted=False), name="playbook_newest"
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=Q(is_deleted=False, enabled=True, auto_execute=True),
                name="playbook_automatic",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PlaybookVersion(TenantRow):
    """What a playbook was when its steps or triggers were last changed; runs keep theirs."""

    SHARED: ClassVar[bool] = True
    APPEND_ONLY: ClassVar[bool] = True

    playbook = models.ForeignKey(
        Playbook,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    name = models.TextField()
    steps = models.JSONField()
    trigger_conditions = models.JSONField()
    trigger_on = models.JSONField()
    required_connector_ids = models.JSONField()
    created_by = models.UUIDField()

    class Meta:
        constraints = (
            *tenant_rules("playbook"),
            models.UniqueConstraint(
                fields=["tenant", "playbook", "number"], name="playbook_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"
