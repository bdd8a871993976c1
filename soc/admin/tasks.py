"""Tasks in the admin: a list to read, and the buttons and dialogs of an investigation's page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone

from core import ids, workflow
from core.actors import Actor
from core.admin.base import actor_of
from core.admin.editing import Field, inputs
from core.admin.register import Column, RegisterAdmin
from core.models import Person
from soc.api.serializers.tasks import ReorderBody, TaskSerializer
from soc.filters.tasks import TaskFilters
from soc.models import Investigation, Task
from soc.services import tasks
from soc.services.tasks import is_overdue

NEEDED = (("True", "Mandatory"), ("False", "Optional"))
FIELDS = (
    Field("title", "Title"),
    Field("description", "Description", "text"),
    Field("mandatory", "Needed", "choice", NEEDED),
    Field("due_at", "Due", "time"),
    Field("assignee_id", "Assignee", "member"),
)


@admin.register(Task)
class TaskAdmin(RegisterAdmin):
    """They are worked on in the page of their investigation, to which everything leads back."""

    service = tasks
    serializer_class = TaskSerializer
    editable = FIELDS
    keeper = "assignee_id"
    delete_scope = "soc:write"
    filterset_class = TaskFilters
    heading = "Tasks"
    empty = "No tasks here. They are added in the page of an investigation."
    columns = (
        Column("Task", "title"),
        Column("Investigation", "investigation"),
        Column("Status", "shown_status"),
        Column("Mandatory", "mandatory"),
        Column("Due", "due_at"),
        Column("Assignee", "assignee"),
    )
    views = (
        ("Open", "status=open,in_progress"),
        ("Mine", "status=open,in_progress&assignee_id=me"),
        ("Nobody's", "status=open,in_progress&assignee_id=none"),
    )

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.reorder_view)
        own = path("<str:object_id>/reorder/", view, name="soc_task_reorder")
        return [own, *super().get_urls()]

    def list_queryset(self, request: HttpRequest) -> Any:
        return Task.objects.select_related("investigation", "assignee")

    def listed(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.shown_status = row.status.replace("_", " ").capitalize()
        return super().listed(rows)

    def page_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.seen(request, object_id)
        case = ids.show(Investigation.ID_PREFIX, row.investigation_id)
        return redirect(reverse("admin:soc_investigation_change", args=[case]) + "#tasks")

    def reorder_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.seen(request, object_id)
        if request.method == "POST":
            given = {"position": request.POST.get("position", "")}
            values = self.checked(request, ReorderBody, given, partial=False)
            if values is not None:
                actor = actor_of(request)
                self.attempt(request, lambda: tasks.reorder(row, actor=actor, **values), done="")
        return redirect(self.url_of("change", row.shown_id))


def tasks_of(case: Investigation, *, actor: Actor) -> list[Any]:
    """The tasks of an investigation in their order, with the moves and inputs that this person has
    now.
    """
    rows: list[Any] = list(
        Task.objects.filter(investigation=case).select_related("assignee").in_order()
    )
    may_write = actor.may("soc:write") and case.status != "closed"
    for place, row in enumerate(rows, start=1):
        row.investigation = case
        row.place = place
        row.is_overdue = is_overdue(row, timezone.now())
        row.options = workflow.options(row, actor=actor) if may_write else []
        row.edit_fields = inputs(row, FIELDS, choices_of(row.assignee)) if may_write else []
    return rows


def new_fields() -> list[dict[str, Any]]:
    """The inputs of a new task."""
    return inputs(Task(title=""), FIELDS, choices_of(None))


def choices_of(person: Person | None) -> list[tuple[str, str]]:
    """Whoever has it, and nobody; the others are read when somebody is to be chosen."""
    return [("", "Nobody"), *([(person.shown_id, person.name)] if person else [])]
