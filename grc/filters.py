"""Filters of the incident list."""

import django_filters

from core.filters import IdFilter, MomentFilter, ResourceFilters, WordsFilter
from grc.vocabulary import NOTIFIABILITY, SEVERITIES
from grc.workflows import INCIDENT


class IncidentFilters(ResourceFilters):
    title = django_filters.CharFilter(help_text="The whole title.")
    status = WordsFilter(words=INCIDENT.statuses)
    severity = WordsFilter(words=SEVERITIES)
    notifiability = WordsFilter(words=NOTIFIABILITY)
    category = WordsFilter()
    incident_number = WordsFilter()
    owner_id = IdFilter(prefix="per", field_name="owner")
    detected_after = MomentFilter(field_name="detected_at", lookup_expr="gte")
    detected_before = MomentFilter(field_name="detected_at", lookup_expr="lt")
    reported_after = MomentFilter(field_name="reported_at", lookup_expr="gte")
    reported_before = MomentFilter(field_name="reported_at", lookup_expr="lt")
    closed_after = MomentFilter(field_name="closed_at", lookup_expr="gte")
    closed_before = MomentFilter(field_name="closed_at", lookup_expr="lt")
