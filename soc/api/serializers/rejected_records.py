"""Shapes of the records that could not become alerts."""

from rest_framework import serializers

from core.shapes import NoteSerializer, ShownId
from soc.models import RejectedRecord


class RejectedRecordRow(serializers.ModelSerializer[RejectedRecord]):
    """A record that could not become an alert, without its bytes."""

    id = ShownId("rej")
    tenant_id = ShownId("ten")
    replayed_by = ShownId("per")

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
            "replayed_at",
            "replayed_by",
        )


class RejectedRecordSerializer(RejectedRecordRow):
    """The same with its bytes as text: broken ones replaced, long ones cut with a mark."""

    raw = serializers.CharField(source="text", read_only=True)

    class Meta(RejectedRecordRow.Meta):
        fields = (*RejectedRecordRow.Meta.fields, "raw")


class ReplayBody(NoteSerializer):
    """How a record is sent through intake again: as it came, unless told otherwise."""

    record = serializers.CharField(
        required=False,
        trim_whitespace=False,
        max_length=10 * 1024 * 1024,
        help_text="The mended record as text; without it, the bytes as they came.",
    )
    format = serializers.CharField(
        required=False, max_length=50, help_text="Another format than that it came in."
    )
