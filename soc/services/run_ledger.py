"""The ledger of a run: what came of a step is written, what follows is begun, and the run's status
follows, all in the caller's transaction, which holds the lock of the run.
"""

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from core import actors, audit, scopes, tenancy, workflow
from core.actors import Actor
from soc.models import PlaybookRun, StepRun
from soc.models.playbook_run import ENDED, OPEN_STATES
from soc.playbooks.graph import FAILURE, SUCCESS, Graph
from soc.playbooks.steps import Step
from soc.services import run_context
from soc.services.step_results import Result, failed
from soc.workflows import ENGINE

REPAIR_AFTER = timedelta(minutes=2)  # a step whose job is lost is handed out again


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


def record(run: PlaybookRun, step: StepRun, result: Result) -> None:
    """Write what came of a step, begin what follows, and let the run's status follow."""
    now = timezone.now()
    result = result.bounded()
    found = run_context.graph_of(run.playbook_version_id)
    definition = found.steps[step.key]
    if result.again and max(step.attempt, step.fence) <= _retries(definition):
        _try_again(run, step, definition, result, now)
        return follow(run)
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
    return follow(run)


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


def give_up(run: PlaybookRun, told: str) -> None:
    """Fail a run before it begins."""
    workflow.perform(run, "fail", actor=engine(), follow=lambda _: {"error": told[:2000]})


def close_open(run: PlaybookRun, told: str) -> None:
    """End the steps that have not ended: nothing of this run goes on."""
    rows = StepRun.objects.filter(run=run, state__in=OPEN_STATES)
    called = rows.filter(state__in=("running", "uncertain"))
    called.update(error=f"{told} The call was under way: it may have happened.")
    rows.update(state="cancelled", lease_until=None, check_at=None, finished_at=timezone.now())


def follow(run: PlaybookRun) -> None:
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


def _retries(definition: Step) -> int:
    return int(definition.value("retries", 0))
