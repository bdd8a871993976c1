"""What is read beside the queue: counts of its filters, what is new, what dialogs offer, CSV."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe
from rest_framework.exceptions import APIException

from core import csvs, ids
from core.admin.base import actor_of
from core.admin.desk import DeskAdmin
from core.errors import DomainError
from core.problems import describe
from core.services import people
from grc.models import Incident
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc.admin.queue_asked import Asked
from soc.admin.queue_facets import VIEWS, facets
from soc.models import Alert, Investigation, Playbook
from soc.services import exports, queue_counts
from soc.workflows import RESPOND, RUN_PLAYBOOKS, WRITE

MOST_SHOWN = 200  # rows whose standing is asked for
MOST_NEW = 100  # newer alerts are counted up to here
MOST_CASES = 50
MOST_CHOICES = 200
MOST_LINES = 5000  # of a CSV
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


class BesideDesk(DeskAdmin):
    """Small answers for the page of the queue."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("facets/", wrap(self.facets_view), name="soc_alert_facets"),
            path("news/", wrap(self.news_view), name="soc_alert_news"),
            path("csv/", require_safe(wrap(self.csv_view)), name="soc_alert_csv"),
            path("choices/", wrap(self.choices_view), name="soc_alert_choices"),
        ]
        return own + super().get_urls()

    def facets_view(self, request: HttpRequest) -> HttpResponse:
        """The filters with their counts: read after the page, so that it need not wait for them."""
        self.may_look(request)
        asked, actor = Asked(request), actor_of(request)
        counts = queue_counts.of(asked.statuses, me=actor.person_id)
        context = {
            "facets": facets(asked.chosen, counts),
            "view_counts": [(name, counts.matching(query)) for name, query in VIEWS],
        }
        return TemplateResponse(request, "desk/_facets.html", context)

    def news_view(self, request: HttpRequest) -> HttpResponse:
        """How many newer alerts match, and where the shown ones stand by now."""
        self.may_look(request)
        since = _uuid(request.GET.get("since", ""))
        shown = [pk for pk in map(_read, request.GET.getlist("ids")[:MOST_SHOWN]) if pk]
        try:
            rows = Asked(request).rows.order_by()
            new = rows.filter(pk__gt=since)[:MOST_NEW].count() if since else 0
        except APIException as error:
            return JsonResponse({"detail": told(error)}, status=400)
        now = Alert.objects.filter(pk__in=shown).values_list("pk", "status", "assignee__name")
        stand = {ids.show("alr", pk): [status, name or ""] for pk, status, name in now}
        return JsonResponse({"new": new, "most": MOST_NEW, "rows": stand})

    def choices_view(self, request: HttpRequest) -> HttpResponse:
        """What the dialogs offer to this person: people, open cases and incidents, playbooks."""
        self.may_look(request)
        may = actor_of(request).may
        found: dict[str, list[Any]] = {"assignee": [], "investigation_id": [], "incident_id": []}
        found["playbook_id"] = []
        if may(WRITE):
            found["assignee"] = [[ids.show("per", pk), n] for pk, n in people.members().items()]
        if may(RESPOND):
            cases = Investigation.objects.open().order_by("-id")[:MOST_CASES]
            incidents = Incident.objects.filter(status__in=OPEN_INCIDENTS).order_by("-id")
            found["investigation_id"] = [[row.shown_id, str(row)] for row in cases]
            found["incident_id"] = [[row.shown_id, str(row)] for row in incidents[:MOST_CASES]]
        if may(RUN_PLAYBOOKS):
            playbooks = Playbook.objects.filter(enabled=True).order_by("name")[:MOST_CHOICES]
            found["playbook_id"] = [[row.shown_id, row.name] for row in playbooks]
        return JsonResponse(found)

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """The present view as CSV that a spreadsheet does not run, up to a bound; the trail tells
        of it.
        """
        self.may_look(request)
        asked = Asked(request)
        try:
            page = asked.cut(asked.rows.select_related("assignee"), limit=MOST_LINES, cursor=None)
        except (DomainError, APIException) as error:
            return HttpResponse(told(error), status=400, content_type="text/plain")
        exports.record(
            actor=actor_of(request),
            count=len(page.rows),
            filters=asked.chosen,
            ordering=asked.ordering,
            is_cut=bool(page.next),
        )
        name = f"alerts-first-{MOST_LINES}.csv" if page.next else "alerts.csv"
        return csvs.download(name, csvs.written(COLUMNS, (_line(row) for row in page.rows)))

    def may_look(self, request: HttpRequest) -> None:
        """404 for who may not read alerts."""
        if not self.has_view_permission(request):
            raise Http404


def told(error: Exception) -> str:
    """What is wrong with a query, as its answer says it."""
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
