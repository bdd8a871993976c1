"""Steps that call nobody and change nothing: conditions, parallels, and those that wait."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import ids
from core.services import notifications
from core.services.notifications import About
from soc.models import PlaybookRun, StepRun
from soc.playbooks.steps import Step
from soc.services import notices, run_context
from soc.services.step_results import Result, failed, succeeded

DECIDE = "approvals:decide"
LOOKS_EVERY = timedelta(minutes=1)  # at conditions that are waited for


def look(run: PlaybookRun, step: StepRun, definition: Step, given: dict[str, Any]) -> Result:
    """What a step comes to now: waiting, until its time is over or its condition holds."""
    return _LOOKS[definition.kind.name](run, step, definition, given)


def _condition(run: PlaybookRun, step: StepRun, definition: Step, given: Any) -> Result:
    holds = run_context.holds(run, definition.conditions)
    return Result("succeeded", {"holds": holds}, otherwise=not holds)


def _parallel(run: PlaybookRun, step: StepRun, definition: Step, given: Any) -> Result:
    return succeeded()


def _wait(run: PlaybookRun, step: StepRun, definition: Step, given: dict[str, Any]) -> Result:
    now = timezone.now()
    if "minutes" in given:
        until = _since(step) + timedelta(minutes=given["minutes"])
        return succeeded() if now >= until else Result("waiting", check_at=until)
    if run_context.holds(run, definition.conditions):
        return succeeded()
    deadline = _deadline(step, given)
    if deadline and now >= deadline:
        return failed("What it waits for has not come about in time.")
    look_at = now + LOOKS_EVERY
    return Result(
        "waiting", check_at=min(look_at, deadline) if deadline else look_at, deadline_at=deadline
    )


def _manual(run: PlaybookRun, step: StepRun, definition: Step, given: dict[str, Any]) -> Result:
    deadline = _deadline(step, given)
    if deadline and timezone.now() >= deadline:
        return failed("Nobody did it in time.")
    person = ids.read("per", given.get("assignee_id"))
    if step.state == "pending" and person:
        _tell(run, step, {person}, notices.MANUAL.name, str(given["instructions"]))
    return Result("waiting", check_at=deadline, deadline_at=deadline)


def _approval(run: PlaybookRun, step: StepRun, definition: Step, given: dict[str, Any]) -> Result:
    deadline = _deadline(step, given)
    if deadline and timezone.now() >= deadline:
        return _unanswered(definition)
    if step.state == "pending":
        chosen = {pk for each in given.get("person_ids", ()) if (pk := ids.read("per", each))}
        asked = (chosen or notifications.holders_of(DECIDE)) - {run.requested_by}
        _tell(run, step, asked, notices.APPROVAL.name, str(given["question"]))
    return Result("waiting", check_at=deadline, deadline_at=deadline)


def _unanswered(definition: Step) -> Result:
    told = "Nobody answered in time."
    way = definition.value("without_answer", "reject")
    if way == "approve":
        return succeeded({"approved": True, "without_answer": True})
    return Result("cancelled", error=told) if way == "cancel" else failed(told)


def _since(step: StepRun) -> datetime:
    return step.started_at or timezone.now()


def _deadline(step: StepRun, given: dict[str, Any]) -> datetime | None:
    minutes = given.get("deadline_minutes")
    return _since(step) + timedelta(minutes=minutes) if minutes else None


def _tell(run: PlaybookRun, step: StepRun, people: set[UUID], kind: str, text: str) -> None:
    """Once for each step, however often it is looked at."""
    about = About("playbook_run", run.pk)
    notifications.tell(people, kind, text, key=f"{step.pk}:{step.attempt}", about=about)


_LOOKS = {
    "condition": _condition,
    "parallel": _parallel,
    "wait": _wait,
    "manual": _manual,
    "approval": _approval,
}
