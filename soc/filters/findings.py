"""Filters of findings."""

from typing import Any

from django.db.models import QuerySet

from core.filters import FlagFilter, IdFilter, ResourceFilters, WordsFilter, read_ids
from soc.models import FindingAlert
from soc.vocabulary import FINDING_KINDS


class StoredFilter(FlagFilter):
    """Whether a finding holds its file."""

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return queryset.filter(storage_key__isnull=not self.means(value)) if value else queryset


class FindingFilters(ResourceFilters):
    kind = WordsFilter(words=FINDING_KINDS)
    sha256 = WordsFilter()
    agent_name = WordsFilter()
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
    alert_id = IdFilter(prefix="alr", method="by_alert")
    has_file = StoredFilter()

    def by_alert(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        links = FindingAlert.objects.filter(alert__in=read_ids("alr", value))
        return queryset.filter(pk__in=links.values("finding_id"))
