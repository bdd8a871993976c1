"""Verbs of the task."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from core import audit, records, workflow
from core.actors import Actor
from core.errors import BadInput
from core.services import people
from core.texts import clean_text
from soc.models import Investigation, Task
from soc.models.task import ENDED
from soc.services import locks
from soc.workflows import TASK, WRITE

CONFIGURE = "soc:configure"
WRITABLE = ("title", "description", "mandatory", "due_at", "assignee_id", "tags")


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Task:
    """A new task at the end of an investigation that is not closed (`investigation_id` among the
    values).
    """
    actor.require(WRITE)
    case: Investigation | None = values.get("investigation_id")
    if case is None:
        raise BadInput("Give the investigation that the task belongs to.", field="investigation_id")
    return add(locks.unclosed(case), [_clean(values)], actor=actor, note=note)[0]


@audit.verb
def add(
    case: Investigation, drafts: Iterable[Mapping[str, Any]], *, actor: Actor, note: str = ""
) -> list[Task]:
    """Tasks behind those that are there. The caller holds the investigation's lock and has checked
    the fields.
    """
    actor.require(WRITE)
    last = Task.objects.filter(investigation=case).aggregate(last=Max("position"))["last"] or 0
    made = [
        records.create(Task(investigation=case, position=place, **draft), actor=actor, note=note)
        for place, draft in enumerate(drafts, start=last + 1)
    ]
    for task in made:
        records.remember(case, "add_task", actor=actor, note=task.title, task_id=task.pk)
    return made


@audit.verb
def update(task: Task, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Task:
    """Change fields; a `status` among them is the one move that leads there. Whoever may configure
    makes a mandatory task optional.
    """
    actor.require(WRITE)
    fresh = _locked(task)
    case = values.get("investigation_id")
    if case is not None and case.pk != fresh.investigation_id:
        raise BadInput("A task stays in its investigation.", field="investigation_id")
    move = TASK.move_to(fresh, values["status"]) if values.get("status") else None
    changes = _clean(values)
    if fresh.mandatory and not changes.get("mandatory", True):
        actor.require(CONFIGURE)
    fresh = records.change(fresh, changes, actor=actor, note=note)
    if move is None:
        return fresh
    return perform(fresh, move.verb, actor=actor, note=note, **workflow.arguments(move, values))


@audit.verb
def perform(task: Task, verb: str, *, actor: Actor, note: str = "", **inputs: Any) -> Task:
    """Make the move of that name, while the investigation is not closed."""
    actor.require(TASK[verb].scope)
    locks.unclosed(task.investigation)
    return _move(task, verb, actor=actor, note=note, values=inputs)


@audit.verb
def reorder(task: Task, *, actor: Actor, position: int, note: str = "") -> Task:
    """Make it the n-th of its investigation; the others keep their order round it."""
    actor.require(WRITE)
    fresh = _locked(task)
    others = list(
        Task.objects.select_for_update(of=("self",))
        .filter(investigation=fresh.investigation_id)
        .exclude(pk=fresh.pk)
        .in_order()
    )
    others.insert(max(position - 1, 0), fresh)
    for place, row in enumerate(others, start=1):
        records.change(row, {"position": place}, actor=actor, verb="reorder", note=note)
    return fresh


@audit.verb
def delete(task: Task, *, actor: Actor, note: str = "") -> Task:
    """Delete softly; a mandatory one by whoever may configure."""
    locks.unclosed(task.investigation)
    scope = CONFIGURE if task.mandatory else WRITE
    return records.delete(task, actor=actor, scope=scope, note=note)


@audit.verb
def restore(task: Task, *, actor: Actor, note: str = "") -> Task:
    locks.unclosed(task.investigation)
    return records.restore(task, actor=actor, scope=WRITE, note=note)


@audit.verb
def skip_open(case: Investigation, *, actor: Actor, reason: str) -> None:
    """The open tasks of an investigation that was just closed go along with it."""
    for task in Task.objects.open().filter(investigation=case).in_order():
        _move(task, "skip", actor=actor, note="", values={"skip_reason": reason})


def _move(task: Task, verb: str, *, actor: Actor, note: str, values: Mapping[str, Any]) -> Task:
    def follow(fresh: Task) -> dict[str, Any]:
        return {"completed_by": actor.person_id} if TASK[verb].target in ENDED else {}

    return workflow.perform(task, verb, actor=actor, note=note, values=values, follow=follow)


def _locked(task: Task) -> Task:
    """The task as it is now, locked after its investigation, which is not closed."""
    locks.unclosed(task.investigation)
    return records.lock(task)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if name in values}
    for name in ("title", "description"):
        if name in clean:
            clean[name] = clean_text(clean[name], field=name)
    if "title" in clean:
        clean["title"] = clean["title"] or "Untitled task"
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    if "assignee_id" in clean:
        clean["assignee_id"] = people.require_member(clean["assignee_id"], field="assignee_id")
    return clean


def is_overdue(task: Task, now: datetime) -> bool:
    return task.status not in ENDED and task.due_at is not None and task.due_at < now
