"""The detection rule: what a tool fires alerts by, and what its author says of it."""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules


class DetectionRule(Record):
    """`source_name` is the tool and `source_rule_id` its own id of the rule: alerts are linked by
    the two. A stub is a rule that is known by its alerts only; it becomes the real one when that is
    imported or written down, and stays the same row.

    `author` is whom the source names; `created_by` is who wrote the row. `number` is the rule's id
    where a whole number is asked for (seed page PATCH /v1/alerts).
    """

    ID_PREFIX: ClassVar[str] = "rul"
    SHARED: ClassVar[bool] = True

    number = models.PositiveIntegerField(editable=False)
    name = models.TextField(default="Untitled rule")
    source_name = models.TextField(default="manual")
    source_rule_id = models.TextField(null=True, blank=True)
    severity = models.TextField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_stub = models.BooleanField(default=False, editable=False)
    mitre_tactics = models.JSONField(default=list, blank=True)
    mitre_techniques = models.JSONField(default=list, blank=True)
    mitre_subtechniques = models.JSONField(default=list, blank=True)
    data_sources = models.JSONField(default=list, blank=True)
    run_frequency = models.TextField(null=True, blank=True)
    author = models.TextField(default="", blank=True)
    documentation = models.TextField(default="", blank=True)
    definition = models.TextField(default="", blank=True)

    history = FieldHistory()

    class Meta:
        verbose_name = "detection rule"
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "number"], name="detection_rule_number_once_per_tenant"
            ),
            models.UniqueConstraint(
                fields=["tenant", "source_name", "source_rule_id"],
                condition=models.Q(is_deleted=False),
                name="detection_rule_once_per_tool",
            ),
            models.CheckConstraint(
                condition=models.Q(is_stub=False) | models.Q(source_rule_id__isnull=False),
                name="detection_rule_stub_has_source_id",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="detection_rule_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="detection_rule_by_update"),
        )

    def __str__(self) -> str:
        return self.name
