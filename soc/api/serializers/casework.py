"""Bodies of what is done with a whole investigation: alerts in and out, merge, template."""

from rest_framework import serializers

from core.shapes import NoteSerializer, Reference, References
from soc.models import Alert, Investigation, InvestigationMerge, Template

MOST = 500


class AlertsOutBody(NoteSerializer):
    alert_ids = References(Alert, max_length=MOST, allow_empty=False)


class AlertsInBody(AlertsOutBody):
    move = serializers.BooleanField(
        required=False, help_text="Take them out of another open investigation in the same step."
    )


class MergeBody(NoteSerializer):
    source_ids = References(Investigation, allow_empty=False)


class UnmergeBody(NoteSerializer):
    merge_id = Reference(InvestigationMerge, help_text="The id of one of `merges`.")


class TemplateBody(NoteSerializer):
    template_id = Reference(Template)
