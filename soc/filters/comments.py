"""Filters of comments."""

from core.filters import IdFilter, ResourceFilters
from soc.filters.people import PersonFilter


class CommentFilters(ResourceFilters):
    alert_id = IdFilter(prefix="alr", field_name="alert")
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
    mentioned_id = PersonFilter(field_name="mentions__person", distinct=True)
