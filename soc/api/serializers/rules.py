"""Shape of the detection rule, and of its quality."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core import ids
from core.shapes import BASE_FIELDS, RecordSerializer, StrictSerializer
from soc.api import examples
from soc.models import DetectionRule
from soc.vocabulary import SEVERITIES


def _words() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=200), required=False)


@extend_schema_serializer(examples=examples.request(examples.RULE, "A rule of an own tool"))
class DetectionRuleSerializer(RecordSerializer):
    """What a tool fires alerts by. `number` is its id in `/v1`."""

    name = serializers.CharField(required=False, max_length=2000)
    source_name = serializers.CharField(required=False, max_length=200)
    source_rule_id = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=255,
        help_text="The tool's own id of the rule: the `rule_key` of its alerts.",
    )
    severity = serializers.ChoiceField(choices=SEVERITIES, required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)
    mitre_tactics = _words()
    mitre_techniques = _words()
    mitre_subtechniques = _words()
    data_sources = _words()
    run_frequency = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=200
    )
    author = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    documentation = serializers.CharField(
        required=False, allow_blank=True, max_length=100_000, trim_whitespace=False
    )
    definition = serializers.CharField(
        required=False, allow_blank=True, max_length=200_000, trim_whitespace=False
    )
    first_fired_at = serializers.DateTimeField(read_only=True, allow_null=True)
    last_fired_at = serializers.DateTimeField(read_only=True, allow_null=True)
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = DetectionRule
        fields = (
            *BASE_FIELDS,
            "number",
            "name",
            "source_name",
            "source_rule_id",
            "severity",
            "is_active",
            "is_stub",
            "mitre_tactics",
            "mitre_techniques",
            "mitre_subtechniques",
            "data_sources",
            "run_frequency",
            "author",
            "documentation",
            "definition",
            "first_fired_at",
            "last_fired_at",
            "note",
        )
        read_only_fields = ("number", "is_stub")


class WindowQuery(StrictSerializer):
    """The window of numbers; 90 days without a start."""

    created_after = serializers.DateTimeField(required=False)
    created_before = serializers.DateTimeField(required=False)


class WindowShown(serializers.Serializer[Any]):
    created_after = serializers.DateTimeField(source="after")
    created_before = serializers.DateTimeField(source="before", allow_null=True)


class VerdictShown(serializers.Serializer[Any]):
    verdict = serializers.CharField()
    cause = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class QualityShown(serializers.Serializer[Any]):
    """The quality of one rule over a window."""

    rule_id = serializers.SerializerMethodField()
    name = serializers.CharField()
    volume = serializers.IntegerField(source="quality.volume")
    open_count = serializers.IntegerField(source="quality.open_count")
    closed_count = serializers.IntegerField(source="quality.closed_count")
    false_positive_count = serializers.IntegerField(source="quality.false_positive_count")
    false_positive_rate = serializers.FloatField(
        source="quality.false_positive_rate", allow_null=True
    )
    verdicts = VerdictShown(source="quality.verdicts", many=True)
    median_minutes_to_acknowledge = serializers.FloatField(
        source="quality.median_minutes_to_acknowledge", allow_null=True
    )
    median_minutes_to_close = serializers.FloatField(
        source="quality.median_minutes_to_close", allow_null=True
    )
    last_fired_at = serializers.DateTimeField(source="quality.last_fired_at", allow_null=True)

    def get_rule_id(self, row: Any) -> str:
        return ids.show(DetectionRule.ID_PREFIX, row.pk) or ""


class RuleQuality(QualityShown):
    """The quality of one rule, and the window."""

    window = WindowShown()
