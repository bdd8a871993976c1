from soc.models.alert import Alert, AlertRelation, AlertSearch
from soc.models.alert_label import AlertLabel
from soc.models.attack import AttackTactic, AttackTechnique, AttackVersion
from soc.models.clock import SLAClock, SLAPause
from soc.models.comment import Comment, Mention
from soc.models.connector import Connector
from soc.models.document import ContextDocument
from soc.models.finding import CustodyEntry, Finding, FindingAlert
from soc.models.handover import ShiftHandover
from soc.models.indicator import AlertIndicator, Indicator
from soc.models.indicator_list import IndicatorListEntry
from soc.models.intake import AlertKey, ImportCheckpoint, RejectedRecord, RepairedRecord
from soc.models.investigation import AlertEscalation, Investigation, InvestigationAlert
from soc.models.merge import InvestigationMerge, InvestigationMergeItem
from soc.models.numbers import CountedNumbers
from soc.models.playbook import Playbook, PlaybookVersion
from soc.models.playbook_run import PlaybookRun, StepDecision, StepRun
from soc.models.proposal import Proposal, ProposalAlert
from soc.models.rule import DetectionRule
from soc.models.saved_view import SavedView
from soc.models.sla import BusinessCalendar, SLADefinition
from soc.models.task import Task
from soc.models.template import Template
from soc.models.timeline import TimelineEntry

__all__ = [
    "Alert",
    "AlertEscalation",
    "AlertIndicator",
    "AlertKey",
    "AlertLabel",
    "AlertRelation",
    "AlertSearch",
    "AttackTactic",
    "AttackTechnique",
    "AttackVersion",
    "BusinessCalendar",
    "Comment",
    "Connector",
    "ContextDocument",
    "CountedNumbers",
    "CustodyEntry",
    "DetectionRule",
    "Finding",
    "FindingAlert",
    "ImportCheckpoint",
    "Indicator",
    "IndicatorListEntry",
    "Investigation",
    "InvestigationAlert",
    "InvestigationMerge",
    "InvestigationMergeItem",
    "Mention",
    "Playbook",
    "PlaybookRun",
    "PlaybookVersion",
    "Proposal",
    "ProposalAlert",
    "RejectedRecord",
    "RepairedRecord",
    "SLAClock",
    "SLADefinition",
    "SLAPause",
    "SavedView",
    "ShiftHandover",
    "StepDecision",
    "StepRun",
    "Task",
    "Template",
    "TimelineEntry",
]
