"""Filters of investigation proposals."""

from typing import Any

from django.db.models import QuerySet

from core.filters import IdFilter, ResourceFilters, WordsFilter, read_ids
from soc.filters.links import linked
from soc.models import ProposalAlert
from soc.workflows import PROPOSAL


class ProposalFilters(ResourceFilters):
    status = WordsFilter(words=PROPOSAL.statuses)
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
    alert_id = IdFilter(prefix="alr", method="by_alert")

    def by_alert(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        links = ProposalAlert.objects.all()
        wanted = links.filter(alert__in=read_ids("alr", value))
        return linked(queryset, "proposal_id", value, wanted, links)
