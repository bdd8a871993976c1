"""Shapes of runs and their steps."""

from typing import Any

from rest_framework import serializers

from core.shapes import BASE_FIELDS, AnyJSON, RecordSerializer, ShownId, StrictSerializer
from soc.models import PlaybookRun, StepDecision, StepRun

LARGE = ("input", "output")  # of a step; lists leave them out


class DecisionShape(serializers.ModelSerializer[StepDecision]):
    """What one person answered."""

    created_by = ShownId("per")

    class Meta:
        model = StepDecision
        fields = ("decision", "note", "created_at", "created_by")


class StepRunSerializer(serializers.ModelSerializer[StepRun]):
    """One step of a run."""

    id = ShownId("stp")
    run_id = ShownId("run")
    input = AnyJSON()
    output = AnyJSON()
    decisions = DecisionShape(many=True)

    class Meta:
        model = StepRun
        fields = (
            "id",
            "run_id",
            "key",
            "kind",
            "name",
            "state",
            "attempt",
            "input",
            "output",
            "error",
            "created_at",
            "started_at",
            "finished_at",
            "deadline_at",
            "decisions",
        )


class RunSerializer(RecordSerializer):
    """One run of one version of a playbook."""

    playbook_id = ShownId("pbk")
    playbook_version = serializers.IntegerField(source="playbook_version.number", read_only=True)
    alert_id = ShownId("alr")
    investigation_id = ShownId("inv")
    retry_of_id = ShownId("run")
    requested_by = ShownId("per")
    status = serializers.CharField(read_only=True)
    inputs = AnyJSON(read_only=True)
    steps = serializers.SerializerMethodField()

    class Meta:
        model = PlaybookRun
        fields = (
            *BASE_FIELDS,
            "playbook_id",
            "playbook_version",
            "alert_id",
            "investigation_id",
            "retry_of_id",
            "requested_by",
            "status",
            "trigger",
            "dry_run",
            "inputs",
            "error",
            "outcome",
            "started_at",
            "finished_at",
            "steps",
        )
        read_only_fields = (
            "trigger",
            "dry_run",
            "error",
            "outcome",
            "started_at",
            "finished_at",
        )

    def get_steps(self, row: PlaybookRun) -> list[dict[str, Any]]:
        """The steps that it has begun, in order; in a list without what they were given and
        found.
        """
        shown = StepRunSerializer(getattr(row, "shown_steps", []), many=True).data
        left_out = LARGE if self.context.get("brief") else ()
        return [{k: v for k, v in each.items() if k not in left_out} for each in shown]


class RetryBody(StrictSerializer):
    step = serializers.CharField(max_length=64, help_text="The key of the step to begin with.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class AnswerBody(StrictSerializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class CompleteBody(AnswerBody):
    outcome = serializers.ChoiceField(choices=("done", "not_done"), required=False)
