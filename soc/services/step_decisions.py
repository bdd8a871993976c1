"""What people answer to steps that wait for them: approvals and manual tasks."""

from core import audit, ids, records
from core.actors import Actor
from core.errors import Conflict, DomainError
from core.texts import clean_text
from soc.models import PlaybookRun, StepDecision, StepRun
from soc.services import run_context, run_ledger
from soc.services.step_results import Result, failed, succeeded
from soc.services.step_waits import DECIDE
from soc.workflows import WRITE

APPROVED, REJECTED = "approved", "rejected"


class NotYours(DomainError):
    """It is somebody else's to decide."""

    status = 403
    kind = "not_yours"


@audit.verb
def approve(step: StepRun, *, actor: Actor, note: str = "") -> StepRun:
    """Let the run go on, once as many have approved as the step asks for."""
    return _decide(step, APPROVED, actor, note)


@audit.verb
def reject(step: StepRun, *, actor: Actor, note: str = "") -> StepRun:
    """Do not let it: one is enough, and what the step says of a failure follows."""
    return _decide(step, REJECTED, actor, note)


@audit.verb
def complete(step: StepRun, *, actor: Actor, note: str = "", outcome: str = "done") -> StepRun:
    """Say that a manual task is done, or that it could not be."""
    actor.require(WRITE)
    run, fresh = _waiting(step, "manual")
    text = clean_text(note, field="note")
    found = {"by": ids.show("per", actor.person_id), "note": text}
    done = outcome == "done"
    result = succeeded(found) if done else failed(f"It could not be done. {text}".strip())
    records.remember(run, "complete_step", actor=actor, note=text, step=fresh.key, outcome=outcome)
    run_ledger.record(run, fresh, result)
    fresh.refresh_from_db()
    return fresh


def why_not(step: StepRun, *, actor: Actor) -> str | None:
    """Why this person may not answer an approval, or None."""
    if not actor.may(DECIDE):
        return "Deciding needs approvals:decide. Ask a manager, who may."
    if step.run.requested_by == actor.person_id:
        return "You started this run. Somebody else has to decide."
    chosen = {ids.read("per", each) for each in (step.input or {}).get("person_ids") or ()}
    if chosen and actor.person_id not in chosen:
        return "This asks other people by name."
    if any(each.created_by == actor.person_id for each in step.decisions.all()):
        return "You have answered already."
    return None


def why_not_mine(step: StepRun, *, actor: Actor) -> str | None:
    """Why this person may not answer a step that waits, an approval or a manual task, or None."""
    if step.kind == "approval":
        return why_not(step, actor=actor)
    named = ids.read("per", (step.input or {}).get("assignee_id"))
    if named and named != actor.person_id:
        return "This is somebody else's."
    return None if actor.may(WRITE) else "This needs soc:write."


def _decide(step: StepRun, decision: str, actor: Actor, note: str) -> StepRun:
    actor.require(DECIDE)
    run, fresh = _waiting(step, "approval")
    reason = why_not(fresh, actor=actor)
    if reason:
        raise NotYours(reason)
    text = clean_text(note, field="note")
    StepDecision.objects.create(
        step=fresh, decision=decision, note=text, created_by=actor.person_id
    )
    verb = "approve_step" if decision == APPROVED else "reject_step"
    records.remember(run, verb, actor=actor, note=text, step=fresh.key)
    result = _result(run, fresh, decision, actor, text)
    if result is not None:
        run_ledger.record(run, fresh, result)
    fresh.refresh_from_db()
    return fresh


def _result(
    run: PlaybookRun, step: StepRun, decision: str, actor: Actor, note: str
) -> Result | None:
    """What an approval comes to; None while more have to approve."""
    if decision == REJECTED:
        who = actor.name or ids.show("per", actor.person_id)
        return failed(f"{who} said no. {note}".strip())
    definition = run_context.graph_of(run.playbook_version_id).steps[step.key]
    given = StepDecision.objects.filter(step=step, decision=APPROVED).order_by("id")
    people = [ids.show("per", each.created_by) for each in given]
    enough = len(people) >= int(definition.value("count", 1))
    return succeeded({"approved": True, "by": people}) if enough else None


def _waiting(step: StepRun, kind: str) -> tuple[PlaybookRun, StepRun]:
    """Run and step as they are now, the run locked; only a step that waits is answered."""
    run = records.lock(PlaybookRun(pk=step.run_id, tenant_id=step.tenant_id))
    fresh = StepRun.objects.select_related("run").get(pk=step.pk)
    if fresh.kind != kind:
        raise Conflict(f"This step is no {kind}; it is '{fresh.kind}'.")
    if fresh.state != "waiting":
        raise Conflict(f"This step waits for nobody; it is {fresh.state}.")
    return run, fresh
