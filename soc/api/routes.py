"""Where each resource of the domain is served, below `/api/v1/soc/`."""

from typing import Any

from soc.api.alerts import AlertViewSet
from soc.api.commented import CommentViewSet
from soc.api.indicators import IndicatorViewSet
from soc.api.investigations import InvestigationViewSet
from soc.api.rejected_records import RejectedRecordViewSet
from soc.api.tasks import TaskViewSet
from soc.api.templates import TemplateViewSet
from soc.api.timeline import TimelineEntryViewSet

ROUTES: tuple[tuple[str, Any, str], ...] = (
    ("alerts", AlertViewSet, "alert"),
    ("indicators", IndicatorViewSet, "indicator"),
    ("comments", CommentViewSet, "comment"),
    ("investigations", InvestigationViewSet, "investigation"),
    ("tasks", TaskViewSet, "task"),
    ("templates", TemplateViewSet, "template"),
    ("timeline-entries", TimelineEntryViewSet, "timeline-entry"),
    ("rejected-records", RejectedRecordViewSet, "rejected-record"),
)
