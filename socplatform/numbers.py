"""The numbers as a page of the desk."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from core.actors import Actor
from core.web import back
from soc.api.metrics import csv_of
from soc.services import counted, metrics, metrics_kept
from socplatform import trend_cards

PERIODS = (7, 30, 90)  # days
GROUPS = (
    ("severity", "Severity"),
    ("source_name", "Tool"),
    ("rule", "Rule"),
    ("category", "Category"),
    ("day", "Day"),
)
CLOCKS = (
    ("mttd", "To detect"),
    ("mtta", "To acknowledge"),
    ("mttt", "To triage"),
    ("mttr", "To resolve"),
    ("mttc", "To contain"),
)


def page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """All alerts together, then by group; `frame` is what every page of the site has."""
    days = next((each for each in PERIODS if str(each) == request.GET.get("days")), 30)
    known = dict(GROUPS)
    group_by = request.GET.get("group_by", "severity")
    group_by = group_by if group_by in known else "severity"
    drawn = trend_cards.found(days)
    lines = {name: _lines(name, days, drawn) for name in ("none", group_by)}
    if request.GET.get("as") == "csv":
        return csv_of(lines[group_by])
    context = frame | {
        "title": "Numbers",
        "days": days,
        "numbers_name": counted.name_of_trends(days),
        "periods": PERIODS,
        "group_by": group_by,
        "groups": GROUPS,
        "clocks": [label for _, label in CLOCKS],
        "rows": [_row(each) for each in [*lines["none"], *lines[group_by]]],
        "as_of": drawn.at,
        "charts": _charts(drawn.content) if drawn.content else [],
    }
    return TemplateResponse(request, "desk/numbers.html", context)


def count(request: HttpRequest) -> HttpResponse:
    """Have numbers counted anew by a job, and go back to where they are."""
    actor: Actor | None = getattr(request.user, "actor", None)
    if actor is None or not actor.may("soc:read"):
        raise Http404
    name = request.POST.get("name", "")
    if request.method == "POST" and name in counted.NAMES:
        asked = counted.ask(name)
        told = "A job counts." if asked else "A job was asked to count less than 10 minutes ago."
        messages.info(request, f"{told} Open this page again in a minute.")
    return back(request, reverse("admin:numbers"))


def _charts(given: Any) -> list[tuple[str, Any]]:
    return [
        ("Alerts by severity", trend_cards.volume(given)),
        ("Time to acknowledge, in minutes", trend_cards.times(given)),
        ("Time to resolve, in hours", trend_cards.times(given, resolve=True)),
        ("Clocks of alerts met and late", trend_cards.clocks(given)),
    ]


def _lines(group_by: str, days: int, drawn: counted.Counted) -> list[metrics.Numbers]:
    """As they are now, or as a job kept them, as the charts are."""
    if drawn.by_job:
        return metrics_kept.read(drawn.content, group_by)
    return metrics_kept.measure(days, group_by)


def _row(numbers: metrics.Numbers) -> dict[str, Any]:
    spans = [getattr(numbers, name) for name, _ in CLOCKS]
    return {"numbers": numbers, "group": numbers.group or "All alerts", "spans": spans}
