"""The life cycle of a run of a playbook."""

from core.workflow import NOTE, Input, Move, Workflow
from soc.models import PlaybookRun
from soc.workflows.scopes import ENGINE, RUN_PLAYBOOKS

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
