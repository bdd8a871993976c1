"""The investigation's list and page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin.editing import Field, words
from grc.models import Incident
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc.admin.commented import CommentedDesk
from soc.api.serializers.investigations import InvestigationSerializer
from soc.filters.investigations import InvestigationFilters
from soc.models import Alert, Investigation
from soc.services import investigations, links
from soc.workflows import INVESTIGATION, PRIORITIES


@admin.register(Investigation)
class InvestigationAdmin(CommentedDesk):
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
    )
    creatable = (
        Field("title", "Title", starts_empty=True),
        Field("priority", "Priority", "choice", words(PRIORITIES)),
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
            "empty": "No investigations yet. Escalate an alert, and one opens by itself.",
        }

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        held = links.shown_alerts([row.pk]).get(row.pk, [])
        alerts = Alert.objects.for_list().filter(pk__in=held).select_related("assignee")
        return {
            "investigation": row,
            "alerts": alerts.order_by("occurred_at"),
            "incident": row.escalated_to_incident,
            **self.comments_of(request, row),
        }

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        rows = Incident.objects.filter(status__in=OPEN_INCIDENTS).order_by("-id")[:50]
        return {"incident_id": [(row.shown_id, str(row)) for row in rows]}
