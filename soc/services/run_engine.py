"""The engine of runs: does a step, or claims one that calls out and records what came of that.

All that a step leaves in the platform is written in one transaction with the record of it, and the
jobs of what follows are deferred in that same one. Only a call to another side lies between two
transactions, a claim and a record; the claim is a lease with a fence, so that of two workers one
writes. Every transaction locks the run first.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import actors, audit, identity, tenancy, workflow
from core.actors import Actor
from core.errors import DomainError
from soc.models import PlaybookRun, StepRun
from soc.models.playbook_run import ENDED
from soc.playbooks import templating
from soc.playbooks.steps import Step
from soc.services import connectors, run_context, run_ledger, step_effects, step_waits
from soc.services.run_ledger import REPAIR_AFTER, defer, record
from soc.services.step_results import Claim, Result, failed

TIMEOUT = 10.0  # seconds for one call, where the step names none
MARGIN = timedelta(seconds=3)  # of a lease, over the time limit of the call
NOBODY = "Whoever started this run may not act here any more. Start it again."


@audit.verb
def take(run_id: UUID, step_id: UUID, *, actor: Actor) -> Claim | None:
    """Do a step that needs nobody outside, or claim one that does; None when nothing is left to be
    called.
    """
    run = _locked(run_id)
    step = StepRun.objects.filter(pk=step_id, run=run_id).first()
    if run is None or step is None or step.state not in ("pending", "running", "waiting"):
        return None
    if run.status in (*ENDED, "uncertain"):
        return None
    now = timezone.now()
    found = run_context.graph_of(run.playbook_version_id)
    if step.state == "running":
        if step.lease_until > now:
            return None
        if not _repeatable(found.steps[step.key]):
            record(run, step, Result("uncertain", error=_unknown(step)))
            return None
    if run.status == "pending":
        run = workflow.perform(run, "start", actor=run_ledger.engine())
    return _do(run, step, found.steps[step.key], now)


@audit.verb
def finish(claim: Claim, result: Result, *, actor: Actor) -> bool:
    """Record what a call came to; False where the claim is not the newest, and nothing is
    written.
    """
    run = _locked(claim.run_id)
    step = StepRun.objects.filter(pk=claim.step_id).first()
    if run is None or step is None or step.state != "running" or step.fence != claim.fence:
        return False
    record(run, step, result)
    return True


def wake(limit: int = 500) -> int:
    """Hand out the steps whose time has come, and those whose job or worker was lost; how many.
    A step that waits costs nothing until then.
    """
    now = timezone.now()
    due = list(StepRun.objects.to_check(now).select_for_update(skip_locked=True)[:limit])
    StepRun.objects.filter(pk__in=[step.pk for step in due]).update(check_at=now + REPAIR_AFTER)
    for step in due:
        defer(step)
    return len(due)


def _locked(run_id: UUID) -> PlaybookRun | None:
    rows = PlaybookRun.objects.select_for_update(of=("self",), no_key=True)
    found: PlaybookRun | None = (
        rows.select_related("playbook_version", "alert", "investigation").filter(pk=run_id).first()
    )
    return found


def _do(run: PlaybookRun, step: StepRun, definition: Step, now: datetime) -> Claim | None:
    """Within the transaction: the whole step, or its claim."""
    try:
        given = run_context.given_of(run, _templated(definition))
    except templating.NoValue as missing:
        record(run, step, failed(str(missing)))
        return None
    step.started_at = step.started_at or now
    step.input = step.input or given or None
    if run.dry_run:
        record(run, step, step_effects.rehearse(run, definition, given))
        return None
    effect = definition.kind.effect
    if effect in ("network", "repeatable"):
        return _claim(run, step, definition, given, now)
    worker: dict[str, Callable[[], Result]] = {
        "none": lambda: step_waits.look(run, step, definition, given),
        "platform": lambda: _in_the_name(run, definition, given),
    }
    record(run, step, _guarded(worker[effect]))
    return None


def _claim(
    run: PlaybookRun, step: StepRun, definition: Step, given: dict[str, Any], now: datetime
) -> Claim | None:
    timeout = float(definition.value("timeout_seconds", TIMEOUT))
    target = None
    try:
        if _acting(run) is None:
            raise DomainError(NOBODY)
        if given.get("connector_id"):
            target = connectors.target(given["connector_id"])
    except DomainError as refusal:
        record(run, step, failed(refusal.message))
        return None
    step.state, step.fence = "running", step.fence + 1
    step.lease_until = step.check_at = now + timedelta(seconds=timeout) + MARGIN
    step.save()
    run_ledger.follow(run)
    return Claim(
        run_id=run.pk,
        step_id=step.pk,
        fence=step.fence,
        attempt=step.attempt,
        kind=step.kind,
        given=given,
        timeout=timeout,
        repeatable=_repeatable(definition),
        connector=target,
        alert_id=run.alert_id,
    )


def _in_the_name(run: PlaybookRun, definition: Step, given: dict[str, Any]) -> Result:
    """A change of the platform's own rows, by whoever started the run, as they may now."""
    actor = _acting(run)
    if actor is None:
        return failed(NOBODY)
    return step_effects.change(run, definition, given, actor=actor)


def _acting(run: PlaybookRun) -> Actor | None:
    """Whoever a run acts for: the platform where it fires by itself, else the one who started it,
    while they may.
    """
    if run.trigger == "automatic":
        return actors.system(tenancy.required())
    tenant_id = tenancy.required()
    return identity.enter(run.requested_by, tenant_id, run.app_id, source_type="system")


def _guarded(work: Callable[[], Result]) -> Result:
    """A refusal undoes what the step has changed, and is the reason of its failure."""
    try:
        with audit.attempt():
            return work()
    except DomainError as refusal:
        return failed(refusal.message)


def _templated(definition: Step) -> dict[str, Any]:
    """The values that templates are filled in: conditions and keys of steps are none."""
    kinds = {each.name: each.kind for each in definition.kind.fields}
    return {
        name: value
        for name, value in definition.given.items()
        if kinds[name] not in ("conditions", "steps")
    }


def _repeatable(definition: Step) -> bool:
    """Whether doing it again does no harm: reading, or what the other side takes once by its
    key.
    """
    if definition.kind.effect == "repeatable" or definition.given.get("idempotent"):
        return True
    return definition.kind.name == "http" and definition.value("method", "GET") == "GET"


def _unknown(step: StepRun) -> str:
    return (
        f"The worker was lost during attempt {step.attempt}. Whether the call happened is not "
        "known: look at the other side, then settle this run."
    )
