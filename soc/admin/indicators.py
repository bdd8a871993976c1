"""Indicators and the lists of known ones: what is known, where it was seen, and a verdict."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.admin.base import actor_of, back
from core.admin.desk import DeskAdmin
from core.admin.editing import Field, number, words
from soc import vocabulary
from soc.api.serializers.indicator_lists import IndicatorListEntrySerializer
from soc.api.serializers.indicators import IndicatorSerializer, JudgeBody
from soc.filters.indicator_lists import IndicatorListEntryFilters
from soc.filters.indicators import IndicatorFilters
from soc.models import Indicator, IndicatorListEntry
from soc.services import indicator_lists, indicators
from soc.vocabulary import read_aloud

SHOWN = 50  # sightings on the page
TYPES = vocabulary.pairs(vocabulary.INDICATOR_TYPES)


@admin.register(Indicator)
class IndicatorAdmin(DeskAdmin):
    service = indicators
    page_template = "desk/indicator.html"
    list_template = "desk/indicators.html"
    filterset_class = IndicatorFilters
    heading = "Indicators"
    serializer_class = IndicatorSerializer
    deletable = False
    editable = (
        Field(
            "ignore_similarity",
            "Alerts that share it",
            "choice",
            (("False", "May be related"), ("True", "Are not related by it")),
        ),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("type", "Type", "choice", TYPES),
        Field("value", "Value", starts_empty=True),
    )
    naming = "value"

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<str:object_id>/judge/", wrap(self.judge_view), name="soc_indicator_judge"),
            path("<str:object_id>/reset/", wrap(self.reset_view), name="soc_indicator_reset"),
        ]
        return own + super().get_urls()

    def listed(self, rows: list[Any]) -> list[Any]:
        shown: list[Any] = indicators.with_counts(rows)
        for row in shown:
            row.kind = read_aloud(row.type)
        return shown

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"words": vocabulary.MALICE, "value": request.GET.get("value", "")}

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        found = indicators.sightings(row, app_id=None).order_by("-id")
        indicators.with_counts([row])
        return {
            "indicator": row,
            "kind": read_aloud(row.type),
            "sightings": found[:SHOWN],
            "results": row.enrichment_results,
            "verdicts": words(indicators.VERDICTS),
            "may_write": actor_of(request).may("soc:write"),
        }

    def judge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say what it is, with the inputs of the dialog."""
        row = self.seen(request, object_id)
        if request.method == "POST":
            row.expected_version = number(request.POST.get("version"))
            given = {name: request.POST.get(name, "") for name in ("malice", "note")}
            values = self.checked(request, JudgeBody, given, partial=False)
            if values is not None:
                self.attempt(
                    request,
                    lambda: indicators.judge(
                        row,
                        actor=actor_of(request),
                        verdict=values["malice"],
                        note=values["note"] or "",
                    ),
                    done="Judged. Its alerts follow, but for those with a verdict of their own.",
                )
        return back(request, self.url_of("change", row.shown_id))

    def reset_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the verdict back."""
        row = self.seen(request, object_id)
        if request.method == "POST":
            self.attempt(
                request,
                lambda: indicators.reset(row, actor=actor_of(request)),
                done="Reset: what enrichment says counts again.",
            )
        return back(request, self.url_of("change", row.shown_id))


@admin.register(IndicatorListEntry)
class IndicatorListEntryAdmin(DeskAdmin):
    service = indicator_lists
    page_template = "desk/list_entry.html"
    list_template = "desk/list_entries.html"
    filterset_class = IndicatorListEntryFilters
    heading = "Lists"
    serializer_class = IndicatorListEntrySerializer
    write_scope = "soc:configure"
    editable = (
        Field("reason", "Reason"),
        Field("expires_at", "Counts until", "time"),
        Field("tags", "Tags", "tags"),
    )
    creatable = (
        Field("kind", "List", "choice", words(vocabulary.LIST_KINDS)),
        Field("type", "Type", "choice", TYPES),
        Field("value", "Value, network or .name", starts_empty=True),
        Field("reason", "Reason", starts_empty=True),
    )
    naming = "value"

    def listed(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.shown_type = read_aloud(row.type)
        return rows

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"kinds": vocabulary.LIST_KINDS}

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"entry": row, "shown_type": read_aloud(row.type)}
