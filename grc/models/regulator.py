"""The regulator: an authority to which one of our entities reports, and by which rules."""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules


class Regulator(Record):
    """`regimes` are the rule sets that are switched on for it; `entity_name`, `entity_kinds`,
    `time_zone` and `holidays` say who reports there, in which calendar.
    """

    ID_PREFIX: ClassVar[str] = "reg"
    SHARED: ClassVar[bool] = True

    name = models.TextField(default="Untitled regulator")
    description = models.TextField(default="", blank=True)
    jurisdiction = models.TextField(default="", blank=True)
    contact = models.TextField(default="", blank=True)
    regimes = models.JSONField(default=list, blank=True)
    entity_name = models.TextField(default="", blank=True)
    entity_kinds = models.JSONField(default=list, blank=True)
    time_zone = models.TextField(default="UTC")
    holidays = models.JSONField(default=list, blank=True)

    history = FieldHistory()

    class Meta:
        constraints = (*record_rules(),)
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="regulator_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="regulator_by_update"),
        )

    def __str__(self) -> str:
        return f"{self.name} for {self.entity_name}" if self.entity_name else self.name
