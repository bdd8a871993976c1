"""Shape of the context document, and of its versions."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core.shapes import BASE_FIELDS, AnyJSON, RecordSerializer, ShownId
from soc.api import examples
from soc.models import ContextDocument
from soc.vocabulary import DOCUMENT_TYPES


@extend_schema_serializer(
    examples=examples.request(examples.DOCUMENT, "What to know about a scanner")
)
class ContextDocumentSerializer(RecordSerializer):
    """What the team knows that a detection does not say."""

    title = serializers.CharField(required=False, max_length=2000)
    document_type = serializers.ChoiceField(choices=DOCUMENT_TYPES, required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    content = serializers.CharField(
        required=False, allow_blank=True, max_length=200_000, trim_whitespace=False
    )
    is_global = serializers.BooleanField(required=False)
    targeting_rules = AnyJSON(
        required=False,
        help_text='`{"match": "all", "conditions": [{"field", "op", "value"}]}`; `{}` for none.',
    )
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = ContextDocument
        fields = (
            *BASE_FIELDS,
            "title",
            "document_type",
            "description",
            "content",
            "is_global",
            "targeting_rules",
            "note",
        )


class DocumentVersion(serializers.Serializer[Any]):
    """A document as it was."""

    version = serializers.IntegerField()
    at = serializers.DateTimeField(source="history_date")
    by = ShownId("per", source="history_user_id")
    title = serializers.CharField()
    document_type = serializers.CharField()
    description = serializers.CharField()
    content = serializers.CharField()
    is_global = serializers.BooleanField()
    targeting_rules = AnyJSON()


class DocumentVersions(serializers.Serializer[Any]):
    results = DocumentVersion(many=True)


class ContextDocuments(serializers.Serializer[Any]):
    results = ContextDocumentSerializer(many=True)
