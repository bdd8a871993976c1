"""Filters of detection rules, and of the list of their quality."""

from typing import Any

import django_filters
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from core.filters import FlagFilter, MomentFilter, ResourceFilters, WordsFilter
from soc import vocabulary
from soc.attack import TECHNIQUE, tactic_id, technique_id


class DetectionRuleFilters(ResourceFilters):
    number = django_filters.NumberFilter()
    name = django_filters.CharFilter(lookup_expr="icontains", help_text="Part of the name.")
    source_name = WordsFilter()
    source_rule_id = WordsFilter()
    severity = WordsFilter(words=vocabulary.SEVERITIES)
    is_active = FlagFilter()
    is_stub = FlagFilter()
    mitre_tactic = django_filters.CharFilter(
        method="by_tactic", help_text="The id or the name of an ATT&CK tactic."
    )
    mitre_technique = django_filters.CharFilter(
        method="by_technique",
        help_text="An ATT&CK technique id; rules for its sub-techniques are found too.",
    )

    def by_tactic(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(mitre_tactics__contains=[tactic_id(value) or value])

    def by_technique(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        code = technique_id(value)
        named = Q(mitre_techniques__contains=[code]) | Q(mitre_subtechniques__contains=[code])
        if TECHNIQUE.fullmatch(code):
            named |= Q(_is_above(code))
        return queryset.filter(named)


class RuleQualityFilters(DetectionRuleFilters):
    """Which rules; the two moments are the window in which their alerts are counted."""

    created_after = MomentFilter(method="counted", help_text="Alerts created from then on.")
    created_before = MomentFilter(method="counted", help_text="Alerts created before then.")

    def counted(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset


def _is_above(technique: str) -> Func:
    """Whether a rule names a sub-technique of it."""
    return Func(
        F("mitre_subtechniques"),
        Value(f'$[*] ? (@ starts with "{technique}.")'),
        template="jsonb_path_exists(%(expressions)s::jsonpath)",
        output_field=BooleanField(),
    )
