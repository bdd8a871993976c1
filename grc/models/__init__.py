from grc.models.corrective_action import CorrectiveAction
from grc.models.incident import Incident
from grc.models.obligation import IncidentAnswer, IncidentFact, Obligation
from grc.models.regulator import Regulator
from grc.models.submission import Submission

__all__ = [
    "CorrectiveAction",
    "Incident",
    "IncidentAnswer",
    "IncidentFact",
    "Obligation",
    "Regulator",
    "Submission",
]
