"""The alert queue: the list, what is beside it, and what is new in it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from rest_framework.exceptions import APIException

from core import ids, pages
from core.admin.base import actor_of
from core.errors import DomainError
from core.models import Person
from soc.admin.queue_asked import Asked
from soc.admin.queue_beside import told
from soc.admin.queue_bulk import BulkDesk
from soc.admin.queue_facets import chips, facets, kept, saved, views
from soc.admin.queue_views import ViewsDesk
from soc.models import Alert
from soc.services import clock_reading, queue_columns, queue_order, rule_quality, search

PAGE = 50
NOISY = 0.75
SHORT = {"acknowledge": "Ack", "triage": "Tri", "contain": "Con", "resolve": "Res"}


class QueueDesk(BulkDesk, ViewsDesk):
    """The list of alerts as a queue."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("step/", wrap(self.step_view), name="soc_alert_step"),
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

    def step_view(self, request: HttpRequest) -> HttpResponse:
        """On to the next alert of the queue that somebody came from, or back to the one before."""
        self.may_look(request)
        asked = Asked(request, QueryDict(request.GET.get("in", "")))
        back = f"{self.url_of('changelist')}?{asked.encoded()}"
        try:
            at = request.GET.get("at", "")
            cursor = pages.turned_round(at) if request.GET.get("to") == "previous" else at
            page = asked.cut(asked.rows, limit=1, cursor=cursor)
        except (DomainError, APIException) as error:
            messages.error(request, told(error))
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
            "chips": chips(asked),
            "kept": kept(asked.chosen),
            "saveable": {name: ",".join(value) for name, value in asked.chosen.items()},
            "orders": [(word, name, word == ordering) for word, name in queue_order.ORDERS.items()],
            "columns": _columns(request),
            "most_columns": queue_columns.MOST,
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
            messages.error(request, told(error))
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


def _columns(request: HttpRequest) -> dict[str, Any]:
    """Each column with its head and whether this person sees it."""
    person = request.user
    shown = queue_columns.of(person) if isinstance(person, Person) else queue_columns.USUAL
    return {
        name: {"head": head, "on": name in shown} for name, head in queue_columns.COLUMNS.items()
    }


def came_from(asked: Asked, at: str) -> str:
    """The query by which an alert's page knows the queue and the place it was opened from."""
    query = QueryDict(mutable=True)
    query["in"], query["at"] = asked.encoded(), at
    text: str = query.urlencode()
    return text
