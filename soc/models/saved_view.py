"""The saved view: a name for the filters of a list, one's own or shared with the tenant."""

from typing import Any, ClassVar

from django.db import models

from core.history import FieldHistory
from core.models import Person
from core.models.rows import Record, record_rules
from soc.querysets import AllSavedViewsManager, SavedViewManager


class SavedView(Record):
    """`query` holds the list's filters as its URL has them: `{"severity": "high,critical"}`."""

    ID_PREFIX: ClassVar[str] = "viw"

    name = models.TextField(default="Untitled view")
    resource = models.TextField(default="alerts")
    query = models.JSONField(default=dict)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_shared = models.BooleanField(default=False)

    history = FieldHistory()
    objects: ClassVar[Any] = SavedViewManager()
    with_deleted: ClassVar[Any] = AllSavedViewsManager()

    class Meta:
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "owner", "resource", "name"],
                condition=models.Q(is_deleted=False),
                name="saved_view_name_once_per_owner",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "resource", "-id"],
                condition=models.Q(is_deleted=False),
                name="saved_view_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="saved_view_by_update"),
        )

    def __str__(self) -> str:
        return self.name
