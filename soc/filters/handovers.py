"""Filters of shift handovers."""

from core.filters import IdFilter, ResourceFilters, WordsFilter
from soc.workflows import HANDOVER


class HandoverFilters(ResourceFilters):
    status = WordsFilter(words=HANDOVER.statuses)
    signed_out_by = IdFilter(prefix="per")
    signed_in_by = IdFilter(prefix="per")
