"""Templates in the admin: a list with dialogs. Tasks are lines: `! ` before a mandatory one, `(24
h)` behind one that is due so long after.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from core.admin.base import actor_of
from core.admin.editing import EditingAdmin, Field, inputs, words
from soc.api.serializers.templates import TemplateSerializer
from soc.models import Template
from soc.services import templates
from soc.vocabulary import PRIORITIES

_DUE = re.compile(r"\s*\((\d+(?:\.\d+)?) ?h\)$")


@dataclass(frozen=True, slots=True)
class TaskLines(Field):
    """The tasks of a template as lines of a text."""

    def shown(self, row: Any) -> str:
        return "\n".join(_line(task) for task in row.tasks)

    def read(self, text: str) -> Any:
        return [_task(line.strip()) for line in text.splitlines() if line.strip()]


FIELDS = (
    Field("name", "Name"),
    Field("category", "Category"),
    Field("priority", "Priority", "choice", words(PRIORITIES)),
    Field("description", "Description", "text"),
    TaskLines("tasks", "Tasks, one a line: ! is mandatory, (24 h) is due", "text"),
    Field("tags", "Tags", "tags"),
)


@admin.register(Template)
class TemplateAdmin(EditingAdmin):
    service = templates
    serializer_class = TemplateSerializer
    editable = FIELDS
    creatable = FIELDS
    naming = "name"
    write_scope = "soc:configure"

    def given(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Lines hold no descriptions: a task that keeps its title keeps its description, and so
        does one that was renamed where it stands.
        """
        values = super().given(request, row)
        lines = values.get("tasks", [])
        kept = {task["title"]: task["description"] for task in row.tasks}
        same_length = len(lines) == len(row.tasks)
        for place, task in enumerate(lines):
            before = row.tasks[place]["description"] if same_length else ""
            task["description"] = kept.get(task["title"], before)
        return values

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        rows: list[Any] = list(Template.objects.order_by("name")[:200])
        may_write = actor_of(request).may(self.write_scope)
        for row in rows:
            row.edit_fields = inputs(row, FIELDS, []) if may_write else []
        context = self.page_context(
            request, None, title="Templates", rows=rows, **self.creating(request)
        )
        return TemplateResponse(request, "desk/templates.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.seen(request, object_id)
        return redirect(self.url_of("changelist"))


def _line(task: dict[str, Any]) -> str:
    mark = "! " if task["mandatory"] else ""
    hours = task["due_after_hours"]
    return f"{mark}{task['title']}" + (f" ({hours:g} h)" if hours else "")


def _task(line: str) -> dict[str, Any]:
    due = _DUE.search(line)
    title = line[: due.start()] if due else line
    return {
        "title": title.removeprefix("!").strip(),
        "mandatory": line.startswith("!"),
        "due_after_hours": float(due[1]) if due else None,
    }
