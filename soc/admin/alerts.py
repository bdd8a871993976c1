"""The alert queue and the alert page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from core import ids
from core.admin.base import actor_of, back
from core.admin.editing import Field, number, words
from grc.models import Incident
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc import summaries, vocabulary
from soc.admin.commented import CommentedDesk
from soc.admin.playbook_cards import playbook_card
from soc.admin.queue import QueueDesk
from soc.api.serializers.alerts import AlertSerializer, AssignBody
from soc.filters.alerts import AlertFilters
from soc.models import Alert, Finding, Investigation
from soc.services import (
    alerts,
    clock_reading,
    documents,
    links,
    reading,
    relations,
    rule_quality,
)

MAX_RELATED = 50
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

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        actor = actor_of(request)
        shown: Any = reading.with_links([row])[0]
        for link in shown.shown_indicators:
            link.kind = vocabulary.read_aloud(link.indicator.type)
        return {
            "alert": shown,
            "clocks": clock_reading.of("alert", [row.pk])[row.pk],
            "summary": summaries.of_alert(shown),
            **self.comments_of(request, row),
            "related": relations.related_alerts(shown, shown.shown_relations, most=MAX_RELATED),
            **playbook_card({"alert_id": row.pk}, "alert_id", actor),
            "documents": documents.of_alert(row),
            "quality": rule_quality.of_rules([row.rule_id]).get(row.rule_id),
            "findings": Finding.objects.filter(pk__in=shown.shown_finding_ids).order_by("-id"),
            "incidents": list(Incident.objects.filter(pk__in=shown.shown_incident_ids)),
            "may_undo": actor.may("soc:write") and not alerts.why_no_undo(row, actor=actor),
        }

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {
            "investigation_id": [
                (row.shown_id, str(row))
                for row in Investigation.objects.open().order_by("-id")[:50]
            ],
            "incident_id": [
                (row.shown_id, str(row))
                for row in Incident.objects.filter(status__in=OPEN_INCIDENTS).order_by("-id")[:50]
            ],
        }

    def peek_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The short version of an alert, beside the queue."""
        row: Any = self.seen(request, object_id)
        row.shown_indicators = relations.indicators_of([row.pk]).get(row.pk, [])
        row.shown_investigation = links.current_investigations([row.pk]).get(row.pk)
        row.clock = clock_reading.most_urgent(clock_reading.of("alert", [row.pk])[row.pk])
        related = relations.related_of([row.pk]).get(row.pk, [])
        told = self.comments_of(request, row)["comments"]
        context = {
            "alert": row,
            "summary": summaries.of_alert(row),
            "indicators": row.shown_indicators[:MAX_PEEKED],
            "related": relations.related_alerts(row, related, most=MAX_PEEKED),
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
            self.attempt(
                request,
                lambda: alerts.undo(row, actor=actor_of(request)),
                done="Undone: the alert is as it was.",
            )
        return back(request, self.url_of("change", row.shown_id))
