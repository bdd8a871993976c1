"""Shapes of the shift handover."""

from rest_framework import serializers

from core.shapes import BASE_FIELDS, AnyJSON, RecordSerializer, ShownId
from soc.models import ShiftHandover


class HandoverSerializer(RecordSerializer):
    """What the leaving people tell those who come. `contents` is null while it is a draft."""

    begins_at = serializers.DateTimeField(required=False)
    remarks = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    contents = AnyJSON(read_only=True, allow_null=True)
    signed_out_by = ShownId("per")
    signed_in_by = ShownId("per")
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = ShiftHandover
        fields = (
            *BASE_FIELDS,
            "status",
            "begins_at",
            "ends_at",
            "remarks",
            "contents",
            "signed_out_at",
            "signed_out_by",
            "signed_in_at",
            "signed_in_by",
            "note",
        )
        read_only_fields = ("status", "ends_at", "signed_out_at", "signed_in_at")
