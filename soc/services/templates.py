"""Verbs of the template: a list of tasks that investigations of a kind begin with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core import audit, records
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.texts import clean_text
from soc.models import Investigation, Template
from soc.services import locks, tasks
from soc.vocabulary import PRIORITIES
from soc.workflows import WRITE

CONFIGURE = "soc:configure"
WRITABLE = ("name", "category", "priority", "description", "tasks", "tags")
MAX_TASKS = 100
MAX_NAME = 200
MAX_HOURS = 24 * 366


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task as a template keeps it. `due_after_hours` counts from when the template is applied."""

    title: str
    description: str = ""
    mandatory: bool = False
    due_after_hours: float | None = None

    def fields(self) -> dict[str, Any]:
        """The columns of the task that it becomes now."""
        due = None
        if self.due_after_hours is not None:
            due = timezone.now() + timedelta(hours=self.due_after_hours)
        return {
            "title": self.title,
            "description": self.description,
            "mandatory": self.mandatory,
            "due_at": due,
        }


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Template:
    """A new template; `{}` is enough."""
    actor.require(CONFIGURE)
    clean = _clean({"name": "New template", **values})
    return records.create(Template(**clean), actor=actor, note=note)


@audit.verb
def update(
    template: Template, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Template:
    """Change it; investigations keep the tasks that they got."""
    actor.require(CONFIGURE)
    fresh = records.lock(template)
    return records.change(fresh, _clean(values, template=fresh), actor=actor, note=note)


def delete(template: Template, *, actor: Actor, note: str = "") -> Template:
    return records.delete(template, actor=actor, scope=CONFIGURE, note=note)


@audit.verb
def restore(template: Template, *, actor: Actor, note: str = "") -> Template:
    """Bring a deleted template back, unless another has taken its name."""
    actor.require(CONFIGURE)
    _require_free(template.name)
    return records.restore(template, actor=actor, scope=CONFIGURE, note=note)


@audit.verb
def apply(
    case: Investigation, template: Template, *, actor: Actor, note: str = ""
) -> Investigation:
    """Give an investigation the tasks of a template, behind those that it has; once each."""
    actor.require(WRITE)
    fresh = locks.unclosed(case)
    if fresh.template_id == template.pk:
        raise Conflict(
            f"{fresh.investigation_number} has the tasks of '{template.name}' already.",
            field="template_id",
        )
    drafts = [TaskDraft(**draft) for draft in template.tasks]
    tasks.add(fresh, [draft.fields() for draft in drafts], actor=actor, note=template.name)
    values = {"template_id": template.pk}
    return records.change(fresh, values, actor=actor, verb="apply_template", note=note)


def defaults(template: Template) -> dict[str, Any]:
    """What a new investigation of this kind has where its maker says nothing else."""
    return {
        "category": template.category,
        "priority": template.priority,
        "description": template.description,
        "tags": template.tags,
    }


def clean_tasks(value: object) -> list[dict[str, Any]]:
    """The tasks as they are kept; a fault is refused by the place and the name of the field."""
    if not isinstance(value, list) or len(value) > MAX_TASKS:
        raise BadInput(f"Tasks are a list of at most {MAX_TASKS}.", field="tasks")
    return [asdict(_draft(place, item)) for place, item in enumerate(value, start=1)]


def _draft(place: int, item: object) -> TaskDraft:
    if not isinstance(item, dict):
        raise BadInput(f"Task {place} is not an object with a title.", field="tasks")
    unknown = sorted(set(item) - {"title", "description", "mandatory", "due_after_hours"})
    if unknown:
        raise BadInput(f"Task {place} has no field '{unknown[0]}'.", field="tasks")
    title, description = item.get("title"), item.get("description", "")
    mandatory, hours = item.get("mandatory", False), item.get("due_after_hours")
    if not isinstance(title, str) or not title.strip() or len(title) > 2000:
        raise BadInput(f"Give task {place} a title of at most 2000 characters.", field="tasks")
    if not isinstance(description, str) or not isinstance(mandatory, bool):
        raise BadInput(
            f"Task {place}: description is a text, and mandatory true or false.", field="tasks"
        )
    if hours is not None and (
        isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MAX_HOURS
    ):
        raise BadInput(
            f"Task {place}: due_after_hours is a number of hours up to a year.", field="tasks"
        )
    return TaskDraft(
        clean_text(title, field="tasks"), clean_text(description, field="tasks"), mandatory, hours
    )


def _clean(values: Mapping[str, Any], *, template: Template | None = None) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if name in values}
    if "name" in clean:
        clean["name"] = clean_text(clean["name"], field="name")
        if not 0 < len(clean["name"]) <= MAX_NAME:
            raise BadInput(f"A name has 1 to {MAX_NAME} characters.", field="name")
        if template is None or clean["name"] != template.name:
            _require_free(clean["name"])
    if "priority" in clean and clean["priority"] not in PRIORITIES:
        raise BadInput(
            f"'{clean['priority']}' is not known here. Use one of: {', '.join(PRIORITIES)}.",
            field="priority",
        )
    if "tasks" in clean:
        clean["tasks"] = clean_tasks(clean["tasks"])
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean


def _require_free(name: str) -> None:
    if Template.objects.filter(name=name).exists():
        raise Conflict(f"There is a template '{name}' already. Choose another name.", field="name")
