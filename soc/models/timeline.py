"""The timeline of an investigation: what happened, as people wrote it down."""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules
from soc.models.alert import Alert
from soc.models.investigation import Investigation


class TimelineEntry(Record):
    """`occurred_at` is when it happened, `created_at` when it was written down."""

    ID_PREFIX: ClassVar[str] = "tle"
    PART: ClassVar[bool] = True

    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        related_name="timeline_entries",
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
    occurred_at = models.DateTimeField()
    kind = models.TextField(default="event")
    text = models.TextField()

    history = FieldHistory()

    class Meta:
        verbose_name_plural = "timeline entries"
        constraints = tuple(record_rules("investigation", "alert"))
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="timelineentry_newest",
            ),
            models.Index(
                fields=["tenant", "investigation", "occurred_at"], name="timeline_of_investigation"
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]
