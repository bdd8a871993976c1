"""The engine of runs: claims a step, has it done, records what came of it, and begins what follows.

All that a step leaves in the platform is written in one transaction with the record of it, and the
jobs of what follows are deferred in that same one. Only a call to another side lies between two
transactions, a claim and a record; the claim is a lease with a fence, so that of two workers one
writes. Every transaction locks the run first.
"""

import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from core import actors, audit, identity, scopes, tenancy, workflow
from core.actors import Actor
from core.errors import DomainError
from soc.models import PlaybookRun, StepRun
from soc.models.playbook_run import ENDED, OPEN_STATES
from soc.playbooks import templating
from soc.playbooks.graph import FAILURE, SUCCESS, Graph
from soc.playbooks.steps import Step
from soc.services import connectors, run_context, step_effects, step_waits
from soc.services.step_results import Claim, Result, failed
from soc.workflows import ENGINE

TIMEOUT = 10.0  # seconds for one call, where the step names none
MARGIN = timedelta(seconds=3)  # of a lease, over the time limit of the call
REPAIR_AFTER = timedelta(minutes=2)  # a step whose job is lost is handed out again
NOBODY = "Whoever started this run may not act here any more. Start it again."


def engine() -> Actor:
    """The platform, which alone makes the moves of a run."""
    me = actors.system(tenancy.required())
    return dataclasses.replace(me, scopes=scopes.ALL | {ENGINE})


@audit.verb
def begin(run: PlaybookRun, *, actor: Actor) -> None:
    """Begin a new run: its first step, or the end where it has none. For the caller's
    transaction.
    """
    found = run_context.graph_of(run.playbook_version_id)
    if found.start:
        schedule(run, found, [found.start])
    else:
        workflow.perform(run, "succeed", actor=engine())


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
        run = workflow.perform(run, "start", actor=engine())
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


def record(run: PlaybookRun, step: StepRun, result: Result) -> None:
    """Write what came of a step, begin what follows, and let the run's status follow."""
    now = timezone.now()
    result = result.bounded()
    found = run_context.graph_of(run.playbook_version_id)
    definition = found.steps[step.key]
    if result.again and max(step.attempt, step.fence) <= _retries(definition):
        _try_again(run, step, definition, result, now)
        return _follow(run)
    ended = result.state in ("succeeded", "failed", "cancelled")
    step.state, step.error = result.state, result.error
    step.output = result.output if result.output is not None else step.output
    step.lease_until, step.check_at = None, result.check_at
    step.deadline_at = result.deadline_at or step.deadline_at
    step.finished_at = now if ended else None
    step.save()
    if result.state == "cancelled":
        return _cancel(run, result.error)
    well = result.state == "succeeded" and not result.otherwise
    if ended and not _go_on(run, step, found, SUCCESS if well else FAILURE):
        return _fail(run, step)
    return _follow(run)


def schedule(run: PlaybookRun, found: Graph, keys: Iterable[str]) -> None:
    """Begin steps: a row each, and a job each, in the caller's transaction."""
    known = set(StepRun.objects.filter(run=run).values_list("key", flat=True))
    made = [
        StepRun(
            run=run,
            key=key,
            kind=found.steps[key].kind.name,
            name=found.steps[key].name,
            check_at=timezone.now() + REPAIR_AFTER,
        )
        for key in keys
        if key not in known
    ]
    StepRun.objects.bulk_create(made)
    for step in made:
        defer(step)


def defer(step: StepRun, *, at: datetime | None = None) -> None:
    """Have a worker look at a step, now or at some time."""
    options: dict[str, Any] = {"schedule_at": at} if at else {}
    app.configure_task("soc.run_step", **options).defer(
        tenant_id=str(step.tenant_id), run_id=str(step.run_id), step_id=str(step.pk)
    )


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


