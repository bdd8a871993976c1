"""Shapes of the comment."""

from rest_framework import serializers

from core import ids
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
    mentioned_ids = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = (*BASE_FIELDS, "alert_id", "investigation_id", "text", "mentioned_ids")

    def get_mentioned_ids(self, row: Comment) -> list[str | None]:
        """The people whom the text names with @."""
        return [ids.show("per", pk) for pk in getattr(row, "shown_mentions", [])]


class CommentBody(StrictSerializer):
    text = serializers.CharField(max_length=20_000)
