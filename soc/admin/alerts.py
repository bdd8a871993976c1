"""The alert queue and the alert page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import path

from core import ids
from core.admin.base import actor_of, back
from core.admin.editing import Field, number, words
from soc import summaries, vocabulary
from soc.admin.commented import CommentedDesk
from soc.admin.queue import QueueDesk
from soc.admin.queue_bulk import escalated_of, tell_what_stays
from soc.api.serializers.alerts import AlertSerializer, AssignBody
from soc.filters.alerts import AlertFilters
from soc.models import Alert
from soc.services import alert_page, alerts, clock_reading, documents, rule_quality
from soc.workflows import RUN_PLAYBOOKS

MAX_PEEKED = 5


@admin.register(Alert)
class AlertAdmin(QueueDesk, CommentedDesk):
    service = alerts
    page_template = "desk/alert.html"
    list_template = "desk/queue.html"
    filterset_class = AlertFilters
    heading = "Queue"
    serializer_class = AlertSerializer
    keeper = "assignee_id"
    editable = (
        Field("title", "Title"),
        Field("description", "Description", "text"),
        Field("severity", "Severity", "choice", words(vocabulary.SEVERITIES)),
        Field("category", "Category"),
        Field("tags", "Tags", "tags"),
        Field("malice_override", "Malice", "choice", words(vocabulary.MALICE), starts_empty=True),
        Field("reset_malice_override", "Take malice from the indicators again", "check"),
    )
    creatable = (
        Field("title", "Title", starts_empty=True),
        Field("severity", "Severity", "choice", words(vocabulary.SEVERITIES)),
    )

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<str:object_id>/assign/", wrap(self.assign_view), name="soc_alert_assign"),
            path("<str:object_id>/peek/", wrap(self.peek_view), name="soc_alert_peek"),
            path("<str:object_id>/undo/", wrap(self.undo_view), name="soc_alert_undo"),
        ]
        return own + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("rule", "assignee")

    def members(self, row: Any) -> list[tuple[str, str]]:
        """Whoever has it, and nobody; the others are read when somebody is to be chosen."""
        held = [(ids.show("per", row.assignee_id) or "", row.assignee.name)] if row.assignee else []
        return [("", "Nobody"), *held]

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        actor = actor_of(request)
        found = alert_page.beside(row)
        for each in found["indicators"]:
            each["kind"] = vocabulary.read_aloud(each["type"])
        seen = [(each["role"], each["value"]) for each in found["indicators"]]
        mine = row.updated_by == actor.person_id and actor.may("soc:write")
        return {
            **found,
            "alert": row,
            "came_from": _came_from(request),
            "clocks": clock_reading.of("alert", [row.pk])[row.pk],
            "summary": summaries.of_alert(row, seen),
            **self.comments_of(request, row),
            "documents": documents.of_alert(row, [value for _, value in seen]),
            "quality": rule_quality.of_late(row.rule_id) if row.rule_id else None,
            "playbook_choices": [("", "Choose one")] if actor.may(RUN_PLAYBOOKS) else [],
            "about_name": "alert_id",
            "may_undo": mine and not alerts.why_no_undo(row, actor=actor),
        }

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """Read when a dialog that asks for them is opened."""
        return {"investigation_id": [], "incident_id": []}

    def peek_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The short version of an alert, beside the queue."""
        row: Any = self.seen(request, object_id)
        found = alert_page.beside(row)
        row.clock = clock_reading.most_urgent(clock_reading.of("alert", [row.pk])[row.pk])
        told = self.comments_of(request, row)["comments"]
        context = {
            "alert": row,
            "case": found["case"],
            "summary": summaries.of_alert(
                row, [(each["role"], each["value"]) for each in found["indicators"]]
            ),
            "indicators": found["indicators"][:MAX_PEEKED],
            "related": found["related"][:MAX_PEEKED],
            "comments": told[-3:][::-1],
        }
        return TemplateResponse(request, "desk/_peek.html", context)

    def assign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.found(request, object_id)
        if request.method == "POST":
            actor = actor_of(request)
            text = request.POST.get("assignee_id")
            me = ids.show("per", actor.person_id)
            given = {} if text is None else {"assignee_id": me if text == "me" else text or None}
            row.expected_version = number(request.POST.get("version"))
            values = self.checked(request, AssignBody, given, partial=False)
            if values is not None:
                self.attempt(request, lambda: alerts.assign(row, actor=actor, **values), done="")
        return back(request, self.url_of("change", row.shown_id))

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.found(request, object_id)
        if request.method == "POST":
            undone = self.attempt(
                request,
                lambda: alerts.undo(row, actor=actor_of(request)),
                done="Undone: the alert is as it was.",
            )
            if undone is not None:
                tell_what_stays(request, escalated_of([row]))
        return back(request, self.url_of("change", row.shown_id))


def _came_from(request: HttpRequest) -> dict[str, str] | None:
    """The queue that the page was opened from: back to it, and on to its next alert."""
    if not request.GET.get("at"):
        return None
    query = QueryDict(mutable=True)
    query["in"], query["at"] = request.GET.get("in", ""), request.GET["at"]
    return {"list": request.GET.get("in", ""), "query": query.urlencode()}
