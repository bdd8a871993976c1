"""Filters of saved views."""

from core.filters import FlagFilter, IdFilter, ResourceFilters, WordsFilter
from soc.vocabulary import VIEWED


class SavedViewFilters(ResourceFilters):
    resource = WordsFilter(words=VIEWED)
    name = WordsFilter()
    owner_id = IdFilter(prefix="per", field_name="owner")
    is_shared = FlagFilter()
