"""The life cycles of an investigation and of what it may become: proposals."""

from core.workflow import NOTE, Input, Move, Workflow
from soc.models import Investigation, Proposal
from soc.querysets import OPEN_INVESTIGATIONS
from soc.vocabulary import CLASSIFICATIONS, pairs
from soc.workflows.joining import JOIN_INCIDENT
from soc.workflows.scopes import RESPOND, WRITE

INVESTIGATION = Workflow(
    model=Investigation,
    initial="new",
    statuses=("new", "in_progress", "on_hold", "contained", "resolved", "closed"),
    moves=(
        Move(
            "start",
            "Start",
            ("new",),
            "in_progress",
            WRITE,
            first=("started_at",),
            icon="play_arrow",
        ),
        Move(
            "hold",
            "Hold",
            ("in_progress",),
            "on_hold",
            WRITE,
            inputs=(Input("pause_reason", "Waiting for", needed=True), NOTE),
            icon="pause",
        ),
        Move(
            "resume",
            "Resume",
            ("on_hold",),
            "in_progress",
            WRITE,
            clears=("pause_reason",),
            icon="play_arrow",
        ),
        Move(
            "contain",
            "Contain",
            ("new", "in_progress", "on_hold"),
            "contained",
            WRITE,
            first=("started_at", "contained_at"),
            clears=("pause_reason",),
            icon="shield",
        ),
        Move(
            "resolve",
            "Resolve",
            OPEN_INVESTIGATIONS,
            "resolved",
            WRITE,
            first=("started_at",),
            stamps=("resolved_at",),
            clears=("pause_reason",),
            icon="task_alt",
        ),
        Move(
            "close",
            "Close",
            (*OPEN_INVESTIGATIONS, "resolved"),
            "closed",
            WRITE,
            inputs=(
                Input("closure_reason", "Reason", needed=True),
                Input(
                    "close_alerts_as",
                    "Close its open alerts as",
                    "choice",
                    pairs(CLASSIFICATIONS),
                    help="Leave empty to leave open alerts as they are.",
                ),
                Input(
                    "skip_open_tasks",
                    "Skip its open tasks, mandatory ones too",
                    "check",
                    help="Without it, an open mandatory task holds the closing.",
                ),
                NOTE,
            ),
            stamps=("closed_at",),
            clears=("pause_reason",),
            icon="inventory_2",
        ),
        Move(
            "reopen",
            "Reopen",
            ("resolved", "closed"),
            "in_progress",
            WRITE,
            clears=("resolved_at", "closed_at", "closure_reason", "merged_into_id"),
            icon="undo",
        ),
        Move(
            "escalate",
            "Escalate to incident",
            (*OPEN_INVESTIGATIONS, "resolved"),
            None,
            RESPOND,
            inputs=(JOIN_INCIDENT, NOTE),
            first=("escalated_at",),
            icon="gavel",
        ),
    ),
)

PROPOSAL = Workflow(
    model=Proposal,
    initial="proposed",
    statuses=("proposed", "accepted", "dismissed"),
    moves=(
        Move(
            "accept",
            "Accept",
            ("proposed",),
            "accepted",
            WRITE,
            stamps=("accepted_at",),
            icon="check",
        ),
        Move(
            "dismiss",
            "Dismiss",
            ("proposed",),
            "dismissed",
            WRITE,
            stamps=("dismissed_at",),
            icon="close",
        ),
    ),
)
