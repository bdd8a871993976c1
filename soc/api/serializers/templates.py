"""Shapes of the template."""

from rest_framework import serializers

from core.shapes import BASE_FIELDS, AnyJSON, RecordSerializer
from soc.models import Template


class TemplateSerializer(RecordSerializer):
    """The tasks with which investigations of a kind begin."""

    name = serializers.CharField(required=False, max_length=200)
    category = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=200
    )
    priority = serializers.CharField(required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    tasks = AnyJSON(
        required=False,
        help_text="In their order: title, description, mandatory, due_after_hours.",
    )
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Template
        fields = (*BASE_FIELDS, "name", "category", "priority", "description", "tasks", "note")
