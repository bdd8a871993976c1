"""The timeline in the admin: entries are written and corrected in their investigation's page."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import ids, workflow
from core.admin.base import names_of
from core.admin.editing import EditingAdmin, Field, inputs, words
from soc.api.serializers.timeline import TimelineEntrySerializer
from soc.models import Investigation, TimelineEntry
from soc.services import reading, timeline
from soc.vocabulary import TIMELINE_KINDS

FIELDS = (
    Field("occurred_at", "Happened", "time"),
    Field("kind", "Kind", "choice", words(TIMELINE_KINDS)),
    Field("text", "What happened", "text"),
)


@admin.register(TimelineEntry)
class TimelineEntryAdmin(EditingAdmin):
    service = timeline
    serializer_class = TimelineEntrySerializer
    editable = FIELDS
    delete_scope = "soc:write"
    list_display = ("text", "kind", "occurred_at", "created_at")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """It is added in the page of its investigation."""
        raise Http404

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.seen(request, object_id)
        case = ids.show(Investigation.ID_PREFIX, row.investigation_id)
        return redirect(reverse("admin:soc_investigation_change", args=[case]) + "#timeline")


def timeline_of(case: Investigation, *, may_write: bool) -> list[dict[str, Any]]:
    """Events, comments and actions by when they happened, with names, and inputs to correct the
    events.
    """
    entries = reading.timelines([case.pk]).get(case.pk, [])
    names = names_of({entry["person_id"] for entry in entries})
    rows = TimelineEntry.objects.filter(investigation=case)
    events = {row.shown_id: row for row in rows} if may_write else {}
    for entry in entries:
        entry["person"] = names.get(entry["person_id"], "someone who has left")
        entry["what"] = workflow.past(entry["verb"].partition(".")[2])
        entry["later"] = entry["recorded_at"] != entry["at"]
        row = events.get(entry["id"])
        entry["version"] = row.version if row else 0
        entry["edit_fields"] = inputs(row, FIELDS, []) if row else []
    return entries


def new_fields() -> list[dict[str, Any]]:
    """The inputs of a new event; without a time it happened now."""
    return inputs(TimelineEntry(), FIELDS, [])
