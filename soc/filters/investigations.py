"""Filters of investigations."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from core.filters import IdFilter, ResourceFilters, WordsFilter, read_ids
from soc.filters.links import linked
from soc.models import InvestigationAlert
from soc.workflows import INVESTIGATION, PRIORITIES


class InvestigationFilters(ResourceFilters):
    title = django_filters.CharFilter(help_text="The whole title.")
    status = WordsFilter(words=INVESTIGATION.statuses)
    priority = WordsFilter(words=PRIORITIES)
    category = WordsFilter()
    investigation_number = WordsFilter()
    assigned_to_id = IdFilter(prefix="per", field_name="assigned_to")
    escalated_to_incident_id = IdFilter(prefix="inc", field_name="escalated_to_incident")
    team_group_id = IdFilter(prefix="grp", field_name="team_group")
    merged_into_id = IdFilter(prefix="inv", field_name="merged_into")
    alert_id = IdFilter(prefix="alr", method="by_alert")

    def by_alert(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        links = InvestigationAlert.objects.filter(left_at=None)
        wanted = links.filter(alert__in=read_ids("alr", value))
        return linked(queryset, "investigation_id", value, wanted, links)
