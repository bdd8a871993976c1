"""The timeline in the admin: entries are written and corrected in their investigation's page."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from core import ids, workflow
from core.admin.editing import Field, inputs, words
from core.admin.register import Column, RegisterAdmin
from soc.api.serializers.timeline import TimelineEntrySerializer
from soc.filters.timeline import TimelineFilters
from soc.models import Alert, Comment, Investigation, TimelineEntry
from soc.services import reading, timeline
from soc.vocabulary import TIMELINE_KINDS

LATE = 30  # minutes from which on a late record is marked
FIELDS = (
    Field("occurred_at", "Happened", "time"),
    Field("kind", "Kind", "choice", words(TIMELINE_KINDS)),
    Field("text", "What happened", "text"),
)


@admin.register(TimelineEntry)
class TimelineEntryAdmin(RegisterAdmin):
    service = timeline
    serializer_class = TimelineEntrySerializer
    editable = FIELDS
    delete_scope = "soc:write"
    filterset_class = TimelineFilters
    list_template = "desk/parts.html"
    heading = "Timeline"
    empty = "No events yet. They are written down in the page of an investigation."
    columns = (
        Column("What happened", "text"),
        Column("Investigation", "investigation"),
        Column("Kind", "shown_kind"),
        Column("Happened", "occurred_at"),
        Column("Written down", "created_at"),
    )

    def list_queryset(self, request: HttpRequest) -> Any:
        return TimelineEntry.objects.select_related("investigation")

    def listed(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.shown_kind = row.kind.replace("_", " ").capitalize()
        return super().listed(rows)

    def page_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.seen(request, object_id)
        case = ids.show(Investigation.ID_PREFIX, row.investigation_id)
        return redirect(reverse("admin:soc_investigation_change", args=[case]) + "#timeline")


def days_of(
    case: Investigation,
    alerts: Iterable[Alert],
    comments: Iterable[Comment],
    *,
    may_write: bool,
) -> list[tuple[date, list[dict[str, Any]]]]:
    """Alerts, events, comments and actions by when they happened, a list for each day in the time
    zone of the page. What was done again and again at once is told once, with how often.
    """
    told = timeline_of(case, comments, may_write=may_write)
    entries = reading.in_order([*told, *map(_of_alert, alerts)])
    folded: list[dict[str, Any]] = []
    for entry in entries:
        if folded and _repeats(folded[-1], entry):
            folded[-1]["times"] += 1
        else:
            folded.append(entry)
    by_day = groupby(folded, key=lambda entry: timezone.localtime(entry["at"]).date())
    return [(day, list(group)) for day, group in by_day]


def timeline_of(
    case: Investigation, comments: Iterable[Comment], *, may_write: bool
) -> list[dict[str, Any]]:
    """Events, comments and actions by when they happened, with names, and inputs to correct the
    events. One query.
    """
    entries = reading.timeline(case.pk, comments)
    for entry in entries:
        entry.update(_times(entry["at"], entry["recorded_at"]))
        entry["what"] = workflow.past(entry["verb"].partition(".")[2])
        entry["edit_fields"] = inputs(_event(entry), FIELDS, []) if _may(entry, may_write) else []
    return entries


def _may(entry: dict[str, Any], may_write: bool) -> bool:
    return may_write and entry["verb"] == "event"


def _event(entry: dict[str, Any]) -> TimelineEntry:
    return TimelineEntry(occurred_at=entry["at"], kind=entry["kind"], text=entry["text"])


def _of_alert(alert: Alert) -> dict[str, Any]:
    at = alert.occurred_at or alert.created_at
    return {
        "id": alert.shown_id,
        "kind": "alert",
        "at": at,
        "recorded_at": alert.created_at,
        "alert": alert,
        "person": alert.source_name,
        "text": alert.title,
    } | _times(at, alert.created_at)


def _times(at: datetime, recorded_at: datetime) -> dict[str, Any]:
    """How much later it was written down than it happened; late from half an hour on."""
    minutes = max(0, int((recorded_at - at).total_seconds() // 60))
    return {"minutes": minutes, "is_late": minutes >= LATE, "times": 1}


def _repeats(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The same plain action of the same person within the minute."""
    plain = one["kind"] == other["kind"] == "action" and not (one["text"] or other["text"])
    near = other["at"] - one["at"] < timedelta(minutes=1)
    return plain and near and (one["person"], one["what"]) == (other["person"], other["what"])


def new_fields() -> list[dict[str, Any]]:
    """The inputs of a new event; without a time it happened now."""
    return inputs(TimelineEntry(), FIELDS, [])
