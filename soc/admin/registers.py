"""Rejected records: a list, and a page on which a record is mended and replayed."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from core import ids
from core.admin.base import actor_of
from core.admin.register import Column, RegisterAdmin
from soc.filters.rejected import RejectedRecordFilters
from soc.intake import formats
from soc.models import RejectedRecord
from soc.services import intake, rejected


@admin.register(RejectedRecord)
class RejectedRecordAdmin(RegisterAdmin):
    """Records that intake could not take. Their bytes are shown as text, to be mended."""

    filterset_class = RejectedRecordFilters
    list_template = "desk/rejected_records.html"
    heading = "Rejected records"
    deletable = False
    empty = "Nothing is here. Every record that came has become an alert, a repeat or a skip."
    columns = (
        Column("Reason", "reason"),
        Column("Format", "format"),
        Column("Line", "position"),
        Column("From", "origin"),
        Column("Times", "seen_count"),
        Column("Came", "created_at"),
        Column("Replayed", "replayed_at"),
    )

    def list_queryset(self, request: HttpRequest) -> Any:
        """The bytes are read when a page shows them."""
        return RejectedRecord.objects.defer("raw")

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().list_context(request) | {"waiting": request.GET.get("waiting", "")}

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = path(
            "<str:object_id>/replay/",
            wrap(self.replay_view),
            name="soc_rejectedrecord_replay",
        )
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page with the record; who may send records may replay it."""
        return self._page(request, self._seen(request, object_id))

    def replay_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send the text of the form through intake again; a refusal keeps what was typed."""
        row = self._seen(request, object_id)
        text = request.POST.get("record", row.text).replace("\r\n", "\n")
        shown = self.url_of("change", ids.show(row.ID_PREFIX, row.pk))
        if request.method != "POST":
            return redirect(shown)
        mended = text if text != row.text.replace("\r\n", "\n") else None
        chosen = request.POST.get("format") or None
        done = self.attempt(
            request,
            lambda: rejected.replay(
                row,
                actor=actor_of(request),
                record=mended,
                format=chosen,
                note=request.POST.get("note", ""),
            ),
            "Replayed. It is among the alerts now.",
        )
        return redirect(shown) if done else self._page(request, row, text, chosen)

    def _seen(self, request: HttpRequest, object_id: str) -> RejectedRecord:
        row: RejectedRecord = self.found(request, object_id)
        if not self.has_view_permission(request, row):
            raise Http404
        return row

    def _page(
        self, request: HttpRequest, row: RejectedRecord, text: str = "", chosen: str | None = None
    ) -> HttpResponse:
        may = actor_of(request).may(intake.INGEST) and row.replayed_at is None
        shown = ids.show(row.ID_PREFIX, row.pk)
        context = self.page_context(
            request,
            row,
            title="Rejected record",
            shown_id=shown,
            text=text or row.text,
            formats=list(formats.every().values()),
            chosen=chosen or row.format,
            replay_url=self.url_of("replay", shown) if may else "",
            list_url=self.url_of("changelist"),
        )
        return TemplateResponse(request, "desk/rejected_record.html", context)
