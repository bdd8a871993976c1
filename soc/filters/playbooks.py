"""Filters of playbooks, their runs and steps, and of connectors."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django_filters.filterset import FilterSet

from core.filters import FlagFilter, IdFilter, MomentFilter, ResourceFilters, WordsFilter
from soc.filters.people import PersonFilter
from soc.models.playbook_run import OPEN_STATES
from soc.playbooks.kinds import KINDS
from soc.vocabulary import CONNECTOR_KINDS, PLAYBOOK_CATEGORIES
from soc.workflows import RUN

STATES = (*OPEN_STATES, "succeeded", "failed", "cancelled")


class ConnectorFilters(ResourceFilters):
    name = django_filters.CharFilter()
    kind = WordsFilter(words=CONNECTOR_KINDS)
    enabled = FlagFilter()
    health = WordsFilter(words=("unknown", "checking", "ok", "failed"))


class PlaybookFilters(ResourceFilters):
    name = django_filters.CharFilter()
    category = WordsFilter(words=PLAYBOOK_CATEGORIES)
    enabled = FlagFilter()
    auto_execute = FlagFilter()
    owner_id = PersonFilter(field_name="owner")


class RunFilters(ResourceFilters):
    status = WordsFilter(words=RUN.statuses)
    trigger = WordsFilter(words=("manual", "automatic", "retry"))
    dry_run = FlagFilter()
    playbook_id = IdFilter(prefix="pbk", field_name="playbook")
    alert_id = IdFilter(prefix="alr", field_name="alert")
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
    finished_after = MomentFilter(field_name="finished_at", lookup_expr="gte")
    finished_before = MomentFilter(field_name="finished_at", lookup_expr="lt")


class StepFilters(FilterSet):
    run_id = IdFilter(prefix="run", field_name="run")
    state = WordsFilter(words=STATES)
    kind = WordsFilter(words=tuple(KINDS))
    asking = FlagFilter(method="by_asking", help_text="`true`: those that wait for a person.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, each in self.filters.items():
            each.param = name

    def by_asking(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        asking: FlagFilter = self.filters[name]
        found: Any = queryset
        return found.asking() if asking.means(value) else queryset
