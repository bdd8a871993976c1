"""Filters of investigation proposals."""

from core.filters import IdFilter, ResourceFilters, WordsFilter
from soc.workflows import PROPOSAL


class ProposalFilters(ResourceFilters):
    status = WordsFilter(words=PROPOSAL.statuses)
    investigation_id = IdFilter(prefix="inv", field_name="investigation")
    alert_id = IdFilter(prefix="alr", field_name="alert_links__alert")
