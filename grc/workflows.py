"""Life cycles of the incident, the submission and the corrective action, as tables. Their times are
facts: now, or `at` in the move.
"""

from core.workflow import NOTE, Input, Move, Workflow
from grc.models import CorrectiveAction, Incident, Submission

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

SUBMISSION = Workflow(
    model=Submission,
    initial="draft",
    statuses=("draft", "in_review", "approved", "sent"),
    moves=(
        Move("submit", "Ask for approval", ("draft",), "in_review", WRITE, icon="rate_review"),
        Move(
            "approve",
            "Approve",
            ("in_review",),
            "approved",
            WRITE,
            stamps=("approved_at",),
            icon="verified",
        ),
        Move(
            "reject",
            "Send back",
            ("in_review", "approved"),
            "draft",
            WRITE,
            clears=("approved_at", "approved_by"),
            icon="undo",
        ),
        Move(
            "send",
            "Record as sent",
            ("approved",),
            "sent",
            WRITE,
            inputs=(
                Input(
                    "channel",
                    "Channel",
                    needed=True,
                    help="How it was sent: a portal, an address, by hand.",
                ),
                Input("receipt", "Receipt", help="The reference that came back."),
                AT,
                Input(
                    "delay_reason",
                    "Reason for the delay",
                    help="Needed when the limit has passed.",
                ),
                NOTE,
            ),
            icon="outgoing_mail",
        ),
    ),
)

CORRECTIVE_ACTION = Workflow(
    model=CorrectiveAction,
    initial="open",
    statuses=("open", "done", "verified"),
    moves=(
        Move(
            "complete",
            "Mark done",
            ("open",),
            "done",
            WRITE,
            inputs=(
                Input(
                    "evidence",
                    "Evidence",
                    needed=True,
                    kept=True,
                    help="What shows that it is done: a ticket, a change, a test.",
                ),
                NOTE,
            ),
            stamps=("completed_at",),
            icon="task_alt",
        ),
        Move(
            "verify",
            "Verify",
            ("done",),
            "verified",
            WRITE,
            stamps=("verified_at",),
            icon="verified",
        ),
        Move(
            "reopen",
            "Reopen",
            ("done", "verified"),
            "open",
            WRITE,
            clears=("completed_at", "completed_by", "verified_at", "verified_by"),
            icon="undo",
        ),
    ),
)
