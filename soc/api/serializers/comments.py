"""Shapes of the comment."""

from rest_framework import serializers

from core.shapes import (
    BASE_FIELDS,
    RecordSerializer,
    ShownId,
    StrictSerializer,
)
from soc.models import Comment


class CommentSerializer(RecordSerializer):
    """What a person wrote on an alert or an investigation."""

    alert_id = ShownId("alr")
    investigation_id = ShownId("inv")
    text = serializers.CharField(max_length=20_000)

    class Meta:
        model = Comment
        fields = (*BASE_FIELDS, "alert_id", "investigation_id", "text")


class CommentBody(StrictSerializer):
    text = serializers.CharField(max_length=20_000)
