"""Life cycles of soc, as tables (design: life cycles)."""

from core.workflow import NOTE, Input, Move, Workflow
from grc.models import Incident
from soc.models import Alert, Investigation, PlaybookRun, Proposal, ShiftHandover, Task
from soc.querysets import OPEN_ALERTS, OPEN_INVESTIGATIONS, OPEN_TASKS
from soc.vocabulary import CLASSIFICATIONS, RESOLUTIONS, SEVERITIES, pairs

WRITE = "soc:write"
RESPOND = "sentinel:respond"
RUN_PLAYBOOKS = "playbooks:run"
# What the worker does to a run. No role has it: only the platform makes these moves.
ENGINE = "playbooks:engine"

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
            inputs=(
                Input(
                    "close_classification",
                    "Classification",
                    "choice",
                    pairs(CLASSIFICATIONS),
                    needed=True,
                ),
                DUPLICATE_OF,
                NOTE,
            ),
            icon="rule",
        ),
    ),
)

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


def mandatory_is_done(task: Task) -> str | None:
    """A mandatory task is done, or goes when its investigation is closed along with it."""
    if not task.mandatory or task.investigation.status == "closed":
        return None
    return "This task is mandatory. Do it, or ask someone with soc:configure to make it optional."


TASK = Workflow(
    model=Task,
    initial="open",
    statuses=("open", "in_progress", "done", "skipped"),
    moves=(
        Move(
            "start",
            "Start",
            ("open",),
            "in_progress",
            WRITE,
            first=("started_at",),
            icon="play_arrow",
        ),
        Move(
            "complete",
            "Done",
            OPEN_TASKS,
            "done",
            WRITE,
            first=("started_at",),
            stamps=("completed_at",),
            icon="task_alt",
        ),
        Move(
            "skip",
            "Skip",
            OPEN_TASKS,
            "skipped",
            WRITE,
            inputs=(Input("skip_reason", "Reason", needed=True), NOTE),
            stamps=("completed_at",),
            guards=(mandatory_is_done,),
            icon="redo",
        ),
        Move(
            "reopen",
            "Reopen",
            ("done", "skipped"),
            "open",
            WRITE,
            clears=("completed_at", "completed_by", "skip_reason"),
            icon="undo",
        ),
    ),
)

PRIORITIES = SEVERITIES[2:]
GOING = ("pending", "running", "waiting", "uncertain")
OUTCOMES = (
    ("done", "It happened"),
    ("not_done", "It did not happen"),
    ("again", "Do it again"),
)

RUN = Workflow(
    model=PlaybookRun,
    initial="pending",
    statuses=("pending", "running", "waiting", "uncertain", "succeeded", "failed", "cancelled"),
    moves=(
        Move("start", "Start", ("pending",), "running", ENGINE, first=("started_at",)),
        Move("wait", "Wait", ("pending", "running"), "waiting", ENGINE, first=("started_at",)),
        Move("resume", "Go on", ("waiting",), "running", ENGINE),
        Move(
            "doubt",
            "Outcome unknown",
            ("running", "waiting"),
            "uncertain",
            ENGINE,
        ),
        Move(
            "succeed",
            "Succeed",
            ("pending", "running", "waiting"),
            "succeeded",
            ENGINE,
            first=("started_at",),
            stamps=("finished_at",),
        ),
        Move(
            "fail",
            "Fail",
            ("pending", "running", "waiting"),
            "failed",
            ENGINE,
            stamps=("finished_at",),
        ),
        Move(
            "settle",
            "Settle",
            ("uncertain",),
            "running",
            RUN_PLAYBOOKS,
            inputs=(
                Input("outcome", "What is known of it", "choice", OUTCOMES, needed=True),
                NOTE,
            ),
            icon="balance",
        ),
        Move(
            "cancel",
            "Cancel",
            GOING,
            "cancelled",
            RUN_PLAYBOOKS,
            stamps=("finished_at",),
            icon="cancel",
        ),
    ),
)

HANDOVER = Workflow(
    model=ShiftHandover,
    initial="draft",
    statuses=("draft", "signed_out", "signed_in"),
    moves=(
        Move(
            "sign_out",
            "Sign out",
            ("draft",),
            "signed_out",
            WRITE,
            stamps=("signed_out_at",),
            icon="logout",
        ),
        Move(
            "sign_in",
            "Sign in",
            ("signed_out",),
            "signed_in",
            WRITE,
            stamps=("signed_in_at",),
            icon="login",
        ),
    ),
)
