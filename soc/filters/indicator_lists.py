"""Filters of lists of known indicators."""

from core.filters import ResourceFilters, WordsFilter
from soc import vocabulary


class IndicatorListEntryFilters(ResourceFilters):
    kind = WordsFilter(words=vocabulary.LIST_KINDS)
    type = WordsFilter(words=vocabulary.INDICATOR_TYPES)
    value = WordsFilter()
