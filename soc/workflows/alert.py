"""The life cycle of an alert."""

from dataclasses import replace

from core.workflow import NOTE, Input, Move, Workflow
from soc.models import Alert
from soc.querysets import OPEN_ALERTS
from soc.vocabulary import CLASSIFICATIONS, RESOLUTIONS, pairs
from soc.workflows.joining import JOIN_INCIDENT, JOIN_INVESTIGATION
from soc.workflows.scopes import RESPOND, WRITE

CLASSIFICATION = Input(
    "close_classification",
    "Classification",
    "choice",
    pairs(CLASSIFICATIONS),
    needed=True,
    kept=True,
)
DUPLICATE_OF = Input(
    "duplicate_of_id",
    "Duplicate of",
    "id",
    help="The id of the alert that this one repeats.",
    model=Alert,
)
RESOLUTION = Input("resolution", "Resolution", "choice", pairs(RESOLUTIONS), needed=True)

ALERT = Workflow(
    model=Alert,
    initial="open",
    statuses=("open", "acknowledged", "triaging", "escalated", "resolved", "closed", "suppressed"),
    paired=(
        "acknowledged_at",
        "triaged_at",
        "escalated_at",
        "resolved_at",
        "closed_at",
        "suppressed_at",
        "close_classification",
        "verdict",
        "cause",
        "resolution",
        "duplicate_of_id",
    ),
    moves=(
        Move(
            "acknowledge",
            "Acknowledge",
            ("open",),
            "acknowledged",
            WRITE,
            first=("acknowledged_at",),
            icon="check",
        ),
        Move(
            "triage",
            "Triage",
            ("open", "acknowledged", "escalated"),
            "triaging",
            WRITE,
            first=("acknowledged_at", "triaged_at"),
            icon="manage_search",
        ),
        Move(
            "escalate",
            "Escalate",
            ("open", "acknowledged", "triaging"),
            "escalated",
            RESPOND,
            inputs=(JOIN_INVESTIGATION, JOIN_INCIDENT, NOTE),
            first=("acknowledged_at", "escalated_at"),
            icon="priority_high",
        ),
        Move(
            "resolve",
            "Resolve",
            OPEN_ALERTS,
            "resolved",
            WRITE,
            inputs=(RESOLUTION, NOTE),
            first=("acknowledged_at",),
            stamps=("resolved_at",),
            icon="task_alt",
        ),
        Move(
            "close",
            "Close",
            (*OPEN_ALERTS, "resolved"),
            "closed",
            WRITE,
            inputs=(CLASSIFICATION, DUPLICATE_OF, NOTE),
            first=("acknowledged_at",),
            stamps=("closed_at",),
            icon="inventory_2",
        ),
        Move(
            "suppress",
            "Suppress",
            ("open", "acknowledged", "triaging"),
            "suppressed",
            WRITE,
            first=("acknowledged_at",),
            stamps=("suppressed_at",),
            icon="notifications_off",
        ),
        Move(
            "reopen",
            "Reopen",
            ("resolved", "closed", "suppressed"),
            "open",
            WRITE,
            clears=(
                "resolved_at",
                "resolution",
                "closed_at",
                "close_classification",
                "verdict",
                "cause",
                "suppressed_at",
            ),
            icon="undo",
        ),
        Move(
            "reclassify",
            "Reclassify",
            ("closed",),
            "closed",
            WRITE,
            inputs=(replace(CLASSIFICATION, kept=False), DUPLICATE_OF, NOTE),
            icon="rule",
        ),
    ),
)
