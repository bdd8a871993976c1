"""Shapes of findings, their files and their custody."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core import ids
from core.shapes import (
    BASE_FIELDS,
    RecordSerializer,
    Reference,
    References,
    ShownId,
    StrictSerializer,
)
from soc.api import examples
from soc.models import Alert, CustodyEntry, Finding, Investigation
from soc.vocabulary import CUSTODY_ACTIONS, FINDING_KINDS


@extend_schema_serializer(
    examples=examples.request(examples.FINDING, "What an automated analyst found")
)
class FindingSerializer(RecordSerializer):
    """A forensic artefact, or what an automated analyst found."""

    kind = serializers.ChoiceField(choices=FINDING_KINDS, required=False)
    title = serializers.CharField(required=False, max_length=2000)
    description = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    alert_ids = References(Alert, required=False)
    investigation_id = Reference(
        Investigation, source="investigation", required=False, allow_null=True
    )
    collected_at = serializers.DateTimeField(required=False, allow_null=True)
    has_file = serializers.BooleanField(read_only=True)
    agent_name = serializers.CharField(required=False, allow_null=True, max_length=200)
    confidence = serializers.FloatField(
        required=False, allow_null=True, min_value=0, max_value=1, help_text="From 0 to 1."
    )
    recommended_action = serializers.CharField(required=False, allow_null=True, max_length=20_000)
    details = serializers.DictField(required=False)
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Finding
        fields = (
            *BASE_FIELDS,
            "kind",
            "title",
            "description",
            "alert_ids",
            "investigation_id",
            "collected_at",
            "has_file",
            "file_name",
            "size_bytes",
            "sha256",
            "stored_at",
            "agent_name",
            "confidence",
            "recommended_action",
            "details",
            "note",
        )
        read_only_fields = ("file_name", "size_bytes", "sha256", "stored_at")

    def to_representation(self, instance: Finding) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["alert_ids"] = [
            ids.show("alr", pk) for pk in getattr(instance, "shown_alert_ids", [])
        ]
        shown["investigation_id"] = ids.show("inv", instance.investigation_id)
        return shown


class FileBody(StrictSerializer):
    """A file of an artefact, as multipart/form-data."""

    file = serializers.FileField(allow_empty_file=True)
    sha256 = serializers.CharField(
        required=False, allow_blank=True, max_length=64, help_text="As you measured it."
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class CustodyBody(StrictSerializer):
    """What a person did with an artefact outside the platform."""

    action = serializers.ChoiceField(choices=CUSTODY_ACTIONS)
    note = serializers.CharField(max_length=20_000)


class CustodyLine(serializers.ModelSerializer[CustodyEntry]):
    """One line of a chain of custody."""

    at = serializers.DateTimeField(source="created_at", read_only=True)
    person_id = ShownId("per")

    class Meta:
        model = CustodyEntry
        fields = ("at", "action", "person_id", "sha256", "note")


class CustodyAnswer(serializers.Serializer[Any]):
    results = CustodyLine(many=True)


class VerifyAnswer(serializers.Serializer[Any]):
    holds = serializers.BooleanField(help_text="Whether the file still has its SHA-256.")
    sha256 = serializers.CharField()
