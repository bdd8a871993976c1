"""The context document: what the team knows that a detection does not say."""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules


class ContextDocument(Record):
    """Shown beside the alerts that its targeting rules name, or beside all when it is global. Each
    change is a version, and its history keeps the text of each.

    `targeting_rules` is `{"match": "all" or "any", "conditions": [{"field", "op", "value"}]}`;
    empty, it names none.
    """

    ID_PREFIX: ClassVar[str] = "doc"
    SHARED: ClassVar[bool] = True

    title = models.TextField(default="Untitled document")
    document_type = models.TextField(default="note")
    description = models.TextField(default="", blank=True)
    content = models.TextField(default="", blank=True)
    is_global = models.BooleanField(default=False)
    targeting_rules = models.JSONField(default=dict, blank=True)

    history = FieldHistory()

    class Meta:
        verbose_name = "context document"
        constraints = tuple(record_rules())
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="context_document_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="context_document_by_update"),
        )

    def __str__(self) -> str:
        return self.title
