"""The investigation's list and page."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse

from core import ids
from core.admin.base import actor_of
from core.admin.editing import Field, words
from core.models import Team
from core.services import people
from grc.models import Incident
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc.admin import case_desk, tasks, timeline
from soc.admin.casework import CaseWorkDesk
from soc.api.serializers.investigations import InvestigationSerializer
from soc.filters.investigations import InvestigationFilters
from soc.models import Alert, Investigation, InvestigationMerge, Playbook, SLADefinition, Template
from soc.querysets import OPEN_INVESTIGATIONS
from soc.services import clock_reading, investigations, links, merges
from soc.vocabulary import PRIORITIES
from soc.workflows import INVESTIGATION, RUN_PLAYBOOKS

MOST_CHOICES = 100


@admin.register(Investigation)
class InvestigationAdmin(CaseWorkDesk):
    service = investigations
    page_template = "desk/investigation.html"
    list_template = "desk/cases.html"
    filterset_class = InvestigationFilters
    heading = "Investigations"
    serializer_class = InvestigationSerializer
    keeper = "assigned_to_id"
    tells_history = False
    editable = (
        Field("title", "Title"),
        Field("description", "Description", "text"),
        Field("priority", "Priority", "choice", words(PRIORITIES)),
        Field("category", "Category"),
        Field("tags", "Tags", "tags"),
        Field("assigned_to_id", "Lead", "member"),
        Field("team_group_id", "Team", "row", prefix=Team.ID_PREFIX),
        Field("sla_definition_id", "SLA", "row", prefix=SLADefinition.ID_PREFIX),
    )
    creatable = (
        Field("title", "Title", starts_empty=True),
        Field("priority", "Priority", "choice", words(PRIORITIES)),
        Field("template_id", "Template", "row", prefix=Template.ID_PREFIX),
    )

    def list_queryset(self, request: HttpRequest) -> Any:
        return Investigation.objects.select_related("assigned_to", "escalated_to_incident")

    def listed(self, rows: list[Any]) -> list[Any]:
        held = links.shown_alerts([row.pk for row in rows])
        return [
            {
                "row": row,
                "number": row.investigation_number,
                "severity": row.priority,
                "person": row.assigned_to,
                "count": len(held.get(row.pk, [])),
                "incident": row.escalated_to_incident,
            }
            for row in rows
        ]

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "statuses": INVESTIGATION.statuses,
            "of_what": "investigation",
            "templates_url": reverse("admin:soc_template_changelist"),
            "empty": "No investigations yet. Escalate an alert, and one opens by itself.",
        }

    def creating(self, request: HttpRequest) -> dict[str, Any]:
        context = super().creating(request)
        rows = Template.objects.order_by("name")[:MOST_CHOICES]
        _fill(context.get("new_fields", []), "template_id", rows, empty="None")
        return context

    def get_queryset(self, request: HttpRequest) -> Any:
        beside = ("assigned_to", "team_group", "sla_definition", "escalated_to_incident")
        merged = Exists(InvestigationMerge.objects.filter(target=OuterRef("pk")))
        rows = super().get_queryset(request).select_related(*beside, "merged_into")
        return rows.annotate(has_merges=merged)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.choices_view)
        own = path("<str:object_id>/choices/", view, name="soc_investigation_choices")
        return [own, *super().get_urls()]

    def members(self, row: Any) -> list[tuple[str, str]]:
        return tasks.choices_of(row.assigned_to)

    def editing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        context = super().editing(request, row)
        _fill(context["edit_fields"], "team_group_id", _held(row.team_group), empty="Nobody's")
        by_priority = _held(row.sla_definition)
        _fill(context["edit_fields"], "sla_definition_id", by_priority, empty="By its priority")
        return context

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        actor = actor_of(request)
        alerts = links.shown_alerts_of(row)
        written = self.comments_of(request, row)
        shown_tasks = tasks.tasks_of(row, actor=actor)
        writes = actor.may("soc:write")
        may_work = writes and row.status in OPEN_INVESTIGATIONS
        return {
            "investigation": row,
            "alerts": alerts,
            **case_desk.shown(row, alerts),
            "playbook_choices": [("", "Choose one")] if actor.may(RUN_PLAYBOOKS) else [],
            "about_name": "investigation_id",
            "incident": row.escalated_to_incident,
            "tasks": shown_tasks,
            "may_task": writes and row.status != "closed",
            "may_work": may_work,
            "new_task_fields": tasks.new_fields() if writes else [],
            "days": timeline.days_of(row, alerts, written["comments"], may_write=writes),
            "new_event_fields": timeline.new_fields(),
            "merges": merges.of([row.pk])[row.pk] if row.has_merges else [],
            "clocks": clock_reading.of("investigation", [row.pk])[row.pk],
            "closing": closing(alerts, shown_tasks),
            "report_url": reverse("investigation-report", args=[row.shown_id]),
            **written,
        }

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """Read when a dialog that asks for them is opened."""
        return {"incident_id": []}

    def choices_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the dialogs of its page offer: people, teams, targets, playbooks, other cases."""
        row = self.seen(request, object_id)
        known = [[ids.show("per", pk), name] for pk, name in people.members().items()]
        slas = SLADefinition.objects.filter(applies_to="investigation").order_by("name")
        found = {
            "incident_id": Incident.objects.filter(status__in=OPEN_INCIDENTS),
            "team_group_id": Team.objects.order_by("name"),
            "sla_definition_id": slas,
            "playbook_id": Playbook.objects.filter(enabled=True).order_by("name"),
            "template_id": Template.objects.order_by("name"),
            "source_ids": others(row),
        }
        offered = {name: _choices(rows) for name, rows in found.items()}
        return JsonResponse({"assigned_to_id": known, "assignee_id": known, **offered})


def others(case: Investigation) -> Any:
    """The open investigations that could be merged into this one, newest first."""
    return Investigation.objects.open().exclude(pk=case.pk).order_by("-id")


def closing(alerts: list[Alert], held: list[Any]) -> str:
    """What a closing would leave open, in a sentence."""
    waiting, undone = investigations.left_open(alerts, held)
    mandatory = sum(task.mandatory for task in undone)
    told = f", {mandatory} of them mandatory" if mandatory else ""
    return f"Still open: alerts {len(waiting)}, tasks {len(undone)}{told}."


def _held(row: Any) -> list[Any]:
    return [row] if row else []


def _choices(rows: Any) -> list[tuple[str, str]]:
    ordered = rows if rows.query.order_by else rows.order_by("-id")
    return [(row.shown_id, str(row)) for row in ordered[:MOST_CHOICES]]


def _fill(fields: list[dict[str, Any]], name: str, rows: Any, *, empty: str) -> None:
    """The choices of an input that names a row."""
    for field in fields:
        if field["name"] == name:
            field["choices"] = [("", empty), *((row.shown_id, str(row)) for row in rows)]
