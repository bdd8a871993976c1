"""Filters of indicators."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from core.filters import FlagFilter, IdFilter, ResourceFilters, WordsFilter
from soc import vocabulary
from soc.intake.indicators import refang
from soc.intake.normalise import TYPES, normalise


class IndicatorFilters(ResourceFilters):
    type = WordsFilter(words=vocabulary.INDICATOR_TYPES)
    value = django_filters.CharFilter(
        method="by_value", help_text="The value as tools write it, defanged or not."
    )
    malice = WordsFilter(words=vocabulary.MALICE)
    ignore_similarity = FlagFilter()
    is_enriched = FlagFilter()
    alert_id = IdFilter(prefix="alr", field_name="alert_links__alert")

    def by_value(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return of_value(queryset, value)


def of_value(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """The indicators of a value as given, and in the one spelling that each type has for it."""
    text = refang(value)
    # The file at the end of a URL is another indicator.
    kinds = TYPES - {"file_name"} if "://" in text else TYPES
    spellings = {normalise(kind, text) for kind in kinds} - {None}
    return rows.filter(value__in={value, *spellings})
