from soc.models.alert import Alert, AlertRelation, AlertSearch
from soc.models.document import ContextDocument
from soc.models.finding import CustodyEntry, Finding, FindingAlert
from soc.models.indicator import AlertIndicator, Indicator
from soc.models.indicator_list import IndicatorListEntry
from soc.models.intake import AlertKey, ImportCheckpoint, RejectedRecord, RepairedRecord
from soc.models.investigation import AlertEscalation, Comment, Investigation, InvestigationAlert
from soc.models.proposal import Proposal, ProposalAlert
from soc.models.saved_view import SavedView

__all__ = [
    "Alert",
    "AlertEscalation",
    "AlertIndicator",
    "AlertKey",
    "AlertRelation",
    "AlertSearch",
    "Comment",
    "ContextDocument",
    "CustodyEntry",
    "Finding",
    "FindingAlert",
    "ImportCheckpoint",
    "Indicator",
    "IndicatorListEntry",
    "Investigation",
    "InvestigationAlert",
    "Proposal",
    "ProposalAlert",
    "RejectedRecord",
    "RepairedRecord",
    "SavedView",
]
