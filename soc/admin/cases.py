"""The investigation's list and page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from core.admin.base import actor_of
from core.admin.editing import Field, words
from core.models import Team
from grc.models import Incident
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc.admin import case_desk, tasks, timeline
from soc.admin.casework import CaseWorkDesk
from soc.admin.playbook_cards import playbook_card
from soc.api.serializers.investigations import InvestigationSerializer
from soc.filters.investigations import InvestigationFilters
from soc.models import Alert, Investigation, SLADefinition, Template
from soc.querysets import OPEN_INVESTIGATIONS
from soc.services import clock_reading, investigations, links, merges
from soc.workflows import INVESTIGATION, PRIORITIES

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

    def editing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        context = super().editing(request, row)
        teams = Team.objects.order_by("name")[:MOST_CHOICES]
        _fill(context["edit_fields"], "team_group_id", teams, empty="Nobody's")
        chosen = SLADefinition.objects.filter(applies_to="investigation").order_by("name")
        shown = chosen[:MOST_CHOICES]
        _fill(context["edit_fields"], "sla_definition_id", shown, empty="By its priority")
        return context

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        actor = actor_of(request)
        held = links.shown_alerts([row.pk]).get(row.pk, [])
        rows = Alert.objects.for_list().filter(pk__in=held).select_related("assignee")
        alerts = list(rows.order_by("occurred_at"))
        writes = actor.may("soc:write")
        may_work = writes and row.status in OPEN_INVESTIGATIONS
        return {
            "investigation": row,
            "alerts": alerts,
            **case_desk.shown(row, alerts),
            **playbook_card({"investigation_id": row.pk}, "investigation_id", actor, held),
            "incident": row.escalated_to_incident,
            "tasks": tasks.tasks_of(row, actor=actor),
            "may_task": writes and row.status != "closed",
            "may_work": may_work,
            "new_task_fields": tasks.new_fields() if writes else [],
            "days": timeline.days_of(row, alerts, may_write=writes),
            "new_event_fields": timeline.new_fields(),
            "templates": _choices(Template.objects.order_by("name")) if may_work else [],
            "mergeable": _choices(others(row)) if may_work else [],
            "merges": merges.of([row.pk]).get(row.pk, []),
            "clocks": clock_reading.of("investigation", [row.pk])[row.pk],
            "closing": closing(row),
            "report_url": reverse("investigation-report", args=[row.shown_id]),
            **self.comments_of(request, row),
        }

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {"incident_id": _choices(Incident.objects.filter(status__in=OPEN_INCIDENTS))}


def others(case: Investigation) -> Any:
    """The open investigations that could be merged into this one, newest first."""
    return Investigation.objects.open().exclude(pk=case.pk).order_by("-id")


def closing(case: Investigation) -> str:
    """What a closing would leave open, in a sentence."""
    alerts, waiting = investigations.left_open(case)
    mandatory = sum(task.mandatory for task in waiting)
    told = f", {mandatory} of them mandatory" if mandatory else ""
    return f"Still open: alerts {len(alerts)}, tasks {len(waiting)}{told}."


def _choices(rows: Any) -> list[tuple[str, str]]:
    ordered = rows if rows.query.order_by else rows.order_by("-id")
    return [(row.shown_id, str(row)) for row in ordered[:MOST_CHOICES]]


def _fill(fields: list[dict[str, Any]], name: str, rows: Any, *, empty: str) -> None:
    """The choices of an input that names a row."""
    for field in fields:
        if field["name"] == name:
            field["choices"] = [("", empty), *((row.shown_id, str(row)) for row in rows)]
