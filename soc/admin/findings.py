"""Findings: a register with their files and their custody."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.admin.base import actor_of, back, names_of
from core.admin.editing import Field, words
from core.admin.register import Column, RegisterAdmin
from soc.api.findings import download_of
from soc.api.serializers.findings import CustodyBody, FileBody, FindingSerializer
from soc.filters.findings import FindingFilters
from soc.models import Alert, Finding
from soc.services import evidence, findings
from soc.vocabulary import CUSTODY_ACTIONS, FINDING_KINDS


@admin.register(Finding)
class FindingAdmin(RegisterAdmin):
    service = findings
    serializer_class = FindingSerializer
    filterset_class = FindingFilters
    page_template = "desk/finding.html"
    heading = "Findings"
    empty = "No findings yet. Write one down from an alert's page, or here."
    columns = (
        Column("Title", "title"),
        Column("Kind", "kind"),
        Column("Holds a file", "has_file"),
        Column("SHA-256", "sha256"),
        Column("Found", "created_at"),
    )
    facts = (
        Column("Kind", "kind"),
        Column("Collected", "collected_at"),
        Column("Agent", "agent_name"),
        Column("Confidence", "confidence"),
        Column("Recommends", "recommended_action"),
        Column("Tags", "tags"),
        Column("Description", "description"),
        Column("Details", "details"),
    )
    editable = (
        Field("title", "Title"),
        Field("description", "Description", "text"),
        Field("collected_at", "Collected", "time"),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("title", "Title", starts_empty=True),
        Field("kind", "Kind", "choice", words(FINDING_KINDS)),
        Field("description", "Description", "text", starts_empty=True),
        Field("alert_ids", "Alerts", "ids", starts_empty=True, help="Their ids, with commas."),
        Field("investigation_id", "Investigation", starts_empty=True, help="Its id: inv_…"),
    )

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path(f"<str:object_id>/{word}/", wrap(view), name=f"soc_finding_{word}")
            for word, view in (
                ("upload", self.upload_view),
                ("download", self.download_view),
                ("verify", self.verify_view),
                ("custody", self.custody_view),
            )
        ]
        return own + super().get_urls()

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        lines = evidence.custody(row)
        names = names_of({line.person_id for line in lines})
        about = findings.alerts_of([row.pk]).get(row.pk, [])
        return super().contents(request, row) | {
            "custody": [
                {"line": line, "person": names.get(line.person_id, "someone who has left")}
                for line in lines
            ],
            "alerts": Alert.objects.for_list().filter(pk__in=about),
            "custody_actions": CUSTODY_ACTIONS,
            "may_write": actor_of(request).may("soc:write"),
        }

    def upload_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.seen(request, object_id)
        given = {**request.POST.dict(), **request.FILES.dict()}
        given = {name: given[name] for name in ("file", "sha256", "note") if given.get(name)}
        values = (
            self.checked(request, FileBody, given, partial=False)
            if request.method == "POST"
            else None
        )
        if values is not None:
            upload = values.pop("file")
            self.attempt(
                request,
                lambda: evidence.store(row, upload, actor=actor_of(request), **values),
                done="Stored and measured. It will not change again.",
            )
        return back(request, self.url_of("change", row.shown_id))

    def download_view(self, request: HttpRequest, object_id: str) -> Any:
        row = self.seen(request, object_id)
        found = self.attempt(request, lambda: download_of(row, request, actor_of(request)), done="")
        return found or back(request, self.url_of("change", row.shown_id))

    def verify_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.seen(request, object_id)
        if request.method == "POST":
            holds = self.attempt(
                request, lambda: evidence.verify(row, actor=actor_of(request)), done=""
            )
            if holds is not None:
                self.message_user(
                    request,
                    "The file is as it was when it was stored."
                    if holds
                    else "The file is no longer what was stored. Its custody says so now.",
                    "SUCCESS" if holds else "ERROR",
                )
        return back(request, self.url_of("change", row.shown_id))

    def custody_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.seen(request, object_id)
        given = {name: request.POST.get(name, "") for name in ("action", "note")}
        values = (
            self.checked(request, CustodyBody, given, partial=False)
            if request.method == "POST"
            else None
        )
        if values is not None:
            self.attempt(
                request,
                lambda: evidence.hand_over(
                    row, values["action"], actor=actor_of(request), note=values["note"]
                ),
                done="Written into the custody.",
            )
        return back(request, self.url_of("change", row.shown_id))
