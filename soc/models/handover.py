"""The handover of a shift: what the leaving people tell those who come."""

from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models.rows import Record, record_rules


class ShiftHandover(Record):
    """What happened from `begins_at` to `ends_at`. While it is a draft its `contents` are generated
    anew on each look; signing out freezes them. Another person signs in.
    """

    ID_PREFIX: ClassVar[str] = "hnd"
    SHARED: ClassVar[bool] = True

    status = models.TextField(default="draft", editable=False)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, editable=False)
    remarks = models.TextField(default="", blank=True)
    contents = models.JSONField(null=True, editable=False)
    signed_out_at = models.DateTimeField(null=True, editable=False)
    signed_out_by = models.UUIDField(null=True, editable=False)
    signed_in_at = models.DateTimeField(null=True, editable=False)
    signed_in_by = models.UUIDField(null=True, editable=False)

    history = FieldHistory(without=["contents"])

    class Meta:
        verbose_name = "shift handover"
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=models.Q(status="draft", is_deleted=False),
                name="one_draft_of_a_handover",
            ),
            *[
                models.CheckConstraint(
                    condition=models.Q(**{f"{done}_at__isnull": True, f"{done}_by__isnull": True})
                    | models.Q(**{f"{done}_at__isnull": False, f"{done}_by__isnull": False}),
                    name=f"handover_{done}_with_time_and_person",
                )
                for done in ("signed_out", "signed_in")
            ],
            models.CheckConstraint(
                condition=models.Q(status="draft")
                | models.Q(
                    signed_out_at__isnull=False,
                    ends_at__isnull=False,
                    contents__isnull=False,
                ),
                name="handover_signed_out_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_in_by__isnull=True)
                | ~models.Q(signed_in_by=models.F("signed_out_by")),
                name="handover_signed_in_by_another",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="handover_newest",
            ),
            models.Index(fields=["tenant", "updated_at"], name="handover_by_update"),
        )

    def __str__(self) -> str:
        return f"Handover of {self.begins_at:%d %b %H:%M}"
