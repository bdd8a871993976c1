"""Shapes of playbooks and their versions."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core import ids
from core.shapes import (
    BASE_FIELDS,
    AnyJSON,
    PersonReference,
    RecordSerializer,
    Reference,
    References,
    ShownId,
    StrictSerializer,
)
from soc.api import examples
from soc.models import Alert, Connector, Investigation, Playbook, PlaybookVersion


def _words(told: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, help_text=told
    )


class ConnectorIds(References):
    """Ids of connectors, kept as texts."""

    def to_representation(self, data: Any) -> list[str | None]:
        return [ids.show(Connector.ID_PREFIX, UUID(str(item))) for item in data]


@extend_schema_serializer(examples=examples.request(examples.PLAYBOOK, "Phishing mail"))
class PlaybookSerializer(RecordSerializer):
    """A reusable response runbook."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    category = serializers.CharField(required=False, allow_null=True, max_length=40)
    trigger_conditions = AnyJSON(
        required=False, help_text='`[{"field", "op", "value"}]`: all must hold; empty never fires.'
    )
    trigger_on = _words("created, status_changed, escalated.")
    auto_execute = serializers.BooleanField(required=False)
    mitre_tactics = _words("ATT&CK ids.")
    mitre_techniques = _words("ATT&CK ids.")
    steps = AnyJSON(
        required=False,
        help_text='`[{"key", "kind", "name", "with", "on_success", "on_failure"}]`, in order.',
    )
    required_connector_ids = ConnectorIds(Connector, required=False)
    owner_id = PersonReference(required=False, allow_null=True)
    enabled = serializers.BooleanField(required=False)
    last_run_at = serializers.DateTimeField(
        source="shown_last_run_at", read_only=True, allow_null=True, default=None
    )
    last_run_id = serializers.SerializerMethodField()
    run_stats = serializers.SerializerMethodField()
    faults = AnyJSON(read_only=True)
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Playbook
        fields = (
            *BASE_FIELDS,
            "name",
            "description",
            "category",
            "trigger_conditions",
            "trigger_on",
            "auto_execute",
            "mitre_tactics",
            "mitre_techniques",
            "steps",
            "required_connector_ids",
            "owner_id",
            "enabled",
            "last_run_at",
            "last_run_id",
            "run_stats",
            "number",
            "faults",
            "note",
        )
        read_only_fields = ("number",)

    def get_last_run_id(self, row: Playbook) -> str | None:
        return ids.show("run", getattr(row, "shown_last_run_id", None))

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_run_stats(self, row: Playbook) -> dict[str, Any]:
        """How many runs came to what, without dry runs."""
        return dict(getattr(row, "shown_stats", {}))


class PlaybookVersionSerializer(serializers.ModelSerializer[PlaybookVersion]):
    """What a playbook was."""

    steps = AnyJSON()
    trigger_conditions = AnyJSON()
    trigger_on = AnyJSON()
    created_by = ShownId("per")

    class Meta:
        model = PlaybookVersion
        fields = (
            "number",
            "name",
            "steps",
            "trigger_conditions",
            "trigger_on",
            "created_at",
            "created_by",
        )


class Versions(serializers.Serializer[Any]):
    results = PlaybookVersionSerializer(many=True)


class RunBody(StrictSerializer):
    """What a run is about, and what it is given."""

    alert_id = Reference(Alert, required=False, allow_null=True)
    investigation_id = Reference(Investigation, required=False, allow_null=True)
    inputs = serializers.DictField(required=False)
    dry_run = serializers.BooleanField(
        required=False, help_text="Nobody is called and nothing changed; `stubs` are the answers."
    )
    stubs = serializers.DictField(required=False, help_text="Answers of steps, by their keys.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class TriggerTestBody(StrictSerializer):
    """What is to be judged: one alert, or those of the last days."""

    trigger_conditions = AnyJSON(required=False, help_text="Those of the playbook if left out.")
    alert_id = Reference(Alert, required=False, allow_null=True)
    days = serializers.IntegerField(required=False, min_value=1, max_value=366)


class ImportBody(StrictSerializer):
    cacao = serializers.DictField(help_text="A CACAO 2.0 file.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class ValidateBody(StrictSerializer):
    steps = AnyJSON(required=False, help_text="Those of the playbook if left out.")


class Validity(serializers.Serializer[Any]):
    """Whether steps could be saved as they are."""

    valid = serializers.BooleanField()
    fault = serializers.CharField(allow_null=True, help_text="The step and the field at fault.")
