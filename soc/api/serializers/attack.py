"""Shape of the matrix."""

from typing import Any

from rest_framework import serializers

from soc.api.serializers.rules import WindowShown


class TechniqueShown(serializers.Serializer[Any]):
    """A technique; what its sub-techniques have counts along."""

    technique_id = serializers.CharField()
    name = serializers.CharField()
    is_subtechnique = serializers.BooleanField()
    alert_count = serializers.IntegerField()
    true_positive_count = serializers.IntegerField()
    false_positive_count = serializers.IntegerField()
    rule_count = serializers.IntegerField(help_text="Active rules that look for it.")
    is_covered = serializers.BooleanField(help_text="False is drawn hatched: no rule.")


class TacticShown(serializers.Serializer[Any]):
    tactic_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    techniques = TechniqueShown(many=True)


class AttackMatrix(serializers.Serializer[Any]):
    """`version` is the edition of ATT&CK, null while none is imported."""

    version = serializers.CharField(allow_null=True)
    window = WindowShown()
    tactics = TacticShown(many=True)
