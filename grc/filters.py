"""Filters of the incident list."""

from core.filters import IdFilter, MomentFilter, ResourceFilters, WordsFilter
from grc.vocabulary import NOTIFIABILITY, SEVERITIES
from grc.workflows import INCIDENT


class IncidentFilters(ResourceFilters):
    status = WordsFilter(words=INCIDENT.statuses)
    severity = WordsFilter(words=SEVERITIES)
    notifiability = WordsFilter(words=NOTIFIABILITY)
    category = WordsFilter()
    incident_number = WordsFilter()
    owner_id = IdFilter(prefix="per", field_name="owner")
    detected_after = MomentFilter(field_name="detected_at", lookup_expr="gte")
    detected_before = MomentFilter(field_name="detected_at", lookup_expr="lt")
