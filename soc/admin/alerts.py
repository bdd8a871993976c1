"""The alert queue and the alert page."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from core import ids, workflow
from core.admin.base import actor_of, back
from core.admin.editing import Field, number, words
from core.errors import DomainError
from grc.models import Incident
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc import summaries, vocabulary
from soc.admin.commented import CommentedDesk
from soc.admin.playbook_cards import playbook_card
from soc.api.serializers.alerts import AlertSerializer, AssignBody
from soc.api.serializers.saved_views import SavedViewSerializer
from soc.filters.alerts import AlertFilters
from soc.models import Alert, Finding, Investigation, SavedView
from soc.querysets import OPEN_ALERTS
from soc.services import (
    alerts,
    clock_reading,
    documents,
    reading,
    relations,
    rule_quality,
    saved_views,
    sources,
)
from soc.workflows import ALERT

MAX_BULK = 500
MAX_RELATED = 50
MAX_SOURCES = 20
MAX_VIEWS = 20  # saved views beside the built-in ones
NEWEST = "-created_at"
VIEWS: tuple[tuple[str, dict[str, list[str]]], ...] = (
    ("Waiting", {"status": list(OPEN_ALERTS)}),
    ("Mine", {"status": list(OPEN_ALERTS), "assignee_id": ["me"]}),
    ("Nobody's", {"status": list(OPEN_ALERTS), "assignee_id": ["none"]}),
    ("Critical and high", {"status": list(OPEN_ALERTS), "severity": ["critical", "high"]}),
    ("Ended", {"status": ["resolved", "closed", "suppressed"]}),
    ("All", {}),
)
BULK_VERBS = ("acknowledge", "triage", "resolve", "close", "suppress")


@admin.register(Alert)
class AlertAdmin(CommentedDesk):
    service = alerts
    page_template = "desk/alert.html"
    list_template = "desk/queue.html"
    filterset_class = AlertFilters
    heading = "Queue"
    serializer_class = AlertSerializer
    keeper = "assignee_id"
    editable = (
        Field("title", "Title"),
        Field("description", "Description", "text"),
        Field("severity", "Severity", "choice", words(vocabulary.SEVERITIES)),
        Field("category", "Category"),
        Field("tags", "Tags", "tags"),
        Field("malice_override", "Malice", "choice", words(vocabulary.MALICE), starts_empty=True),
        Field("reset_malice_override", "Take malice from the indicators again", "check"),
    )
    creatable = (
        Field("title", "Title", starts_empty=True),
        Field("severity", "Severity", "choice", words(vocabulary.SEVERITIES)),
    )

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("bulk/", wrap(self.bulk_view), name="soc_alert_bulk"),
            path("views/save/", wrap(self.save_view), name="soc_savedview_save"),
            path(
                "views/<str:view_id>/delete/",
                wrap(self.delete_saved_view),
                name="soc_savedview_delete",
            ),
            path("<str:object_id>/assign/", wrap(self.assign_view), name="soc_alert_assign"),
            path("<str:object_id>/undo/", wrap(self.undo_view), name="soc_alert_undo"),
        ]
        return own + super().get_urls()

    def filter_params(self, request: HttpRequest) -> Any:
        """Without any filter the queue shows what waits; `me` is whoever looks."""
        params = super().filter_params(request)
        params.pop("tenant_id", None)
        if not set(request.GET) - {"cursor", "ordering"}:
            params["status"] = ",".join(OPEN_ALERTS)
        if params.get("assignee_id") == "me":
            params["assignee_id"] = ids.show("per", actor_of(request).person_id)
        return params

    def list_queryset(self, request: HttpRequest) -> Any:
        return Alert.objects.for_list().select_related("assignee")

    def listed(self, rows: list[Any]) -> list[Any]:
        clocks = clock_reading.of("alert", [row.pk for row in rows])
        for row in rows:
            row.clock = clock_reading.most_urgent(clocks[row.pk])
        return rows

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        chosen = {name: request.GET.getlist(name) for name in request.GET}
        chosen = {
            name: value[0].split(",") if len(value) == 1 else value
            for name, value in chosen.items()
        }
        if not set(chosen) - {"cursor", "ordering"}:
            chosen["status"] = list(OPEN_ALERTS)
        actor = actor_of(request)
        return {
            "chosen": chosen,
            "facets": facets(chosen),
            "views": [(name, _query(query), _same(query, chosen)) for name, query in VIEWS],
            "may_write": actor.may("soc:write"),
            "saved_views": self.saved(request, chosen),
            "saveable": {name: ",".join(value) for name, value in _filters(chosen).items()},
            "bulk_moves": [
                move for move in ALERT if move.verb in BULK_VERBS and actor.may(move.scope)
            ],
            "q": request.GET.get("q", ""),
        }

    def saved(self, request: HttpRequest, chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
        """The views of this person, and those that are shared."""
        actor = actor_of(request)
        rows = SavedView.objects.filter(resource="alerts").seen_by(actor.person_id).order_by("id")
        return [
            {
                "view": row,
                "query": "?" + urlencode(row.query or {"ordering": NEWEST}),
                "active": _same({k: v.split(",") for k, v in row.query.items()}, chosen),
                "mine": row.owner_id == actor.person_id,
            }
            for row in rows[:MAX_VIEWS]
        ]

    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the filters that are on under a name."""
        if request.method == "POST":
            query = {
                name.removeprefix("query."): value
                for name, value in request.POST.items()
                if name.startswith("query.")
            }
            given = {
                "name": request.POST.get("name", ""),
                "query": query,
                "is_shared": request.POST.get("is_shared") == "true",
            }
            values = self.checked(request, SavedViewSerializer, given, partial=False)
            if values is not None:
                self.attempt(
                    request,
                    lambda: saved_views.create(values, actor=actor_of(request)),
                    done="View saved.",
                )
        return back(request, self.url_of("changelist"))

    def delete_saved_view(self, request: HttpRequest, view_id: str) -> HttpResponse:
        actor = actor_of(request)
        pk = ids.read("viw", view_id)
        view = SavedView.objects.seen_by(actor.person_id).filter(pk=pk).first() if pk else None
        if view is None:
            raise Http404
        if request.method == "POST":
            self.attempt(
                request,
                lambda: saved_views.delete(view, actor=actor),
                done=f"The view '{view.name}' is gone.",
            )
        return back(request, self.url_of("changelist"))

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        actor = actor_of(request)
        shown: Any = reading.with_links([row])[0]
        for link in shown.shown_indicators:
            link.kind = vocabulary.read_aloud(link.indicator.type)
        return {
            "alert": shown,
            "clocks": clock_reading.of("alert", [row.pk])[row.pk],
            "summary": summaries.of_alert(shown),
            **self.comments_of(request, row),
            "related": relations.related_alerts(shown, shown.shown_relations, most=MAX_RELATED),
            **playbook_card({"alert_id": row.pk}, "alert_id", actor),
            "documents": documents.of_alert(row),
            "quality": rule_quality.of_rules([row.rule_id]).get(row.rule_id),
            "findings": Finding.objects.filter(pk__in=shown.shown_finding_ids).order_by("-id"),
            "incidents": list(Incident.objects.filter(pk__in=shown.shown_incident_ids)),
            "may_undo": actor.may("soc:write") and not alerts.why_no_undo(row, actor=actor),
        }

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {
            "investigation_id": [
                (row.shown_id, str(row))
                for row in Investigation.objects.open().order_by("-id")[:50]
            ],
            "incident_id": [
                (row.shown_id, str(row))
                for row in Incident.objects.filter(status__in=OPEN_INCIDENTS).order_by("-id")[:50]
            ],
        }

    def assign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.found(request, object_id)
        if request.method == "POST":
            actor = actor_of(request)
            text = request.POST.get("assignee_id")
            me = ids.show("per", actor.person_id)
            given = {} if text is None else {"assignee_id": me if text == "me" else text or None}
            row.expected_version = number(request.POST.get("version"))
            values = self.checked(request, AssignBody, given, partial=False)
            if values is not None:
                self.attempt(request, lambda: alerts.assign(row, actor=actor, **values), done="")
        return back(request, self.url_of("change", row.shown_id))

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.found(request, object_id)
        if request.method == "POST":
            self.attempt(
                request,
                lambda: alerts.undo(row, actor=actor_of(request)),
                done="Undone: the alert is as it was.",
            )
        return back(request, self.url_of("change", row.shown_id))

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """One dialog for many: the same move for every chosen alert, each answered by itself."""
        verb = request.POST.get("verb", "")
        if verb not in BULK_VERBS:
            raise Http404
        values = self.inputs(request, verb)
        texts = request.POST.getlist("ids")[:MAX_BULK]
        if values is None or not texts:
            return back(request, self.url_of("changelist"))
        read = [ids.read("alr", text) for text in texts]
        known = Alert.objects.for_list().in_bulk([pk for pk in read if pk])
        arguments = workflow.arguments(ALERT[verb], values)
        results = alerts.bulk(
            [known.get(pk) if pk else None for pk in read],
            verb,
            actor=actor_of(request),
            note=values.get("note") or "",
            **arguments,
        )
        tell_results(request, ALERT[verb].target or "done", results)
        return back(request, self.url_of("changelist"))


