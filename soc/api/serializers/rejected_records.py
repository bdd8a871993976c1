"""Shapes of the records that could not become alerts."""

from rest_framework import serializers

from core.shapes import (
    ShownId,
)
from soc.models import RejectedRecord


class RejectedRecordRow(serializers.ModelSerializer[RejectedRecord]):
    """A record that could not become an alert, without its bytes."""

    id = ShownId("rej")
    tenant_id = ShownId("ten")

    class Meta:
        model = RejectedRecord
        fields: tuple[str, ...] = (
            "id",
            "tenant_id",
            "created_at",
            "format",
            "reason",
            "position",
            "origin",
            "seen_count",
        )


class RejectedRecordSerializer(RejectedRecordRow):
    """The same with its bytes as text: broken ones replaced, long ones cut with a mark."""

    raw = serializers.CharField(source="text", read_only=True)

    class Meta(RejectedRecordRow.Meta):
        fields = (*RejectedRecordRow.Meta.fields, "raw")
