"""The life cycle of the handover of a shift."""

from core.workflow import Move, Workflow
from soc.models import ShiftHandover
from soc.workflows.scopes import WRITE

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