def tell_results(request: HttpRequest, word: str, results: list[Any]) -> None:
    """`5 of 6 closed. This alert is resolved and cannot …`"""
    refused = [each for each in results if isinstance(each, DomainError)]
    messages.success(request, f"{len(results) - len(refused)} of {len(results)} {word}.")
    for sentence in list(dict.fromkeys(each.message for each in refused))[:3]:
        messages.warning(request, sentence)


def facets(chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The groups of check boxes beside the queue."""
    groups = (
        ("Status", "status", ALERT.statuses),
        ("Severity", "severity", tuple(reversed(vocabulary.SEVERITIES))),
        ("Category", "category", vocabulary.CATEGORIES),
        ("Source", "source_name", tuple(sources.names(MAX_SOURCES))),
    )
    return [
        {
            "title": title,
            "name": name,
            "options": [
                (word, word.replace("_", " ").capitalize(), word in chosen.get(name, ()))
                for word in words
            ],
        }
        for title, name, words in groups
    ]


def _query(query: dict[str, list[str]]) -> str:
    return "?" + (
        "&".join(f"{name}={','.join(value)}" for name, value in query.items())
        or "ordering=-created_at"
    )


def _same(query: dict[str, list[str]], chosen: dict[str, list[str]]) -> bool:
    """Whether the filters are just those of a view."""
    present = {name: set(value) for name, value in _filters(chosen).items()}
    return present == {name: set(value) for name, value in _filters(query).items()}


def _filters(chosen: dict[str, list[str]]) -> dict[str, list[str]]:
    """What was chosen, without the place in the list."""
    return {name: value for name, value in chosen.items() if name not in ("cursor", "ordering")}