def close_open(run: PlaybookRun, told: str) -> None:
    """End the steps that have not ended: nothing of this run goes on."""
    rows = StepRun.objects.filter(run=run, state__in=OPEN_STATES)
    called = rows.filter(state__in=("running", "uncertain"))
    called.update(error=f"{told} The call was under way: it may have happened.")
    rows.update(state="cancelled", lease_until=None, check_at=None, finished_at=timezone.now())


def give_up(run: PlaybookRun, told: str) -> None:
    """Fail a run before it begins."""
    workflow.perform(run, "fail", actor=engine(), follow=lambda _: {"error": told[:2000]})


def settle(run: PlaybookRun, outcome: str) -> None:
    """Go on with what a person says of the steps whose outcome nobody knew."""
    for step in StepRun.objects.filter(run=run, state="uncertain").order_by("id"):
        if outcome == "done":
            record(run, step, Result("succeeded", {"settled": outcome}))
        elif outcome == "not_done":
            record(run, step, failed("A person said that it did not happen."))
        else:
            step.state, step.attempt = "pending", step.attempt + 1
            step.check_at = timezone.now() + REPAIR_AFTER
            step.save()
        run = PlaybookRun.objects.get(pk=run.pk)
        if run.status in ENDED:
            return
    for step in StepRun.objects.filter(run=run, state="pending"):
        defer(step)


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
    _follow(run)
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


def _go_on(run: PlaybookRun, step: StepRun, found: Graph, outcome: str) -> bool:
    """Begin what follows on a step; False where nothing does and the run has failed."""
    others = StepRun.objects.going().filter(run=run).exclude(pk=step.pk)
    way = found.after(step.key, outcome, set(others.values_list("key", flat=True)))
    schedule(run, found, way.starts)
    return not way.fails


def _fail(run: PlaybookRun, step: StepRun) -> None:
    told = f"Step '{step.key}' failed: {step.error}"
    close_open(run, "Another step failed.")
    workflow.perform(run, "fail", actor=engine(), follow=lambda fresh: {"error": told[:2000]})


def _cancel(run: PlaybookRun, told: str) -> None:
    close_open(run, "The run was cancelled.")
    workflow.perform(run, "cancel", actor=engine(), note=told, follow=lambda _: {"error": told})


def _try_again(
    run: PlaybookRun, step: StepRun, definition: Step, result: Result, now: datetime
) -> None:
    tried = max(step.attempt, step.fence)
    waits = float(definition.value("backoff_seconds", 2)) * 2 ** (tried - 1)
    at = now + timedelta(seconds=min(waits, 3600))
    if result.state == "failed":  # it is known that it did not happen: another attempt, another key
        step.attempt += 1
    step.state, step.error = "pending", result.error
    step.lease_until, step.check_at = None, at + REPAIR_AFTER
    step.save()
    defer(step, at=at)


def _follow(run: PlaybookRun) -> None:
    """Bring the run's status in step with its steps."""
    states = set(StepRun.objects.going().filter(run=run).values_list("state", flat=True))
    if "uncertain" in states:
        verb = "doubt"
    elif states & {"pending", "running"}:
        verb = "resume" if run.status == "waiting" else ""
    else:
        verb = "wait" if states else "succeed"
    target = workflow.of(PlaybookRun)[verb].target if verb else run.status
    if run.status != target:
        workflow.perform(run, verb, actor=engine())


def _repeatable(definition: Step) -> bool:
    """Whether doing it again does no harm: reading, or what the other side takes once by its
    key.
    """
    if definition.kind.effect == "repeatable" or definition.given.get("idempotent"):
        return True
    return definition.kind.name == "http" and definition.value("method", "GET") == "GET"


def _retries(definition: Step) -> int:
    return int(definition.value("retries", 0))


def _unknown(step: StepRun) -> str:
    return (
        f"The worker was lost during attempt {step.attempt}. Whether the call happened is not "
        "known: look at the other side, then settle this run."
    )
