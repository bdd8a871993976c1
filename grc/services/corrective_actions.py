"""Verbs of the corrective action."""

from collections.abc import Mapping
from typing import Any

from core import audit, records, workflow
from core.actors import Actor
from core.errors import MoveRefused
from grc.models import CorrectiveAction, Incident
from grc.services import action_risks, texts
from grc.workflows import WRITE

WRITABLE = ("title", "description", "owner_id", "due_at", "evidence", "tags")


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> CorrectiveAction:
    """Write one down; `{}` is enough. `risk_ids` are the keys of the risks that it lowers."""
    actor.require(WRITE)
    incident = values.get("incident_id")
    made = records.create(
        CorrectiveAction(incident=incident, **_clean(values)), actor=actor, note=note
    )
    return _with_risks(made, values, actor, note)


@audit.verb
def update(
    action: CorrectiveAction, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> CorrectiveAction:
    """Change fields; a `status` among them is the one move that leads there."""
    actor.require(WRITE)
    fresh = records.lock(action)
    cycle = workflow.of(CorrectiveAction)
    move = cycle.move_to(fresh, values["status"]) if values.get("status") else None
    changes = _clean(values)
    if "incident_id" in values:
        changes["incident"] = values["incident_id"]
    fresh = records.change(fresh, changes, actor=actor, note=note)
    fresh = _with_risks(fresh, values, actor, note)
    return perform(fresh, move.verb, actor=actor, note=note) if move else fresh


@audit.verb
def perform(
    action: CorrectiveAction, verb: str, *, actor: Actor, note: str = "", evidence: str = ""
) -> CorrectiveAction:
    """Make a move. Whoever owns or did it does not verify it."""

    def follow(fresh: CorrectiveAction) -> dict[str, Any]:
        if verb == "complete":
            return {"completed_by": actor.person_id}
        if verb == "verify":
            if actor.person_id in (fresh.completed_by, fresh.owner_id):
                raise MoveRefused(
                    "You own or did this. Another person verifies it.", allowed=["reopen"]
                )
            return {"verified_by": actor.person_id}
        return {}

    values = {"evidence": evidence}
    return workflow.perform(action, verb, actor=actor, note=note, values=values, follow=follow)


def delete(action: CorrectiveAction, *, actor: Actor, note: str = "") -> CorrectiveAction:
    return records.delete(action, actor=actor, scope=WRITE, note=note)


def restore(action: CorrectiveAction, *, actor: Actor, note: str = "") -> CorrectiveAction:
    return records.restore(action, actor=actor, scope=WRITE, note=note)


def ownerless(incident: Incident) -> str | None:
    """Why an incident cannot be closed while nobody has a corrective action; None when all are
    given.
    """
    rows = CorrectiveAction.objects.filter(incident=incident, owner=None, status="open")
    titles = list(rows.order_by("id").values_list("title", flat=True)[:5])
    if not titles:
        return None
    return f"Nobody owns {', '.join(titles)}. Give each corrective action an owner first."


def _with_risks(
    action: CorrectiveAction, values: Mapping[str, Any], actor: Actor, note: str
) -> CorrectiveAction:
    wanted = values.get(action_risks.FIELD)
    if wanted is not None:
        action_risks.set_risks(action, wanted, actor=actor, note=note)
    return action


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    return texts.clean(values, WRITABLE, nullable={"owner_id", "due_at", "evidence"})
