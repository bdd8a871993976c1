"""Shapes of regulators, duties, submissions and corrective actions."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from core import ids
from core.shapes import (
    BASE_FIELDS,
    AnyJSON,
    NoteSerializer,
    PersonReference,
    RecordSerializer,
    Reference,
    References,
    ShownId,
    StrictSerializer,
)
from grc.models import CorrectiveAction, Incident, Obligation, Regulator, Risk, Submission
from grc.obligations.rules import library
from grc.services import submissions


def _text(longest: int = 20_000) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=longest)


def _words(told: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, help_text=told
    )


def _note() -> serializers.CharField:
    return serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )


class RegulatorSerializer(RecordSerializer):
    """An authority to which one of our entities reports, and by which rules."""

    name = serializers.CharField(required=False, max_length=500)
    description = _text()
    jurisdiction = _text(200)
    contact = _text(2000)
    regimes = _words("Rule sets that are switched on: NIS2, DORA, GDPR, SEC, HIPAA, CRA.")
    entity_name = _text(500)
    entity_kinds = _words("Kinds of regulated entity, like credit_institution.")
    time_zone = serializers.CharField(required=False, max_length=100)
    holidays = _words("Dates.")
    note = _note()

    class Meta:
        model = Regulator
        fields = (
            *BASE_FIELDS,
            "name",
            "description",
            "jurisdiction",
            "contact",
            "regimes",
            "entity_name",
            "entity_kinds",
            "time_zone",
            "holidays",
            "note",
        )


class ObligationSerializer(RecordSerializer):
    """A duty to report one incident to one regulator. Times are computed, never given."""

    incident_id = Reference(Incident, read_only=True)
    regulator_id = Reference(Regulator, read_only=True)
    owner_id = PersonReference(required=False, allow_null=True)
    delay_reason = _text()
    state = serializers.SerializerMethodField()
    anchor_label = serializers.SerializerMethodField()
    note = _note()

    class Meta:
        model = Obligation
        fields = (
            *BASE_FIELDS,
            "incident_id",
            "regulator_id",
            "rule_key",
            "rule_version",
            "regime",
            "stage",
            "article",
            "rule_source",
            "audience",
            "limit_words",
            "applies",
            "because",
            "anchor",
            "anchor_label",
            "anchor_at",
            "limit_at",
            "due_at",
            "waiting_for",
            "is_prompt",
            "state",
            "sent_at",
            "is_late",
            "delay_reason",
            "owner_id",
            "note",
        )
        read_only_fields = tuple(
            name for name in fields if name not in ("tags", "delay_reason", "owner_id", "note")
        )

    def get_state(self, row: Obligation) -> str:
        """not_applicable, open, due, running, at_risk, overdue or sent."""
        return row.state(timezone.now())

    def get_anchor_label(self, row: Obligation) -> str:
        return library().label(row.anchor) if row.anchor else ""


class SubmissionSerializer(RecordSerializer):
    """What is sent to meet a duty."""

    obligation_id = Reference(Obligation, required=False)
    status = serializers.CharField(required=False)
    sections = AnyJSON(required=False, help_text="Texts by the names of the sections.")
    changes_note = _text()
    author_ids = serializers.SerializerMethodField()
    approved_by = ShownId("per")
    missing = serializers.SerializerMethodField()
    note = _note()

    class Meta:
        model = Submission
        fields = (
            *BASE_FIELDS,
            "obligation_id",
            "number",
            "status",
            "sections",
            "missing",
            "changes_note",
            "author_ids",
            "approved_at",
            "approved_by",
            "sent_at",
            "channel",
            "receipt",
            "note",
        )
        read_only_fields = ("number", "approved_at", "sent_at", "channel", "receipt")

    def get_author_ids(self, row: Submission) -> list[str]:
        return [ids.show("per", ids.read("per", text)) or "" for text in row.author_ids]

    def get_missing(self, row: Submission) -> list[str]:
        """The sections that are empty."""
        return submissions.missing(row)


class CorrectiveActionSerializer(RecordSerializer):
    """What an incident has taught to do."""

    incident_id = Reference(Incident, required=False, allow_null=True)
    title = serializers.CharField(required=False, max_length=2000)
    description = _text(100_000)
    status = serializers.CharField(required=False)
    owner_id = PersonReference(required=False, allow_null=True)
    evidence = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=20_000
    )
    risk_ids = References(Risk, required=False, help_text="The risks that it lowers.")
    completed_by = ShownId("per")
    verified_by = ShownId("per")
    note = _note()

    class Meta:
        model = CorrectiveAction
        fields = (
            *BASE_FIELDS,
            "incident_id",
            "title",
            "description",
            "status",
            "owner_id",
            "due_at",
            "evidence",
            "risk_ids",
            "completed_at",
            "completed_by",
            "verified_at",
            "verified_by",
            "note",
        )
        read_only_fields = ("completed_at", "verified_at")


class ObligationAnswerBody(StrictSerializer):
    """An answer of the questionnaire, for all regulators or for one."""

    question = serializers.CharField(max_length=200)
    answer = serializers.CharField(max_length=20)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    regulator_id = Reference(Regulator, required=False, allow_null=True)


class AssessBody(NoteSerializer):
    answers = ObligationAnswerBody(many=True)


class FactBody(NoteSerializer):
    fact = serializers.CharField(max_length=200)
    at = serializers.DateTimeField(required=False, allow_null=True)


class AnswerShape(serializers.Serializer[Any]):
    """The newest answer, or nulls."""

    answer = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    answered_by = ShownId("per", allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class ApartShape(AnswerShape):
    """The answer for one regulator; without one, the answer for all of them counts."""

    regulator_id = ShownId(Regulator.ID_PREFIX)


class QuestionShape(AnswerShape):
    """A question with the answer for all regulators. `apart` names those that may have their own,
    where several have switched the regime on.
    """

    question = serializers.CharField()
    regime = serializers.CharField()
    text = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    optional = serializers.BooleanField()
    apart = ApartShape(many=True)


class FactShape(serializers.Serializer[Any]):
    fact = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    recorded_by = ShownId("per", allow_null=True)
    recorded_at = serializers.DateTimeField(allow_null=True)


class IncidentObligations(serializers.Serializer[Any]):
    """What decides the duties of an incident, and the duties."""

    notice = serializers.CharField()
    library_version = serializers.CharField()
    questions = QuestionShape(many=True)
    facts = FactShape(many=True)
    results = ObligationSerializer(many=True)


class HopShape(serializers.Serializer[Any]):
    """One step, by whom, when and why. `from` and `to` are ids."""

    kind = serializers.CharField()
    to = serializers.CharField()
    title = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    by_name = serializers.CharField()
    why = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name that Python takes."""
        return {**super().get_fields(), "from": serializers.CharField()}


class IncidentLineage(serializers.Serializer[Any]):
    results = HopShape(many=True)
