"""What the page of an investigation does beside its moves: tasks, events, alerts in and out,
template, merge.
"""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.admin.base import actor_of
from core.admin.base import back as back_to
from soc.admin import tasks as task_pages
from soc.admin import timeline as timeline_pages
from soc.admin.commented import CommentedDesk
from soc.api.serializers.casework import (
    AlertsInBody,
    AlertsOutBody,
    MergeBody,
    TemplateBody,
    UnmergeBody,
)
from soc.api.serializers.tasks import TaskSerializer
from soc.api.serializers.timeline import TimelineEntrySerializer
from soc.services import links, merges, tasks, templates, timeline

_BETWEEN = re.compile(r"[\s,;]+")


class CaseWorkDesk(CommentedDesk):
    """Each view checks its form by a shape of the API, calls one service and leads back."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        views: dict[str, Callable[..., HttpResponse]] = {
            "task": self.task_view,
            "event": self.event_view,
            "take_in": self.take_in_view,
            "take_out": self.take_out_view,
            "template": self.template_view,
            "merge": self.merge_view,
            "unmerge": self.unmerge_view,
        }
        own = [
            path(f"<str:object_id>/{word}/", wrap(view), name=f"soc_investigation_{word}")
            for word, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def task_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        given = _filled(request, task_pages.FIELDS)

        def call(row: Any, actor: Any, values: dict[str, Any]) -> Any:
            return tasks.create({**values, "investigation_id": row}, actor=actor)

        return self._run(request, object_id, TaskSerializer, given, call, "Task added.")

    def event_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        given = _filled(request, timeline_pages.FIELDS)

        def call(row: Any, actor: Any, values: dict[str, Any]) -> Any:
            return timeline.create({**values, "investigation_id": row}, actor=actor)

        return self._run(request, object_id, TimelineEntrySerializer, given, call, "Event added.")

    def take_in_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        given = _alerts(request) | {"move": bool(request.POST.get("move"))}

        def call(row: Any, actor: Any, values: dict[str, Any]) -> bool:
            links.add_alerts(
                row,
                values["alert_ids"],
                actor=actor,
                reason=values.get("note") or "",
                move=values["move"],
            )
            return True

        return self._run(request, object_id, AlertsInBody, given, call, "Alerts added.")

    def take_out_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def call(row: Any, actor: Any, values: dict[str, Any]) -> bool:
            reason = values.get("note") or ""
            links.remove_alerts(row, values["alert_ids"], actor=actor, reason=reason)
            return True

        done = "Taken out. It is in the queue as before."
        return self._run(request, object_id, AlertsOutBody, _alerts(request), call, done)

    def template_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        given = {"template_id": request.POST.get("template_id", "")}

        def call(row: Any, actor: Any, values: dict[str, Any]) -> Any:
            return templates.apply(row, values["template_id"], actor=actor)

        return self._run(request, object_id, TemplateBody, given, call, "Its tasks are added.")

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        given = {
            "source_ids": request.POST.getlist("source_ids"),
            "note": request.POST.get("note", ""),
        }

        def call(row: Any, actor: Any, values: dict[str, Any]) -> Any:
            note = values.get("note") or ""
            return merges.merge(row, values["source_ids"], actor=actor, note=note)

        done = "Merged. It can be undone here, as long as nothing that moved is changed."
        return self._run(request, object_id, MergeBody, given, call, done)

    def unmerge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        given = {"merge_id": request.POST.get("merge_id", "")}

        def call(row: Any, actor: Any, values: dict[str, Any]) -> Any:
            return merges.undo(row, values["merge_id"], actor=actor)

        done = "Undone: every row is as before the merge."
        return self._run(request, object_id, UnmergeBody, given, call, done)

    def _run(
        self,
        request: HttpRequest,
        object_id: str,
        shape: Any,
        given: dict[str, Any],
        call: Callable[[Any, Any, dict[str, Any]], Any],
        done: str,
    ) -> HttpResponse:
        row = self.seen(request, object_id)
        if request.method == "POST":
            values = self.checked(request, shape, given, partial=False)
            if values is not None:
                actor = actor_of(request)
                self.attempt(request, lambda: call(row, actor, values), done=done)
        return back_to(request, self.url_of("change", row.shown_id))


def _filled(request: HttpRequest, fields: tuple[Any, ...]) -> dict[str, Any]:
    """The inputs of a dialog that hold something."""
    given = {field: request.POST.get(field.name, "").strip() for field in fields}
    return {field.name: field.read(text) for field, text in given.items() if text}


def _alerts(request: HttpRequest) -> dict[str, Any]:
    texts = _BETWEEN.split(request.POST.get("alert_ids", "").strip())
    return {
        "alert_ids": [text for text in texts if text],
        "note": request.POST.get("note", ""),
    }
