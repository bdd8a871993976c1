"""Life cycle of the incident, as a table (design: life cycles). Its times are facts: now, or `at`
in the move.
"""

from core.workflow import NOTE, Input, Move, Workflow
from grc.models import Incident

WRITE = "grc:write"
AT = Input(
    "at",
    "When",
    "time",
    help="When it happened, if not now. ISO 8601, for example 2026-11-20T02:51:00Z.",
)
OPEN = ("detected", "contained", "eradicated", "recovered")

INCIDENT = Workflow(
    model=Incident,
    initial="detected",
    statuses=(*OPEN, "closed"),
    moves=(
        Move(
            "contain",
            "Mark contained",
            ("detected",),
            "contained",
            WRITE,
            inputs=(AT, NOTE),
            icon="shield",
        ),
        Move(
            "eradicate",
            "Mark eradicated",
            ("detected", "contained"),
            "eradicated",
            WRITE,
            inputs=(AT, NOTE),
            icon="cleaning_services",
        ),
        Move(
            "recover",
            "Mark recovered",
            ("detected", "contained", "eradicated"),
            "recovered",
            WRITE,
            inputs=(AT, NOTE),
            icon="healing",
        ),
        Move("close", "Close", OPEN, "closed", WRITE, inputs=(AT, NOTE), icon="inventory_2"),
        Move("reopen", "Reopen", ("closed",), "detected", WRITE, icon="undo"),
        Move("report", "Mark reported", OPEN, None, WRITE, inputs=(AT, NOTE), icon="campaign"),
    ),
)

# The fact that each move records.
FACT_OF = {
    "contain": "contained_at",
    "eradicate": "eradicated_at",
    "recover": "recovered_at",
    "close": "closed_at",
    "report": "reported_at",
}
