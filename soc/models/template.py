"""Templates: the tasks with which an investigation of a kind begins."""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules


class Template(Record):
    """`tasks` is an ordered list of `{title, description, mandatory, due_after_hours}`; what an
    investigation got from it stays when it changes.
    """

    ID_PREFIX: ClassVar[str] = "tpl"
    SHARED: ClassVar[bool] = True

    name = models.TextField()
    category = models.TextField(null=True, blank=True)
    priority = models.TextField(default="medium")
    description = models.TextField(default="", blank=True)
    tasks = models.JSONField(default=list, blank=True)

    history = FieldHistory()

    class Meta:
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=models.Q(is_deleted=False),
                name="template_name_once_per_tenant",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="template_newest",
            ),
        )

    def __str__(self) -> str:
        return self.name
