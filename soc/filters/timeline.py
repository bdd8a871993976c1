"""Filters of timeline entries."""

from core.filters import IdFilter, MomentFilter, ResourceFilters, WordsFilter
from soc.vocabulary import TIMELINE_KINDS


class TimelineFilters(ResourceFilters):
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
    alert_id = IdFilter(prefix="alr", field_name="alert")
    kind = WordsFilter(words=TIMELINE_KINDS)
    occurred_after = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_before = MomentFilter(field_name="occurred_at", lookup_expr="lt")
