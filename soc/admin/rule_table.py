"""The list of detection rules as a table of their quality: in the order of a number, and as CSV."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from core import csvs, ids, pages
from core.admin.editing import number
from core.admin.register import Column, RegisterAdmin
from core.templatetags.desk import duration
from soc.models import DetectionRule
from soc.services import counted, rule_quality, rule_ranking
from soc.services.counted import Counted
from soc.services.rule_quality import Quality
from soc.services.rule_ranking import Ranking
from soc.services.windows import DAYS

NONE = "–"
COLUMNS = (
    Column("Rule", "name"),
    Column("Tool", "source_name"),
    Column("Severity", "shown_severity"),
    Column("Alerts", "shown_volume", "volume"),
    Column("Open", "shown_open", "open"),
    Column("Verdicts", "shown_verdicts"),
    Column("False positives", "shown_rate", "false_positive_rate"),
    Column("Acknowledged", "shown_acknowledged", "to_acknowledge"),
    Column("Closed", "shown_closed", "to_close"),
    Column("Last fired", "shown_last_fired", "last_fired"),
)
COUNTING = "The numbers of all rules are not counted yet. Have a job count them here."
TOLD = ("name", "source_name", "severity", "is_active")


class RuleTable(RegisterAdmin):
    """The newest first, or by one of the ranking's columns: `?by=volume`, `?by=-volume` rising."""

    list_template = "desk/rules.html"
    columns = COLUMNS
    views = (
        ("Active", "is_active=true"),
        ("Off", "is_active=false"),
        ("Stubs", "is_stub=true"),
    )

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name="soc_detectionrule_csv"), *super().get_urls()]

    def listed(self, rows: list[Any]) -> list[Any]:
        return super().listed([_told(row) for row in rows])

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        kept = _kept(request)
        return super().list_context(request) | {
            "days": DAYS,
            "by": request.GET.get("by", ""),
            "csv_url": self.url_of("csv"),
            "by_job": kept is not None,
            "numbers_name": counted.RULES,
            "as_of": kept.at if kept else None,
        }

    def cut(self, request: HttpRequest, rows: Any) -> pages.Page:
        """The page that is asked for, its rules with their quality."""
        page = self._page(request, rows)
        rule_ranking.with_quality(list(page.rows), _kept(request))
        return page

    def _page(self, request: HttpRequest, rows: Any) -> pages.Page:
        """In the order of a number only rules that fired are listed; their cursor is a place."""
        by = request.GET.get("by", "")
        column = by.removeprefix("-")
        if column not in rule_ranking.COLUMNS:
            return super().cut(request, rows)
        ranking = _ranking(request)
        if ranking is None:
            messages.info(request, COUNTING)
            return super().cut(request, rows)
        ordered = rule_ranking.order(ranking, column, rising=by.startswith("-"))
        known = {str(pk) for pk in rows.values_list("pk", flat=True)}
        found = [line[0] for line in ordered if line[0] in known]
        return self._place(rows, found, number(request.GET.get("cursor")) or 0)

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """All rules that fired, with their numbers, as CSV that a spreadsheet does not run."""
        if not self.has_view_permission(request):
            raise Http404
        ranking = _ranking(request)
        if ranking is None:
            messages.info(request, COUNTING)
            return redirect(self.url_of("changelist"))
        rules = {str(row.pk): row for row in DetectionRule.objects.only("pk", *TOLD)}
        lines = [_line(rules[line[0]], line) for line in ranking if line[0] in rules]
        head = ("id", *TOLD, *rule_ranking.COLUMNS)
        return csvs.download("rules.csv", csvs.written(head, lines))

    def _place(self, rows: Any, found: list[str], start: int) -> pages.Page:
        size = self.page_size
        wanted = found[start : start + size]
        held = {str(row.pk): row for row in rows.filter(pk__in=wanted)}
        return pages.Page(
            [held[pk] for pk in wanted if pk in held],
            next=str(start + size) if start + size < len(found) else None,
            previous=str(max(start - size, 0)) if start else None,
        )


def _kept(request: HttpRequest) -> Counted | None:
    """What a job counted, where alerts are many; asked once a request."""
    asked: Any = request
    if not hasattr(asked, "kept_ranking"):
        asked.kept_ranking = rule_ranking.kept()
    found: Counted | None = asked.kept_ranking
    return found


def _ranking(request: HttpRequest) -> Ranking | None:
    """All rules that fired, counted now or by a job; None before the first count."""
    kept = _kept(request)
    return rule_ranking.count(DAYS) if kept is None else kept.content


def _line(rule: DetectionRule, line: list[Any]) -> list[Any]:
    plain = line[1 : len(rule_ranking.COLUMNS)]
    fired = rule_ranking.fired_at(line)
    told = [getattr(rule, name) for name in TOLD]
    last = fired.isoformat(timespec="seconds") if fired else ""
    return [ids.show(rule.ID_PREFIX, rule.pk), *told, *plain, last]


def _told(row: Any) -> Any:
    """A rule with its numbers in people's words."""
    quality: Quality = row.quality
    row.shown_severity = (row.severity or NONE).capitalize()
    row.shown_volume = quality.volume
    row.shown_open = quality.open_count
    row.shown_verdicts = ", ".join(verdict_told(each) for each in quality.verdicts) or NONE
    row.shown_rate = percent(quality.false_positive_rate)
    row.shown_acknowledged = _minutes(quality.median_minutes_to_acknowledge)
    row.shown_closed = _minutes(quality.median_minutes_to_close)
    row.shown_last_fired = quality.last_fired_at or NONE
    return row


def verdict_told(each: rule_quality.VerdictCount) -> str:
    """`12 false positive: analytic logic`"""
    cause = f": {each['cause']}" if each["cause"] else ""
    return f"{each['count']} {each['verdict']}{cause}".replace("_", " ")


def percent(rate: float | None) -> str:
    return NONE if rate is None else f"{rate:.0%}".replace("%", " %")


def _minutes(value: float | None) -> str:
    return NONE if value is None else duration(value)
