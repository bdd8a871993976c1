"""The submission: what is sent to meet a duty, written, approved and kept."""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules
from grc.models.obligation import Obligation


class Submission(Record):
    """`number` counts the versions of one duty; from the second on `changes_note` says what
    changed. `sections` is `{name: text}`, `author_ids` are all who wrote in it.
    """

    ID_PREFIX: ClassVar[str] = "sbm"
    SHARED: ClassVar[bool] = True
    PART: ClassVar[bool] = True

    obligation = models.ForeignKey(
        Obligation,
        on_delete=models.PROTECT,
        related_name="submissions",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField(default=1, editable=False)
    status = models.TextField(default="draft", editable=False)
    sections = models.JSONField(default=dict, blank=True)
    changes_note = models.TextField(default="", blank=True)
    author_ids = models.JSONField(default=list, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.UUIDField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    channel = models.TextField(null=True, editable=False)
    receipt = models.TextField(null=True, editable=False)

    history = FieldHistory()

    class Meta:
        constraints = (
            *record_rules("obligation"),
            models.UniqueConstraint(
                fields=["tenant", "obligation", "number"], name="submission_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True, approved_by__isnull=True)
                | models.Q(approved_at__isnull=False, approved_by__isnull=False),
                name="submission_approved_with_time_and_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="sent")
                | models.Q(sent_at__isnull=False, channel__isnull=False, approved_at__isnull=False),
                name="submission_sent_was_approved",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="submission_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="submission_by_update"),
            models.Index(fields=["tenant", "obligation"], name="submission_of_obligation"),
        )

    def __str__(self) -> str:
        return f"{self.obligation} {self.number}"
