"""Detection rules: a register whose list is a table of their quality."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin.editing import Field, words
from core.admin.register import Column
from soc.admin.rule_table import RuleTable
from soc.api.serializers.rules import DetectionRuleSerializer
from soc.filters.rules import DetectionRuleFilters
from soc.models import DetectionRule
from soc.services import rule_quality, rules
from soc.services.rule_quality import Quality
from soc.services.windows import DAYS
from soc.vocabulary import SEVERITIES


@admin.register(DetectionRule)
class DetectionRuleAdmin(RuleTable):
    service = rules
    serializer_class = DetectionRuleSerializer
    filterset_class = DetectionRuleFilters
    write_scope = "soc:configure"
    naming = "name"
    heading = "Detection rules"
    page_template = "desk/rule.html"
    empty = (
        "No rules here. Each rule that fires is noted by itself; manage.py import_rules fills in "
        "what its author says."
    )
    facts = (
        Column("Tool", "source_name"),
        Column("Id at the tool", "source_rule_id"),
        Column("Number", "number"),
        Column("Severity", "severity"),
        Column("Active", "is_active"),
        Column("Stub, known by its alerts only", "is_stub"),
        Column("Tactics", "mitre_tactics"),
        Column("Techniques", "mitre_techniques"),
        Column("Sub-techniques", "mitre_subtechniques"),
        Column("Data sources", "data_sources"),
        Column("Runs", "run_frequency"),
        Column("Author", "author"),
        Column("First fired", "first_fired_at"),
        Column("Last fired", "last_fired_at"),
        Column("Tags", "tags"),
        Column("Documentation", "documentation"),
        Column("Definition", "definition"),
    )
    editable = (
        Field("name", "Name"),
        Field("source_name", "Tool"),
        Field("source_rule_id", "Id at the tool"),
        Field("severity", "Severity", "choice", words(SEVERITIES)),
        Field("is_active", "Active", "flag"),
        Field("mitre_tactics", "Tactics", "tags"),
        Field("mitre_techniques", "Techniques", "tags"),
        Field("mitre_subtechniques", "Sub-techniques", "tags"),
        Field("data_sources", "Data sources", "tags"),
        Field("run_frequency", "Runs"),
        Field("author", "Author"),
        Field("documentation", "Documentation", "text"),
        Field("definition", "Definition", "text"),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("name", "Name", starts_empty=True),
        Field("source_name", "Tool", starts_empty=True),
        Field("source_rule_id", "Id at the tool", starts_empty=True),
        Field("severity", "Severity", "choice", words(SEVERITIES), starts_empty=True),
        Field("documentation", "Documentation", "text", starts_empty=True),
    )

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        rule_quality.with_fired([row])
        rule_quality.with_quality([row])
        quality: Quality = row.quality
        return {**super().contents(request, row), "quality": quality, "days": DAYS}
