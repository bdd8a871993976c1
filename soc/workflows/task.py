"""The life cycle of a task."""

from core.workflow import NOTE, Input, Move, Workflow
from soc.models import Task
from soc.querysets import OPEN_TASKS
from soc.workflows.scopes import WRITE


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
