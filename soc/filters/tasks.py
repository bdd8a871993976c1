"""Filters of tasks."""

from core.filters import FlagFilter, IdFilter, MomentFilter, ResourceFilters, WordsFilter
from soc.filters.people import PersonFilter
from soc.workflows import TASK


class TaskFilters(ResourceFilters):
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
    status = WordsFilter(words=TASK.statuses)
    assignee_id = PersonFilter(field_name="assignee")
    mandatory = FlagFilter()
    due_before = MomentFilter(field_name="due_at", lookup_expr="lt")
    due_after = MomentFilter(field_name="due_at", lookup_expr="gte")
