"""Tasks of an investigation: what is to be done, in which order, by whom and until when."""

from typing import Any, ClassVar

from django.db import models

from core.history import FieldHistory
from core.models import Person
from core.models.rows import Record, record_rules
from soc.models.investigation import Investigation
from soc.querysets import TaskManager

ENDED = ("done", "skipped")


class Task(Record):
    """`mandatory` ones hold the closing of their investigation until they are done."""

    ID_PREFIX: ClassVar[str] = "tsk"
    PART: ClassVar[bool] = True

    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        related_name="tasks",
        db_constraint=False,
        db_index=False,
    )
    title = models.TextField(default="Untitled task")
    description = models.TextField(default="", blank=True)
    mandatory = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=1)
    status = models.TextField(default="open", editable=False)
    due_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    completed_by = models.UUIDField(null=True)
    skip_reason = models.TextField(null=True)

    history = FieldHistory()
    objects: ClassVar[Any] = TaskManager()

    class Meta:
        constraints = (
            *record_rules("investigation"),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=ENDED, completed_at__isnull=False, completed_by__isnull=False
                )
                | (
                    ~models.Q(status__in=ENDED)
                    & models.Q(completed_at__isnull=True, completed_by__isnull=True)
                ),
                name="task_ended_with_time_and_person",
            ),
            models.CheckConstraint(
                condition=models.Q(status="skipped", skip_reason__isnull=False)
                | (~models.Q(status="skipped") & models.Q(skip_reason__isnull=True)),
                name="task_skipped_has_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"], condition=models.Q(is_deleted=False), name="task_newest"
            ),
            models.Index(
                fields=["tenant", "investigation", "position", "id"], name="tasks_of_investigation"
            ),
            models.Index(fields=["tenant", "assignee", "status", "-id"], name="task_by_assignee"),
            models.Index(fields=["tenant", "status", "-id"], name="task_by_status"),
            models.Index(fields=["tenant", "due_at"], name="task_by_due_time"),
        )

    def __str__(self) -> str:
        return self.title
