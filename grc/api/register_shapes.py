"""Shapes of assets, accounts and risks."""

from typing import Any

from rest_framework import serializers

from core import ids
from core.models.rows import INDEXABLE
from core.shapes import (
    BASE_FIELDS,
    NoteSerializer,
    PersonReference,
    RecordSerializer,
    Reference,
    StrictSerializer,
)
from grc.models import Account, Asset, Risk


def _text(longest: int = 20_000) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=longest)


def _step() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10)


class _Register(RecordSerializer):
    """What the registers have in common."""

    name = serializers.CharField(required=False, max_length=INDEXABLE)
    description = _text(100_000)
    owner_id = PersonReference(required=False, allow_null=True)
    incident_ids = serializers.SerializerMethodField()
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    def get_incident_ids(self, row: Any) -> list[str]:
        """The incidents that touched it, or realised it."""
        return [ids.show("inc", pk) or "" for pk in getattr(row, "shown_incidents", [])]


class AssetSerializer(_Register):
    """Something worth protecting."""

    kind = _text(200)
    criticality = serializers.CharField(required=False)
    classification = _text(200)
    service = _text(500)
    identifiers = serializers.ListField(
        child=serializers.CharField(max_length=500),
        required=False,
        help_text="Names and addresses by which tools know it.",
    )
    parent_id = Reference(Asset, required=False, allow_null=True)

    class Meta:
        model = Asset
        fields = (
            *BASE_FIELDS,
            "name",
            "description",
            "kind",
            "criticality",
            "classification",
            "service",
            "identifiers",
            "owner_id",
            "parent_id",
            "incident_ids",
            "note",
        )


class AccountSerializer(_Register):
    """An account of a person, a service or a customer."""

    kind = _text(200)
    criticality = serializers.CharField(required=False)
    identifiers = serializers.ListField(child=serializers.CharField(max_length=500), required=False)

    class Meta:
        model = Account
        fields = (
            *BASE_FIELDS,
            "name",
            "description",
            "kind",
            "criticality",
            "identifiers",
            "owner_id",
            "incident_ids",
            "note",
        )


class RiskSerializer(_Register):
    """What may happen, before and after its treatment, on the tenant's scale."""

    category = _text(200)
    inherent_likelihood = _step()
    inherent_impact = _step()
    residual_likelihood = _step()
    residual_impact = _step()
    inherent_score = serializers.IntegerField(read_only=True, allow_null=True)
    residual_score = serializers.IntegerField(read_only=True, allow_null=True)
    treatment = serializers.CharField(required=False, allow_null=True)
    treatment_plan = _text()
    corrective_action_ids = serializers.SerializerMethodField()

    class Meta:
        model = Risk
        fields = (
            *BASE_FIELDS,
            "name",
            "description",
            "category",
            "inherent_likelihood",
            "inherent_impact",
            "inherent_score",
            "residual_likelihood",
            "residual_impact",
            "residual_score",
            "treatment",
            "treatment_plan",
            "review_at",
            "owner_id",
            "incident_ids",
            "corrective_action_ids",
            "note",
        )

    def get_corrective_action_ids(self, row: Any) -> list[str]:
        """The corrective actions that lower it."""
        return [ids.show("cor", pk) or "" for pk in getattr(row, "shown_actions", [])]


class CsvBody(StrictSerializer):
    """A file to read in; without `commit` it is only looked at."""

    csv = serializers.CharField(max_length=5_000_000)
    commit = serializers.BooleanField(required=False, default=False)


class CsvLine(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="The line of the file; the head is 1.")
    values = serializers.JSONField(help_text="Its cells by column.")
    action = serializers.CharField(
        help_text="create, change or keep; empty where there is a problem."
    )
    changed = serializers.ListField(
        child=serializers.CharField(), help_text="The columns that differ."
    )
    id = serializers.CharField(
        source="shown_id", allow_null=True, help_text="The row that it names or has made."
    )
    problem = serializers.CharField()
    field = serializers.CharField()


class CsvAnswer(serializers.Serializer[Any]):
    """What became of the lines; `committed` is false where one of them has a problem."""

    committed = serializers.BooleanField()
    problems = serializers.IntegerField()
    results = CsvLine(many=True)


class ScaleBody(NoteSerializer):
    likelihood_steps = serializers.IntegerField()
    impact_steps = serializers.IntegerField()
