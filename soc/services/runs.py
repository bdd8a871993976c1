"""Verbs of the run. What a run does by itself is in `run_engine`."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from core import actors, audit, ids, records, workflow
from core.actors import Actor
from core.errors import BadInput, Conflict
from soc.models import Alert, Connector, Investigation, Playbook, PlaybookRun, StepRun
from soc.models.playbook_run import ENDED
from soc.services import playbooks, run_context, run_ledger
from soc.workflows import RUN_PLAYBOOKS

MAX_INPUTS = 20_000  # characters of JSON


@audit.verb
def start(
    playbook: Playbook,
    *,
    actor: Actor,
    alert: Alert | None = None,
    investigation: Investigation | None = None,
    inputs: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    stubs: Mapping[str, Any] | None = None,
    note: str = "",
) -> PlaybookRun:
    """Run a playbook on an alert, an investigation, or nothing at all. A dry run calls nobody and
    changes nothing; `stubs` says what its steps are answered, by their keys.
    """
    actor.require(RUN_PLAYBOOKS)
    if not dry_run:
        reason = why_not(playbook)
        if reason:
            raise Conflict(reason)
    run = PlaybookRun(
        playbook=playbook,
        playbook_version=playbooks.newest_version(playbook),
        alert=alert,
        investigation=investigation,
        inputs=dict(inputs or {}),
        stubs=dict(stubs or {}),
        dry_run=dry_run,
        requested_by=actor.person_id,
    )
    return _begin(run, actor=actor, verb="start", note=note)


@audit.verb
def fire(playbook: Playbook, alert: Alert, *, actor: Actor, event: str) -> PlaybookRun | None:
    """Let a playbook run by itself; None where its present version has already run for this
    alert. `actor` is whose doing set it off. What it lacks is the reason of its failure.
    """
    run = PlaybookRun(
        playbook=playbook,
        playbook_version=playbooks.newest_version(playbook),
        alert=alert,
        trigger="automatic",
        requested_by=actor.person_id,
    )
    me = actors.system(actor.tenant_id)
    try:
        with audit.attempt():
            records.create(run, actor=me, verb="fire", details={"event": event})
    except IntegrityError:
        return None
    reason = why_not(playbook)
    if reason:
        run_ledger.give_up(run, reason)
    else:
        run_ledger.begin(run, actor=me)
    return run


@audit.verb
def retry(run: PlaybookRun, *, actor: Actor, from_step: str, note: str = "") -> PlaybookRun:
    """Run the same version again from one step on; what the steps before it found is taken over.
    The run that ended stays as it is.
    """
    actor.require(RUN_PLAYBOOKS)
    old = records.lock(run)
    if old.status not in ENDED:
        raise Conflict("This run has not ended. Cancel it or settle it first.")
    found = run_context.graph_of(old.playbook_version_id)
    if from_step not in found.steps:
        known = ", ".join(found.steps) or "none"
        raise BadInput(f"'{from_step}' is no step of this run. Its steps: {known}.", field="step")
    new = PlaybookRun(
        playbook_id=old.playbook_id,
        playbook_version_id=old.playbook_version_id,
        alert_id=old.alert_id,
        investigation_id=old.investigation_id,
        inputs=old.inputs,
        stubs=old.stubs,
        dry_run=old.dry_run,
        trigger="retry",
        retry_of=old,
        requested_by=actor.person_id,
    )
    records.create(new, actor=actor, verb="retry", note=note, details={"step": from_step})
    _take_over(old, new, found.downstream(from_step))
    run_ledger.schedule(new, found, [from_step])
    return new


@audit.verb
def perform(run: PlaybookRun, verb: str, *, actor: Actor, note: str = "", **inputs: Any) -> Any:
    """Make the move of that name; a person cancels and settles, the rest is the worker's."""
    special = {"cancel": cancel, "settle": settle}
    if verb in special:
        return special[verb](run, actor=actor, note=note, **inputs)
    return workflow.perform(run, verb, actor=actor, note=note, values=inputs)


@audit.verb
def cancel(run: PlaybookRun, *, actor: Actor, note: str = "") -> PlaybookRun:
    """Begin nothing more. What is being called just now cannot be called back."""
    moved = workflow.perform(run, "cancel", actor=actor, note=note)
    run_ledger.close_open(moved, "The run was cancelled.")
    return moved


@audit.verb
def settle(
    run: PlaybookRun, *, actor: Actor, outcome: str | None = None, note: str = ""
) -> PlaybookRun:
    """Say of the steps whose outcome nobody knows that they happened, that they did not, or that
    they are to be done again.
    """
    moved = workflow.perform(run, "settle", actor=actor, note=note, values={"outcome": outcome})
    run_ledger.settle(moved, str(outcome))
    moved.refresh_from_db()
    return moved


def why_not(playbook: Playbook) -> str | None:
    """Why a playbook cannot run now, or None."""
    if playbook.is_deleted or not playbook.enabled:
        return f"'{playbook.name}' is switched off. Switch it on first."
    wanted = [pk for pk in map(_uuid, playbook.required_connector_ids) if pk]
    known = {row.pk: row for row in Connector.objects.filter(pk__in=wanted)} if wanted else {}
    for pk in wanted:
        row = known.get(pk)
        if row is None:
            return f"The connector {ids.show('con', pk)}, which it needs, is gone."
        if not row.enabled:
            return f"The connector '{row.name}', which it needs, is switched off."
        if row.auth_scheme != "none" and row.secret is None:
            return f"The connector '{row.name}', which it needs, has no secret. Enter it first."
    return None


def with_steps(runs: list[PlaybookRun]) -> list[PlaybookRun]:
    """Runs with their steps: as many queries for any number."""
    found = steps_of(runs)
    for run in runs:
        shown: Any = run
        shown.shown_steps = found.get(run.pk, [])
    return runs


def steps_of(runs: Sequence[PlaybookRun]) -> dict[UUID, list[StepRun]]:
    """The steps that runs have begun, in the order in which they did."""
    found: dict[UUID, list[StepRun]] = defaultdict(list)
    rows = StepRun.objects.filter(run__in=[run.pk for run in runs]).order_by("id")
    for row in rows.prefetch_related("decisions"):
        found[row.run_id].append(row)
    return found


def _begin(run: PlaybookRun, *, actor: Actor, verb: str, note: str) -> PlaybookRun:
    for name in ("inputs", "stubs"):
        if len(json.dumps(getattr(run, name))) > MAX_INPUTS:
            raise BadInput(f"At most {MAX_INPUTS} characters of JSON.", field=name)
    made = records.create(run, actor=actor, verb=verb, note=note)
    run_ledger.begin(made, actor=actor)
    made.refresh_from_db()
    return made


def _take_over(old: PlaybookRun, new: PlaybookRun, anew: set[str]) -> None:
    """Copy what the steps before have found; `attempt` 0 says that they were not done again."""
    rows = StepRun.objects.filter(run=old, state__in=("succeeded", "failed")).exclude(key__in=anew)
    StepRun.objects.bulk_create(
        StepRun(
            run=new,
            key=row.key,
            kind=row.kind,
            name=row.name,
            state=row.state,
            attempt=0,
            input=row.input,
            output=row.output,
            error=row.error,
            started_at=row.started_at,
            finished_at=row.finished_at or timezone.now(),
        )
        for row in rows.order_by("id")
    )


def _uuid(text: str) -> UUID | None:
    return ids.read("con", text)
