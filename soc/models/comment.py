"""Comments on alerts and investigations, and whom they mention."""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models import Person
from core.models.rows import Record, TenantRow, record_rules
from soc.models.alert import Alert
from soc.models.investigation import Investigation


class Comment(Record):
    """What a person wrote on an alert or an investigation."""

    ID_PREFIX: ClassVar[str] = "cmt"
    PART: ClassVar[bool] = True

    alert = models.ForeignKey(
        Alert,
        on_delete=models.PROTECT,
        null=True,
        related_name="comments",
        db_constraint=False,
        db_index=False,
    )
    investigation = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        null=True,
        related_name="comments",
        db_constraint=False,
        db_index=False,
    )
    text = models.TextField()

    history = FieldHistory()

    class Meta:
        constraints = (
            *record_rules("alert", "investigation"),
            models.CheckConstraint(
                condition=models.Q(alert__isnull=False, investigation__isnull=True)
                | models.Q(alert__isnull=True, investigation__isnull=False),
                name="comment_on_one_object",
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "alert", "id"], name="comments_of_alert"),
            models.Index(
                fields=["tenant", "investigation", "id"], name="comments_of_investigation"
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]


class Mention(TenantRow):
    """That a comment names a person of the tenant."""

    comment = models.ForeignKey(
        Comment,
        on_delete=models.CASCADE,
        related_name="mentions",
        db_constraint=False,
        db_index=False,
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (
            *tenant_rules("comment"),
            models.UniqueConstraint(
                fields=["tenant", "comment", "person"], name="mention_once_per_comment"
            ),
        )
        indexes = (models.Index(fields=["tenant", "person", "comment"], name="mentions_of_person"),)
