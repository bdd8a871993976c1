from grc.models.corrective_action import ActionRisk, CorrectiveAction
from grc.models.incident import Incident
from grc.models.obligation import IncidentAnswer, IncidentFact, Obligation
from grc.models.register import Account, Asset, IncidentLink, Risk, RiskScale
from grc.models.regulator import Regulator
from grc.models.submission import Submission

__all__ = [
    "Account",
    "ActionRisk",
    "Asset",
    "CorrectiveAction",
    "Incident",
    "IncidentAnswer",
    "IncidentFact",
    "IncidentLink",
    "Obligation",
    "Regulator",
    "Risk",
    "RiskScale",
    "Submission",
]
