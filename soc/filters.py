"""Filters of the soc lists."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from core import ids
from core.errors import ScopeMissing
from core.filters import IdFilter, MomentFilter, ResourceFilters, WordsFilter
from soc import vocabulary
from soc.models import AlertIndicator, Indicator
from soc.services import search
from soc.workflows import ALERT, INVESTIGATION, PRIORITIES


class AlertFilters(ResourceFilters):
    severity = WordsFilter(words=vocabulary.SEVERITIES)
    status = WordsFilter(words=ALERT.statuses)
    category = WordsFilter()
    malice = WordsFilter(words=vocabulary.MALICE)
    enrichment_status = WordsFilter(words=vocabulary.ENRICHMENT)
    close_classification = django_filters.CharFilter()
    verdict = WordsFilter()
    resolution = WordsFilter(words=vocabulary.RESOLUTIONS)
    source_name = WordsFilter()
    source_alert = WordsFilter(field_name="source_name")
    source_id = WordsFilter()
    rule_key = WordsFilter()
    fingerprint = WordsFilter()
    host_name = WordsFilter()
    user_name = WordsFilter()
    assignee_id = IdFilter(prefix="per", field_name="assignee")
    created_by = IdFilter(prefix="per")
    app_id = IdFilter(prefix="app")
    tenant_id = django_filters.CharFilter(method="by_tenant")
    investigation_id = IdFilter(prefix="inv", method="by_investigation")
    incident_id = IdFilter(prefix="inc", method="by_incident")
    indicator = django_filters.CharFilter(
        method="by_indicator", help_text="The id or the exact value of an indicator."
    )
    occurred_after = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_before = MomentFilter(field_name="occurred_at", lookup_expr="lt")
    q = django_filters.CharFilter(
        method="by_words", help_text="Words, or the start of a host, user or indicator."
    )

    def by_tenant(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only the token's own tenant; any other, known or not, is refused (design: API)."""
        if ids.read("ten", value) != self.request.auth.tenant_id:
            raise ScopeMissing("of that tenant")
        return queryset

    def by_investigation(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(
            investigation_links__investigation=ids.read("inv", value),
            investigation_links__left_at=None,
        )

    def by_incident(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(escalations__incident=ids.read("inc", value))

    def by_indicator(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        pk = ids.read("ind", value)
        known = Indicator.objects.filter(pk=pk) if pk else Indicator.objects.filter(value=value)
        links = AlertIndicator.objects.filter(indicator__in=known.values("pk"))
        return queryset.filter(pk__in=links.values("alert_id"))

    def by_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=search.alert_ids(value))


class IndicatorFilters(ResourceFilters):
    type = WordsFilter(words=vocabulary.INDICATOR_TYPES)
    value = WordsFilter()
    malice = WordsFilter(words=vocabulary.MALICE)
    alert_id = IdFilter(prefix="alr", field_name="alert_links__alert")


class InvestigationFilters(ResourceFilters):
    status = WordsFilter(words=INVESTIGATION.statuses)
    priority = WordsFilter(words=PRIORITIES)
    category = WordsFilter()
    investigation_number = WordsFilter()
    assigned_to_id = IdFilter(prefix="per", field_name="assigned_to")
    escalated_to_incident_id = IdFilter(prefix="inc", field_name="escalated_to_incident")
    created_by = IdFilter(prefix="per")
    alert_id = IdFilter(prefix="alr", method="by_alert")

    def by_alert(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(alert_links__alert=ids.read("alr", value), alert_links__left_at=None)


class CommentFilters(ResourceFilters):
    alert_id = IdFilter(prefix="alr", field_name="alert")
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
    created_by = IdFilter(prefix="per")
