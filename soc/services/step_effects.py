"""Steps that change the platform's own rows, through the same services as people do."""

from collections.abc import Callable, Mapping
from typing import Any

from core import ids, workflow
from core.actors import Actor
from core.errors import BadInput, Conflict
from soc.models import Alert, Indicator, Investigation, PlaybookRun
from soc.playbooks.steps import Step
from soc.services import alerts, comments, indicators, links, locks, run_context, tasks, templates
from soc.services.step_results import Result, succeeded

Given = Mapping[str, Any]


def change(run: PlaybookRun, definition: Step, given: Given, *, actor: Actor) -> Result:
    """Do it in the actor's name; a DomainError says why not."""
    return succeeded(_CHANGES[definition.kind.name](run, given, actor))


def rehearse(run: PlaybookRun, definition: Step, given: Given) -> Result:
    """What a dry run says of a step: conditions are judged, everything else is answered by the stub
    that was given for it, and nothing is called, asked or changed.
    """
    stub = run.stubs.get(definition.key)
    if definition.kind.name == "condition" and stub is None:
        holds = run_context.holds(run, definition.conditions)
        return Result("succeeded", {"holds": holds}, otherwise=not holds)
    if isinstance(stub, dict) and stub.get("failed"):
        return Result("failed", stub, str(stub["failed"]))
    return succeeded(stub if stub is not None else {"dry_run": True, "would": given})


def _tag(run: PlaybookRun, given: Given, actor: Actor) -> Any:
    alert = _alert(run)
    removed = [str(tag) for tag in given.get("remove") or ()]
    kept = [tag for tag in alert.tags if tag not in removed]
    tags = list(dict.fromkeys([*kept, *(str(tag) for tag in given.get("add") or ())]))
    return {"tags": alerts.update(alert, {"tags": tags}, actor=actor, note=_note(run)).tags}


def _assign(run: PlaybookRun, given: Given, actor: Actor) -> Any:
    person = ids.read("per", given["assignee_id"])
    if person is None:
        raise BadInput(f"'{given['assignee_id']}' is not known here.", field="assignee_id")
    alerts.assign(_alert(run), actor=actor, assignee_id=person, note=_note(run))
    return {"assignee_id": ids.show("per", person)}


def _status(run: PlaybookRun, given: Given, actor: Actor) -> Any:
    """A move of the alert; where it has that status already, nothing is left to do."""
    alert, verb = _alert(run), given["verb"]
    move = workflow.of(Alert)[verb]
    if alert.status == move.target:
        return {"status": alert.status, "unchanged": True}
    names = {each.name for each in move.inputs} - {"note"}
    inputs = {name: value for name, value in given.items() if name in names and value}
    note = given.get("note") or _note(run)
    return {"status": alerts.perform(alert, verb, actor=actor, note=note, **inputs).status}


def _comment(run: PlaybookRun, given: Given, actor: Actor) -> Any:
    target = run.alert or run.investigation
    if target is None:
        raise Conflict("This run is about no alert and no investigation.")
    made = comments.add(target, actor=actor, text=str(given["text"]))
    return {"comment_id": made.shown_id}


def _task(run: PlaybookRun, given: Given, actor: Actor) -> Any:
    draft = templates.TaskDraft(
        str(given["title"]),
        str(given.get("description") or ""),
        bool(given.get("mandatory", False)),
        given.get("due_after_hours"),
    )
    case = locks.unclosed(_case(run))
    made = tasks.add(case, [draft.fields()], actor=actor, note=_note(run))[0]
    return {"task_id": made.shown_id}


def _verdict(run: PlaybookRun, given: Given, actor: Actor) -> Any:
    known = Indicator.objects.filter(value=str(given["value"]))
    row = (known.filter(type=given["type"]) if given.get("type") else known).order_by("id").first()
    if row is None:
        raise BadInput(f"'{given['value']}' is no indicator here.", field="value")
    if row.malice != given["malice"] or row.malice_overridden_at is None:
        indicators.judge(row, actor=actor, verdict=given["malice"], note=_note(run))
    return {"indicator_id": row.shown_id, "malice": given["malice"]}


def _alert(run: PlaybookRun) -> Alert:
    found: Alert | None = Alert.objects.filter(pk=run.alert_id).first() if run.alert_id else None
    if found is None:
        raise Conflict("This run is about no alert, or it was deleted.")
    return found


def _case(run: PlaybookRun) -> Investigation:
    """The investigation that a run is about, or that its alert is in."""
    found = run.investigation
    if found is None and run.alert_id:
        found = links.current_investigations([run.alert_id]).get(run.alert_id)
    if found is None:
        raise Conflict("This run is about no investigation, and its alert is in none.")
    return found


def _note(run: PlaybookRun) -> str:
    return f"Playbook '{run.playbook_version.name}', {run.shown_id}"


_CHANGES: dict[str, Callable[[PlaybookRun, Given, Actor], Any]] = {
    "tag": _tag,
    "assign": _assign,
    "status": _status,
    "comment": _comment,
    "task": _task,
    "verdict": _verdict,
}
