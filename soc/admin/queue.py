"""The alert queue: the list, what is beside it, and what is new in it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from rest_framework.exceptions import APIException

from core import csvs, ids, pages
from core.admin.base import actor_of
from core.admin.desk import DeskAdmin
from core.errors import DomainError
from core.problems import describe
from core.services import people
from grc.models import Incident
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc.admin.queue_asked import Asked
from soc.admin.queue_bulk import BulkDesk
from soc.admin.queue_facets import facets, saved, views
from soc.admin.queue_views import ViewsDesk
from soc.models import Alert, Investigation, Playbook
from soc.services import clock_reading, queue_counts, queue_order, rule_quality, search

PAGE = 50
MOST_NEW = 100  # newer alerts are counted up to here
MOST_CASES = 50
MOST_CHOICES = 200
MOST_LINES = 5000  # of a CSV
NOISY = 0.75
COLUMNS = (
    "id",
    "severity",
    "status",
    "title",
    "host_name",
    "user_name",
    "source_name",
    "rule_name",
    "category",
    "malice",
    "seen",
    "occurred_at",
    "created_at",
    "due_at",
    "assignee",
    "close_classification",
)
SHORT = {"acknowledge": "Ack", "triage": "Tri", "contain": "Con", "resolve": "Res"}


class QueueDesk(BulkDesk, ViewsDesk, DeskAdmin):
    """The list of alerts as a queue."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("facets/", wrap(self.facets_view), name="soc_alert_facets"),
            path("news/", wrap(self.news_view), name="soc_alert_news"),
            path("csv/", wrap(self.csv_view), name="soc_alert_csv"),
            path("step/", wrap(self.step_view), name="soc_alert_step"),
            path("choices/", wrap(self.choices_view), name="soc_alert_choices"),
        ]
        return own + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A page of the queue in the order that was asked for, by cursor."""
        if not self.has_view_permission(request):
            raise Http404
        asked = Asked(request)
        context = self.page_context(
            request,
            None,
            title=self.heading,
            **self._page(request, asked),
            **self.creating(request),
            **self.list_context(request),
        )
        return TemplateResponse(request, self.list_template, context)

    def facets_view(self, request: HttpRequest) -> HttpResponse:
        """The filters with their counts: read after the page, so that it need not wait for them."""
        self._may_look(request)
        asked, actor = Asked(request), actor_of(request)
        counts = queue_counts.of(asked.statuses, me=actor.person_id)
        context = {"facets": facets(asked.chosen, counts), "chosen": asked.chosen}
        return TemplateResponse(request, "desk/_facets.html", context)

    def news_view(self, request: HttpRequest) -> HttpResponse:
        """How many newer alerts match, and where the shown ones stand by now."""
        self._may_look(request)
        since = _uuid(request.GET.get("since", ""))
        shown = [pk for pk in map(_read, request.GET.getlist("ids")[:PAGE]) if pk]
        try:
            rows = Asked(request).rows.order_by()
            new = rows.filter(pk__gt=since)[:MOST_NEW].count() if since else 0
        except APIException as error:
            return JsonResponse({"detail": _told(error)}, status=400)
        now = Alert.objects.filter(pk__in=shown).values_list("pk", "status", "assignee__name")
        stand = {ids.show("alr", pk): [status, name or ""] for pk, status, name in now}
        return JsonResponse({"new": new, "most": MOST_NEW, "rows": stand})

    def choices_view(self, request: HttpRequest) -> HttpResponse:
        """What the dialogs offer: people, open cases and incidents, playbooks."""
        self._may_look(request)
        people_here = [[ids.show("per", pk), name] for pk, name in people.members().items()]
        cases = Investigation.objects.open().order_by("-id")[:MOST_CASES]
        incidents = Incident.objects.filter(status__in=OPEN_INCIDENTS).order_by("-id")[:MOST_CASES]
        playbooks = Playbook.objects.filter(enabled=True).order_by("name")[:MOST_CHOICES]
        return JsonResponse(
            {
                "assignee": people_here,
                "investigation_id": [[row.shown_id, str(row)] for row in cases],
                "incident_id": [[row.shown_id, str(row)] for row in incidents],
                "playbook_id": [[row.shown_id, row.name] for row in playbooks],
            }
        )

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """The present view as CSV that a spreadsheet does not run, up to a bound."""
        self._may_look(request)
        asked = Asked(request)
        try:
            page = asked.cut(asked.rows.select_related("assignee"), limit=MOST_LINES, cursor=None)
        except (DomainError, APIException) as error:
            return HttpResponse(_told(error), status=400, content_type="text/plain")
        name = f"alerts-first-{MOST_LINES}.csv" if page.next else "alerts.csv"
        text = csvs.written(COLUMNS, (_line(row) for row in page.rows))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)

    def step_view(self, request: HttpRequest) -> HttpResponse:
        """On to the next alert of the queue that somebody came from, or back to the one before."""
        self._may_look(request)
        asked = Asked(request, QueryDict(request.GET.get("in", "")))
        back = f"{self.url_of('changelist')}?{asked.encoded()}"
        try:
            at = request.GET.get("at", "")
            cursor = pages.turned_round(at) if request.GET.get("to") == "previous" else at
            page = asked.cut(asked.rows, limit=1, cursor=cursor)
        except (DomainError, APIException) as error:
            messages.error(request, _told(error))
            return redirect(back)
        if not page.rows:
            messages.info(request, "That was the last one in this view.")
            return redirect(back)
        row = page.rows[0]
        at = queue_order.place(row, asked.ordering)
        return redirect(f"{self.url_of('change', row.shown_id)}?{came_from(asked, at)}")

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        asked, actor = Asked(request), actor_of(request)
        ordering = asked.ordering
        return {
            "chosen": asked.chosen,
            "facets": facets(asked.chosen),
            "views": views(asked.chosen),
            "saved_views": saved(actor.person_id, asked.chosen),
            "saveable": {name: ",".join(value) for name, value in asked.chosen.items()},
            "orders": [(word, name, word == ordering) for word, name in queue_order.ORDERS.items()],
            "may_write": actor.may("soc:write"),
            "bulk_moves": self.bulk_moves(actor),
            "undoable": self.undoable(request),
            "now_id": str(ids.new()),
            "asked": asked.encoded(),
            "q": request.GET.get("q", ""),
        }

    def _why_empty(self, request: HttpRequest) -> dict[str, Any]:
        """What may help where nothing is shown: names near the one that was searched for, and
        whether there are any alerts at all.
        """
        words = request.GET.get("q", "")
        return {
            "near": search.near(words) if words else [],
            "has_any": Alert.objects.exists(),
        }

    def _page(self, request: HttpRequest, asked: Asked) -> dict[str, Any]:
        try:
            rows = asked.rows.select_related("assignee").annotate(closed_as=rule_quality.lately())
            page = asked.cut(rows, limit=PAGE, cursor=request.GET.get("cursor"))
        except (DomainError, APIException) as error:
            messages.error(request, _told(error))
            page = pages.Page([], None, None)
        beside = {} if page.rows else self._why_empty(request)
        return {"page": page, "rows": self._shown(page.rows, asked), **beside}

    def _shown(self, rows: list[Any], asked: Asked) -> list[Any]:
        """Rows with their clock, how good their rule is, and how they are opened."""
        clocks = clock_reading.of("alert", [row.pk for row in rows])
        for row in rows:
            row.clock = clock_reading.most_urgent(clocks[row.pk])
            row.clock_word = SHORT.get(row.clock.kind, "") if row.clock else ""
            row.false_rate = rule_quality.rate_of(row.closed_as)
            row.is_noisy = row.false_rate is not None and row.false_rate >= NOISY
            row.came_from = came_from(asked, queue_order.place(row, asked.ordering))
        return rows

    def _may_look(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise Http404


def came_from(asked: Asked, at: str) -> str:
    """The query by which an alert's page knows the queue and the place it was opened from."""
    query = QueryDict(mutable=True)
    query["in"], query["at"] = asked.encoded(), at
    text: str = query.urlencode()
    return text


def _told(error: Exception) -> str:
    problem = describe(error)
    return str(problem["detail"]) if problem else ""


def _read(text: str) -> UUID | None:
    return ids.read("alr", text)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line(row: Any) -> list[Any]:
    plain = {
        "id": row.shown_id,
        "seen": row.duplicate_count + 1,
        "assignee": row.assignee.name if row.assignee else "",
    }
    values = [plain[name] if name in plain else getattr(row, name) for name in COLUMNS]
    return [each.isoformat() if isinstance(each, datetime) else each for each in values]
