"""Shapes of SLA definitions, business calendars and clocks."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core.shapes import BASE_FIELDS, AnyJSON, RecordSerializer, Reference, ShownId
from soc.api import examples
from soc.models import BusinessCalendar, SLADefinition
from soc.models.sla import CLOCKS


def _words(told: str = "") -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=200, allow_blank=True),
        required=False,
        help_text=told,
    )


def _minutes() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Minutes; null for no clock."
    )


@extend_schema_serializer(examples=examples.request(examples.CALENDAR, "An office in Berlin"))
class BusinessCalendarSerializer(RecordSerializer):
    """When time counts: hours of a week in a time zone, and holidays."""

    name = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    time_zone = serializers.CharField(
        required=False, max_length=100, help_text="A name of the IANA database, like Europe/Berlin."
    )
    always = serializers.BooleanField(required=False, help_text="Around the clock, every day.")
    hours = AnyJSON(required=False, help_text='`{"monday": ["09:00-12:00", "13:00-17:00"], …}`.')
    holidays = serializers.ListField(
        child=serializers.CharField(max_length=10, allow_blank=True),
        required=False,
        help_text="Dates.",
    )
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = BusinessCalendar
        fields = (
            *BASE_FIELDS,
            "name",
            "description",
            "time_zone",
            "always",
            "hours",
            "holidays",
            "note",
        )


@extend_schema_serializer(examples=examples.request(examples.SLA, "Critical alerts"))
class SLADefinitionSerializer(RecordSerializer):
    """How long each step may take, by severity or priority."""

    name = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    applies_to = serializers.ChoiceField(choices=("alert", "investigation"), required=False)
    levels = _words("Severities of alerts, priorities of investigations.")
    acknowledge_minutes = _minutes()
    triage_minutes = _minutes()
    contain_minutes = _minutes()
    resolve_minutes = _minutes()
    calendar_id = Reference(
        BusinessCalendar, required=False, allow_null=True, help_text="Null: around the clock."
    )
    at_risk_share = serializers.FloatField(required=False)
    pause_statuses = _words()
    pause_reasons = _words("Only these reasons pause; empty: every one.")
    is_active = serializers.BooleanField(required=False)
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = SLADefinition
        fields = (
            *BASE_FIELDS,
            "name",
            "description",
            "applies_to",
            "levels",
            *CLOCKS,
            "calendar_id",
            "at_risk_share",
            "pause_statuses",
            "pause_reasons",
            "is_active",
            "activated_at",
            "note",
        )
        read_only_fields = ("activated_at",)


class PauseShape(serializers.Serializer[Any]):
    """A time that does not count."""

    started_at = serializers.DateTimeField(source="begin")
    ended_at = serializers.DateTimeField(source="end", allow_null=True)
    reason = serializers.CharField()


class ClockShape(serializers.Serializer[Any]):
    """A clock as it reads now."""

    kind = serializers.CharField(help_text="acknowledge, triage, contain or resolve.")
    state = serializers.CharField(help_text="running, paused, met, breached or cancelled.")
    definition_id = ShownId("sla")
    definition_name = serializers.CharField(source="definition.name")
    minutes = serializers.IntegerField(help_text="The target, in working minutes.")
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    at_risk_at = serializers.DateTimeField(allow_null=True)
    is_at_risk = serializers.BooleanField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    remaining_minutes = serializers.IntegerField(allow_null=True)
    without_notice = serializers.BooleanField(
        help_text="Late, and due before the definition came into force: nobody was told."
    )
    paused = PauseShape(allow_null=True, help_text="The pause that goes on.")
    pauses = PauseShape(many=True)
    explanation = serializers.CharField()


class Clocks(serializers.Serializer[Any]):
    results = ClockShape(many=True)


class Tracker(serializers.Serializer[Any]):
    """The clocks of an investigation, and the definition that governs it."""

    definition_id = ShownId("sla", allow_null=True)
    clocks = ClockShape(many=True)
