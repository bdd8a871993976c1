"""Where each resource of the domain is served, below `/api/v1/soc/`."""

from typing import Any

from soc.api.alerts import AlertViewSet
from soc.api.commented import CommentViewSet
from soc.api.indicator_lists import IndicatorListEntryViewSet
from soc.api.indicators import IndicatorViewSet
from soc.api.investigations import InvestigationViewSet
from soc.api.proposals import ProposalViewSet
from soc.api.rejected_records import RejectedRecordViewSet

ROUTES: tuple[tuple[str, Any, str], ...] = (
    ("alerts", AlertViewSet, "alert"),
    ("indicators", IndicatorViewSet, "indicator"),
    ("indicator-lists", IndicatorListEntryViewSet, "indicator-list"),
    ("comments", CommentViewSet, "comment"),
    ("investigations", InvestigationViewSet, "investigation"),
    ("investigation-proposals", ProposalViewSet, "proposal"),
    ("rejected-records", RejectedRecordViewSet, "rejected-record"),
)
