from soc.models.alert import Alert, AlertRelation, AlertSearch
from soc.models.comment import Comment, Mention
from soc.models.indicator import AlertIndicator, Indicator
from soc.models.intake import AlertKey, ImportCheckpoint, RejectedRecord, RepairedRecord
from soc.models.investigation import AlertEscalation, Investigation, InvestigationAlert
from soc.models.merge import InvestigationMerge, InvestigationMergeItem
from soc.models.task import Task
from soc.models.template import Template
from soc.models.timeline import TimelineEntry

__all__ = [
    "Alert",
    "AlertEscalation",
    "AlertIndicator",
    "AlertKey",
    "AlertRelation",
    "AlertSearch",
    "Comment",
    "ImportCheckpoint",
    "Indicator",
    "Investigation",
    "InvestigationAlert",
    "InvestigationMerge",
    "InvestigationMergeItem",
    "Mention",
    "RejectedRecord",
    "RepairedRecord",
    "Task",
    "Template",
    "TimelineEntry",
]
