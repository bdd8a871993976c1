"""Filters of comments."""

from core.filters import IdFilter, ResourceFilters


class CommentFilters(ResourceFilters):
    alert_id = IdFilter(prefix="alr", field_name="alert")
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
