"""Where each resource of the domain is served, below `/api/v1/soc/`."""

from typing import Any

from soc.api.alerts import AlertViewSet
from soc.api.attack import AttackViewSet
from soc.api.commented import CommentViewSet
from soc.api.connectors import ConnectorViewSet
from soc.api.detection_rules import DetectionRuleViewSet
from soc.api.documents import ContextDocumentViewSet
from soc.api.findings import FindingViewSet
from soc.api.handovers import HandoverViewSet
from soc.api.indicator_lists import IndicatorListEntryViewSet
from soc.api.indicators import IndicatorViewSet
from soc.api.investigations import InvestigationViewSet
from soc.api.metrics import MetricsViewSet
from soc.api.playbooks import PlaybookViewSet
from soc.api.proposals import ProposalViewSet
from soc.api.rejected_records import RejectedRecordViewSet
from soc.api.runs import RunViewSet, StepRunViewSet
from soc.api.saved_views import SavedViewViewSet
from soc.api.slas import BusinessCalendarViewSet, SLADefinitionViewSet
from soc.api.tasks import TaskViewSet
from soc.api.templates import TemplateViewSet
from soc.api.timeline import TimelineEntryViewSet

# Places that are no list of rows.
VIEWS: tuple[tuple[str, Any, dict[str, Any], str], ...] = (
    ("metrics", MetricsViewSet, {"get": "show"}, "metrics"),
)
ROUTES: tuple[tuple[str, Any, str], ...] = (
    ("alerts", AlertViewSet, "alert"),
    ("attack", AttackViewSet, "attack"),
    ("indicators", IndicatorViewSet, "indicator"),
    ("indicator-lists", IndicatorListEntryViewSet, "indicator-list"),
    ("comments", CommentViewSet, "comment"),
    ("connectors", ConnectorViewSet, "connector"),
    ("context-documents", ContextDocumentViewSet, "context-document"),
    ("detection-rules", DetectionRuleViewSet, "detection-rule"),
    ("findings", FindingViewSet, "finding"),
    ("handovers", HandoverViewSet, "handover"),
    ("investigations", InvestigationViewSet, "investigation"),
    ("investigation-proposals", ProposalViewSet, "proposal"),
    ("playbooks", PlaybookViewSet, "playbook"),
    ("playbook-runs", RunViewSet, "playbook-run"),
    ("playbook-steps", StepRunViewSet, "playbook-step"),
    ("sla-definitions", SLADefinitionViewSet, "sla-definition"),
    ("business-calendars", BusinessCalendarViewSet, "business-calendar"),
    ("tasks", TaskViewSet, "task"),
    ("templates", TemplateViewSet, "template"),
    ("timeline-entries", TimelineEntryViewSet, "timeline-entry"),
    ("rejected-records", RejectedRecordViewSet, "rejected-record"),
    ("views", SavedViewViewSet, "saved-view"),
)
