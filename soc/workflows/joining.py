"""What an escalation may join (the id of what is open already)."""

from core.workflow import Input
from grc.models import Incident
from soc.models import Investigation

JOIN_INVESTIGATION = Input(
    "investigation_id",
    "Join investigation",
    "id",
    help="Optional: the id of an open investigation.",
    model=Investigation,
)
JOIN_INCIDENT = Input(
    "incident_id",
    "Join incident",
    "id",
    help="Optional: the id of an open incident.",
    model=Incident,
)
