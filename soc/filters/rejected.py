"""Filters of records that could not become alerts."""

import django_filters
from django.db.models import QuerySet

from core.filters import FlagFilter, MomentFilter, NamedFilters, WordsFilter
from soc.models import RejectedRecord


class WaitingFilter(FlagFilter):
    """`true` for those that were not replayed yet."""

    def filter(
        self, queryset: QuerySet[RejectedRecord], value: str | None
    ) -> QuerySet[RejectedRecord]:
        return queryset.filter(replayed_at__isnull=self.means(value)) if value else queryset


class RejectedRecordFilters(NamedFilters):
    format = WordsFilter()
    waiting = WaitingFilter(help_text="`true` for those that were not replayed yet.")
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt")
    origin = django_filters.CharFilter(help_text="The file or the address that it came from.")
