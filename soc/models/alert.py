"""The alert: a detection from a security tool, with every field of the seed pages."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Length

from core.constraints import link_rules
from core.history import FieldHistory
from core.models import Person
from core.models.rows import INDEXABLE, LinkRow, Record, record_rules
from soc.models.rule import DetectionRule
from soc.querysets import OPEN_ALERTS, AlertManager, AllAlertsManager
from soc.vocabulary import CATEGORIES

# Columns that lists are filtered by and that most alerts leave empty when they arrive: an index of
# those that have one costs the others nothing.
RARE = (
    "rule_key",
    "source_id",
    "close_classification",
    "verdict",
    "resolution",
    "kill_chain_phase",
    "duplicate_of",
    "deleted_by",
)
# `title__length`, for the condition of an index: titles that a person wrote may be longer.
models.TextField.register_lookup(Length)
# What soc.querysets.OPEN_ALERTS says in columns, so that an index may hold those alerts only: it
# must be literal in a statement, and the words of a status are given to it as values.
WAITS = models.Q(
    is_deleted=False, resolved_at__isnull=True, closed_at__isnull=True, suppressed_at__isnull=True
)


class Alert(Record):
    """`source_name` is the tool; `occurred_at` when it happened; `raw_data` the first record, never
    changed.

    `host` and `user` keep all that is known; `host_name` and `user_name` beside them serve filters
    and correlation. `due_at` is when the first of its going clocks is due, for the order of the
    queue: soc.services.clocks writes it along with the clocks, and it is in no answer and no
    history.
    """

    ID_PREFIX: ClassVar[str] = "alr"
    LARGE: ClassVar[tuple[str, ...]] = ("raw_data", "last_raw_data")
    FOLLOWING: ClassVar[dict[str, str]] = {
        "malice": "malice_override",
        "enrichment_status": "",
        "enriched_at": "",
    }

    title = models.TextField(default="Untitled alert")
    description = models.TextField(default="", blank=True)
    severity = models.TextField(default="pending")
    source_severity = models.TextField(default="", editable=False)
    status = models.TextField(default="open", editable=False)
    category = models.TextField(
        null=True, blank=True, help_text=f"Usually one of: {', '.join(CATEGORIES)}."
    )

    source_name = models.TextField(default="manual")
    source_id = models.TextField(null=True, blank=True)
    rule_key = models.TextField(null=True, blank=True)
    rule_name = models.TextField(null=True, blank=True)
    rule = models.ForeignKey(
        DetectionRule,
        on_delete=models.PROTECT,
        null=True,
        related_name="alerts",
        db_constraint=False,
        db_index=False,
        editable=False,
    )
    occurred_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    duplicate_count = models.PositiveIntegerField(default=0)
    fingerprint = models.TextField(default="")
    metadata = models.JSONField(default=dict)

    host = models.JSONField(null=True)
    user = models.JSONField(null=True)
    host_name = models.TextField(null=True, blank=True)
    user_name = models.TextField(null=True, blank=True)
    affected_assets = models.JSONField(default=list)
    mitre_tactics = models.JSONField(default=list)
    mitre_techniques = models.JSONField(default=list)
    kill_chain_phase = models.TextField(null=True, blank=True)

    malice = models.TextField(default="pending")
    malice_override = models.TextField(null=True)
    malice_override_source = models.TextField(null=True)
    malice_override_at = models.DateTimeField(null=True)
    enrichment_status = models.TextField(default="pending")
    enriched_at = models.DateTimeField(null=True)

    assignee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ticket_ref = models.JSONField(null=True)
    duplicate_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    close_classification = models.TextField(null=True)
    verdict = models.TextField(null=True)
    cause = models.TextField(null=True)
    resolution = models.TextField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    triaged_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    suppressed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    raw_data = models.JSONField(null=True)
    last_raw_data = models.JSONField(null=True)

    history = FieldHistory(without=["raw_data", "last_raw_data", "due_at"])
    objects: ClassVar[Any] = AlertManager()
    with_deleted: ClassVar[Any] = AllAlertsManager()

    class Meta:
        constraints = (
            *record_rules("duplicate_of", "rule"),
            models.CheckConstraint(
                condition=~models.Q(status="closed")
                | models.Q(
                    close_classification__isnull=False,
                    closed_at__isnull=False,
                    verdict__isnull=False,
                ),
                name="alert_closed_has_classification",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="resolved")
                | models.Q(resolution__isnull=False, resolved_at__isnull=False),
                name="alert_resolved_has_resolution",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    malice_override__isnull=True,
                    malice_override_source__isnull=True,
                    malice_override_at__isnull=True,
                )
                | models.Q(
                    malice_override__isnull=False,
                    malice_override_source__isnull=False,
                    malice_override_at__isnull=False,
                ),
                name="alert_malice_override_has_source_and_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(duplicate_of=models.F("id")),
                name="alert_is_not_its_own_duplicate",
            ),
        )
        indexes = (
            models.Index(
                fields=["tenant", "-id"], condition=models.Q(is_deleted=False), name="alert_newest"
            ),
            models.Index(fields=["tenant", "status", "-id"], name="alert_by_status"),
            models.Index(fields=["tenant", "severity", "-id"], name="alert_by_severity"),
            models.Index(fields=["tenant", "category", "-id"], name="alert_by_category"),
            models.Index(fields=["tenant", "source_name", "-id"], name="alert_by_tool"),
            models.Index(fields=["tenant", "assignee", "-id"], name="alert_by_assignee"),
            models.Index(fields=["tenant", "updated_at"], name="alert_by_update"),
            models.Index(fields=["tenant", "created_at"], name="alert_by_creation"),
            models.Index(fields=["tenant", "occurred_at"], name="alert_by_occurrence"),
            models.Index(fields=["tenant", "host_name", "-id"], name="alert_by_host"),
            models.Index(fields=["tenant", "user_name", "-id"], name="alert_by_user"),
            models.Index(fields=["tenant", "app_id", "-id"], name="alert_by_application"),
            models.Index(fields=["tenant", "fingerprint", "id"], name="alert_by_fingerprint"),
            models.Index(
                fields=["tenant", "rule", "-id"],
                condition=models.Q(rule__isnull=False),
                name="alert_by_rule",
            ),
            models.Index(fields=["tenant", "malice", "-id"], name="alert_by_malice"),
            models.Index(fields=["tenant", "enrichment_status", "-id"], name="alert_by_enrichment"),
            models.Index(fields=["tenant", "created_by", "-id"], name="alert_by_creator"),
            models.Index(fields=["tenant", "updated_by", "-id"], name="alert_by_editor"),
            models.Index(fields=["tenant", "source_type", "-id"], name="alert_by_door"),
            models.Index(
                fields=["tenant", "title", "-id"],
                condition=models.Q(title__length__lte=INDEXABLE),
                name="alert_by_title",
            ),
            # Every alert of today has these values: only others are looked for.
            models.Index(
                fields=["tenant", "source", "-id"],
                condition=~models.Q(source="edm"),
                name="alert_by_source",
            ),
            models.Index(
                fields=["tenant", "schema_version", "-id"],
                condition=~models.Q(schema_version=1),
                name="alert_by_schema_version",
            ),
            models.Index(
                fields=["tenant", "-id"], condition=models.Q(is_deleted=True), name="alert_deleted"
            ),
            models.Index(
                fields=["tenant", "due_at", "-id"],
                condition=models.Q(due_at__isnull=False),
                name="alert_by_due",
            ),
            models.Index(
                fields=["tenant", "severity", "created_at"],
                include=["assignee"],
                condition=WAITS,
                name="alert_waiting",
            ),
            models.Index(
                fields=["tenant", "assignee"], condition=WAITS, name="alert_waiting_by_holder"
            ),
            models.Index(
                fields=["tenant", "severity", "status", "-id"],
                condition=models.Q(is_deleted=False, status__in=OPEN_ALERTS),
                name="alert_open_by_severity",
            ),
            *(
                models.Index(
                    fields=["tenant", name, "-id"],
                    condition=models.Q(**{f"{name}__isnull": False}),
                    name=f"alert_by_{name}",
                )
                for name in RARE
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_enriched(self) -> bool:
        return self.enrichment_status == "enriched"

    @property
    def mitre_tactic(self) -> str | None:
        return self.mitre_tactics[0] if self.mitre_tactics else None

    @property
    def mitre_technique(self) -> str | None:
        return self.mitre_techniques[0] if self.mitre_techniques else None


class AlertRelation(LinkRow):
    """Two alerts that belong together, and why: linked by a person (`manual`), a later repeat of
    one that was closed (`repeat`), or sharing what few others have (`correlated`, with its score).
    """

    alert = models.ForeignKey(
        Alert,
        on_delete=models.CASCADE,
        related_name="relations",
        db_constraint=False,
        db_index=False,
    )
    related = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.TextField(default="manual")
    reason = models.TextField(default="")
    score = models.PositiveSmallIntegerField(default=0)
    created_by = models.UUIDField()

    class Meta:
        constraints = (
            *link_rules("alert", "related"),
            models.UniqueConstraint(
                fields=["tenant", "alert", "related"], name="alert_relation_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(alert=models.F("related")), name="alert_relation_to_another"
            ),
        )
        indexes = (models.Index(fields=["tenant", "related"], name="alert_relation_reverse"),)


class AlertSearch(LinkRow):
    """The searchable words of an alert, filled by a job. Read only by the database function
    `soc_search`.
    """

    alert = models.OneToOneField(
        Alert, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    words = SearchVectorField()

    class Meta:
        constraints = tuple(link_rules("alert"))
        indexes = (GinIndex(fields=["words"], name="alert_search_words"),)
