"""Life cycles of soc, as tables (design: life cycles)."""

from soc.workflows.alert import ALERT
from soc.workflows.handover import HANDOVER
from soc.workflows.investigation import INVESTIGATION, PROPOSAL
from soc.workflows.playbook_run import RUN
from soc.workflows.scopes import ENGINE, RESPOND, RUN_PLAYBOOKS, WRITE
from soc.workflows.task import TASK

__all__ = [
    "ALERT",
    "ENGINE",
    "HANDOVER",
    "INVESTIGATION",
    "PROPOSAL",
    "RESPOND",
    "RUN",
    "RUN_PLAYBOOKS",
    "TASK",
    "WRITE",
]
