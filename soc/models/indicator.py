"""Indicators: what an attacker leaves behind, once per tenant, type and normalised value."""

from typing import ClassVar

from django.db import models

from core.constraints import link_rules
from core.history import FieldHistory
from core.models.rows import LinkRow, Record, record_rules
from soc.models.alert import Alert


class Indicator(Record):
    ID_PREFIX: ClassVar[str] = "ind"
    SHARED: ClassVar[bool] = True
    FOLLOWING: ClassVar[dict[str, str]] = {
        "malice": "malice_overridden_at",
        "malice_source": "malice_overridden_at",
        "enrichment_results": "",
        "is_enriched": "",
        "first_seen": "",
        "last_seen": "",
    }

    type = models.TextField()
    value = models.TextField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    malice = models.TextField(default="pending")
    malice_source = models.TextField(null=True)
    malice_overridden_at = models.DateTimeField(null=True)
    is_enriched = models.BooleanField(default=False)
    enrichment_results = models.JSONField(default=dict)
    ignore_similarity = models.BooleanField(default=False)

    history = FieldHistory()

    class Meta:
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "type", "value"], name="indicator_once_per_type_and_value"
            ),
            models.CheckConstraint(
                condition=models.Q(malice_overridden_at__isnull=True)
                | (models.Q(malice_source__isnull=False) & ~models.Q(malice="pending")),
                name="indicator_verdict_has_source",
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "value"], name="indicator_by_value"),
            models.Index(fields=["tenant", "malice", "-id"], name="indicator_by_malice"),
        )

    def __str__(self) -> str:
        return self.value


class AlertIndicator(LinkRow):
    """An indicator as one alert saw it: its role there."""

    alert = models.ForeignKey(
        Alert,
        on_delete=models.CASCADE,
        related_name="indicator_links",
        db_constraint=False,
        db_index=False,
    )
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.CASCADE,
        related_name="alert_links",
        db_constraint=False,
        db_index=False,
    )
    role = models.TextField()

    class Meta:
        constraints = (
            *link_rules("alert", "indicator"),
            models.UniqueConstraint(
                fields=["tenant", "alert", "indicator"], name="alert_indicator_once"
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "indicator", "-alert"], name="alerts_of_indicator"),
        )
