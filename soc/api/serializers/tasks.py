"""Shapes of the task."""

from rest_framework import serializers

from core.shapes import (
    BASE_FIELDS,
    PersonReference,
    RecordSerializer,
    Reference,
    ShownId,
    StrictSerializer,
)
from soc.models import Investigation, Task


class TaskSerializer(RecordSerializer):
    """What is to be done in an investigation."""

    investigation_id = Reference(Investigation, required=False)
    title = serializers.CharField(required=False, max_length=2000)
    description = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    mandatory = serializers.BooleanField(required=False)
    status = serializers.CharField(required=False)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    assignee_id = PersonReference(required=False, allow_null=True)
    completed_by = ShownId("per")
    skip_reason = serializers.CharField(required=False, allow_null=True, max_length=20_000)
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Task
        fields = (
            *BASE_FIELDS,
            "investigation_id",
            "title",
            "description",
            "mandatory",
            "position",
            "status",
            "due_at",
            "assignee_id",
            "started_at",
            "completed_at",
            "completed_by",
            "skip_reason",
            "note",
        )
        read_only_fields = ("position", "started_at", "completed_at")


class ReorderBody(StrictSerializer):
    position = serializers.IntegerField(min_value=1, max_value=100_000)
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
