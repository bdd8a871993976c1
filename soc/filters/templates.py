"""Filters of templates."""

from core.filters import ResourceFilters, WordsFilter


class TemplateFilters(ResourceFilters):
    name = WordsFilter()
    category = WordsFilter()
