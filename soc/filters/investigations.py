"""Filters of investigations."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core.filters import IdFilter, ResourceFilters, WordsFilter, read_ids
from soc.filters.links import linked
from soc.models import InvestigationAlert
from soc.services import slas
from soc.vocabulary import PRIORITIES
from soc.workflows import INVESTIGATION


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
    sla_definition_id = IdFilter(prefix="sla", method="by_sla_definition")
    alert_id = IdFilter(prefix="alr", method="by_alert")

    def by_sla_definition(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that a definition governs, chosen by a person or by their priority."""
        levels = slas.governing("investigation")
        by_priority = Q(sla_definition=None, priority__in=list(levels))
        if value == "none":
            return queryset.filter(sla_definition=None).exclude(by_priority)
        pks = read_ids("sla", value)
        mine = [word for word, each in levels.items() if each.pk in pks]
        return queryset.filter(
            Q(sla_definition__in=pks) | Q(sla_definition=None, priority__in=mine)
        )

    def by_alert(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        links = InvestigationAlert.objects.filter(left_at=None)
        wanted = links.filter(alert__in=read_ids("alr", value))
        return linked(queryset, "investigation_id", value, wanted, links)
