"""Shift handovers: a list, and the page that is read when a shift begins."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from core.admin.base import names_of
from core.admin.editing import Field
from core.admin.register import Column, RegisterAdmin
from soc.api.serializers.handovers import HandoverSerializer
from soc.filters.handovers import HandoverFilters
from soc.models import ShiftHandover
from soc.services import handovers

TIMES = ("begins_at", "ends_at", "created_at", "due_at", "waiting_since", "changed_at", "last_at")


@admin.register(ShiftHandover)
class HandoverAdmin(RegisterAdmin):
    service = handovers
    serializer_class = HandoverSerializer
    filterset_class = HandoverFilters
    page_template = "desk/handover.html"
    heading = "Shift handovers"
    deletable = False
    naming = ""
    empty = "No handover yet. Begin one before you leave: it is written for you."
    columns = (
        Column("From", "begins_at"),
        Column("Until", "ends_at"),
        Column("Status", "status"),
        Column("Signed out", "signed_out_at"),
        Column("Signed in", "signed_in_at"),
    )
    editable = (Field("remarks", "What the numbers do not say", "text"),)
    creatable = (Field("remarks", "What the numbers do not say", "text", starts_empty=True),)

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        names = names_of({pk for pk in (row.signed_out_by, row.signed_in_by) if pk})
        return {
            **super().contents(request, row),
            "handover": row,
            "told": _with_times(handovers.contents_of(row)),
            "queue_url": reverse("admin:soc_alert_changelist"),
            "left": names.get(row.signed_out_by, ""),
            "came": names.get(row.signed_in_by, ""),
        }


def _with_times(told: Any) -> Any:
    """Moments of a frozen report as moments again, for the page's words."""
    if isinstance(told, list):
        return [_with_times(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {
        name: datetime.fromisoformat(value)
        if name in TIMES and isinstance(value, str)
        else _with_times(value)
        for name, value in told.items()
    }
