"""Detection rules: a register whose list is a table of their quality."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin.editing import Field, words
from core.admin.register import Column, RegisterAdmin
from core.templatetags.desk import duration
from soc.api.serializers.rules import DetectionRuleSerializer
from soc.filters.rules import DetectionRuleFilters
from soc.models import DetectionRule
from soc.services import rule_quality, rules
from soc.services.rule_quality import Quality
from soc.services.windows import DAYS
from soc.vocabulary import SEVERITIES

NONE = "–"
VIEWS = (
    ("Active", "is_active=true"),
    ("Off", "is_active=false"),
    ("Stubs", "is_stub=true"),
)


@admin.register(DetectionRule)
class DetectionRuleAdmin(RegisterAdmin):
    service = rules
    serializer_class = DetectionRuleSerializer
    filterset_class = DetectionRuleFilters
    write_scope = "soc:configure"
    naming = "name"
    heading = "Detection rules"
    list_template = "desk/rules.html"
    page_template = "desk/rule.html"
    empty = (
        "No rules here. Each rule that fires is noted by itself; manage.py import_rules fills in "
        "what its author says."
    )
    columns = (
        Column("Rule", "name"),
        Column("Tool", "source_name"),
        Column("Severity", "shown_severity"),
        Column("Alerts", "shown_volume"),
        Column("Open", "shown_open"),
        Column("Verdicts", "shown_verdicts"),
        Column("False positives", "shown_rate"),
        Column("Acknowledged after", "shown_acknowledged"),
        Column("Closed after", "shown_closed"),
        Column("Last fired", "shown_last_fired"),
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

    def listed(self, rows: list[Any]) -> list[Any]:
        return super().listed([_told(row) for row in rule_quality.with_quality(rows)])

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        asked = request.GET.urlencode()
        views = [(title, f"?{query}", query == asked) for title, query in VIEWS]
        return {**super().list_context(request), "views": views, "days": DAYS}

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        rule_quality.with_fired([row])
        rule_quality.with_quality([row])
        quality: Quality = row.quality
        return {**super().contents(request, row), "quality": quality, "days": DAYS}


def _told(row: Any) -> Any:
    """A rule with its numbers in people's words."""
    quality: Quality = row.quality
    row.shown_severity = (row.severity or NONE).capitalize()
    row.shown_volume = quality.volume
    row.shown_open = quality.open_count
    row.shown_verdicts = ", ".join(verdict_told(each) for each in quality.verdicts) or NONE
    row.shown_rate = percent(quality.false_positive_rate)
    row.shown_acknowledged = _minutes(quality.median_minutes_to_acknowledge)
    row.shown_closed = _minutes(quality.median_minutes_to_close)
    row.shown_last_fired = quality.last_fired_at or NONE
    return row


def verdict_told(each: rule_quality.VerdictCount) -> str:
    """`12 false positive: analytic logic`"""
    cause = f": {each['cause']}" if each["cause"] else ""
    return f"{each['count']} {each['verdict']}{cause}".replace("_", " ")


def percent(rate: float | None) -> str:
    return NONE if rate is None else f"{rate:.0%}".replace("%", " %")


def _minutes(value: float | None) -> str:
    return NONE if value is None else duration(value)
