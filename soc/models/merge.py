"""Merges: that investigations became part of another one, row by row, so that it can be undone."""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.models.rows import TenantRow
from soc.models.investigation import Investigation


class InvestigationMerge(TenantRow):
    """Who merged investigations into which one, when and why, and whether it was undone."""

    SHARED: ClassVar[bool] = True

    target = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        related_name="merges",
        db_constraint=False,
        db_index=False,
    )
    created_by = models.UUIDField()
    note = models.TextField(default="")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        constraints = (
            *tenant_rules("target"),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="investigation_merge_undone_with_person",
            ),
        )
        indexes = (models.Index(fields=["tenant", "target", "id"], name="merges_of_target"),)


class InvestigationMergeItem(TenantRow):
    """One row that a merge changed: `before` holds the columns as they were, `after` is the digest
    of the whole row as the merge left it. `made_id` is the row that took its place (links).
    """

    merge = models.ForeignKey(
        InvestigationMerge,
        on_delete=models.CASCADE,
        related_name="items",
        db_constraint=False,
        db_index=False,
    )
    source = models.ForeignKey(
        Investigation,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    kind = models.TextField()
    row_id = models.UUIDField()
    made_id = models.UUIDField(null=True)
    before = models.JSONField()
    after = models.BinaryField(max_length=32)

    class Meta:
        constraints = (
            *tenant_rules("merge", "source"),
            models.UniqueConstraint(
                fields=["tenant", "merge", "kind", "row_id"], name="merge_item_once_per_row"
            ),
        )
