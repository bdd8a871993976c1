"""Filters of context documents."""

from core.filters import FlagFilter, ResourceFilters, WordsFilter
from soc.vocabulary import DOCUMENT_TYPES


class ContextDocumentFilters(ResourceFilters):
    document_type = WordsFilter(words=DOCUMENT_TYPES)
    is_global = FlagFilter()
