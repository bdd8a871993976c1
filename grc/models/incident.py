"""The incident: a security or compliance incident, with every field of the seed page."""

from datetime import datetime
from itertools import pairwise
from typing import ClassVar

from django.db import models

from core.history import FieldHistory
from core.models import Person
from core.models.rows import Record, record_rules

FACTS = ("first_event_at", "detected_at", "contained_at", "eradicated_at", "recovered_at")


class Incident(Record):
    """All `*_at` are facts: when it happened, not when it was written down. Money is in USD.

    `commander_ids` are ids of people, `impact` is the assessment (`grc/services/impact.py`). What
    soc knows of an incident (its investigations and alerts) comes through `grc.links`, never
    through a key. `external_id` is the identity of an imported record, `partial_times` are its
    dates as exact as it had them.
    """

    ID_PREFIX: ClassVar[str] = "inc"

    incident_number = models.TextField(editable=False)
    title = models.TextField(default="Untitled incident")
    description = models.TextField(default="", blank=True)
    category = models.TextField(null=True, blank=True)
    severity = models.TextField(default="medium")
    status = models.TextField(default="detected", editable=False)
    notifiability = models.TextField(default="assessing")

    first_event_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    contained_at = models.DateTimeField(null=True)
    eradicated_at = models.DateTimeField(null=True)
    recovered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    commander_ids = models.JSONField(default=list)
    root_cause = models.TextField(default="", blank=True)
    lessons_learned = models.JSONField(null=True)
    financial_impact = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    impact = models.JSONField(default=dict, blank=True)

    external_id = models.TextField(null=True, editable=False)
    partial_times = models.JSONField(default=dict, editable=False)

    history = FieldHistory()

    class Meta:
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "incident_number"], name="incident_number_once_per_tenant"
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                condition=models.Q(external_id__isnull=False),
                name="incident_external_id_once_per_tenant",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="closed") | models.Q(closed_at__isnull=False),
                name="incident_closed_has_time",
            ),
            *[
                models.CheckConstraint(
                    condition=models.Q(**{f"{earlier}__isnull": True})
                    | models.Q(**{f"{later}__isnull": True})
                    | models.Q(**{f"{earlier}__lte": models.F(later)}),
                    name=f"incident_{earlier.removesuffix('_at')}_before_{later.removesuffix('_at')}",
                )
                for earlier, later in pairwise(FACTS)
            ],
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"],
                condition=models.Q(is_deleted=False),
                name="incident_newest",
            ),
            models.Index(fields=["tenant", "status", "-id"], name="incident_by_status"),
            models.Index(fields=["tenant", "severity", "-id"], name="incident_by_severity"),
            models.Index(fields=["tenant", "updated_at"], name="incident_by_update"),
        )

    def __str__(self) -> str:
        return f"{self.incident_number} {self.title}"

    @property
    def mttd_minutes(self) -> float | None:
        """Minutes from the first event to detection."""
        return _minutes(self.first_event_at, self.detected_at)

    @property
    def mttr_minutes(self) -> float | None:
        """Minutes from detection to recovery, or to closing where recovery was never recorded."""
        return _minutes(self.detected_at, self.recovered_at or self.closed_at)


def _minutes(start: datetime | None, end: datetime | None) -> float | None:
    return round((end - start).total_seconds() / 60, 2) if start and end else None
