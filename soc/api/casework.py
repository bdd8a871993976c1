"""What is done with a whole investigation over REST: timeline, alerts in and out, merge, template,
report.
"""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from soc.api import rendering
from soc.api.commented import Commented
from soc.api.serializers.casework import (
    AlertsInBody,
    AlertsOutBody,
    MergeBody,
    TemplateBody,
    UnmergeBody,
)
from soc.api.serializers.timeline import TimelineEntrySerializer
from soc.models import Investigation
from soc.services import links, merges, reading, reports, templates, timeline

BOTH = ("comments", "timeline")


class CaseWork(Commented):
    """The actions of the investigation beside its moves."""

    def scope_of(self, action_name: str) -> str:
        if action_name in BOTH:
            return "soc:read" if self.request.method == "GET" else "soc:write"
        return super().scope_of(action_name)

    @extend_schema(
        request=TimelineEntrySerializer,
        responses={200: OpenApiTypes.OBJECT, 201: TimelineEntrySerializer},
    )
    @action(detail=True, methods=["get", "post"])
    def timeline(self, request: Request, pk: str) -> Response:
        """Events, comments and actions by when they happened; a POST adds an event."""
        case = self.get_object()
        if request.method == "POST":
            values = {**self.checked(TimelineEntrySerializer), "investigation_id": case}
            values.pop("note", None)
            entry = timeline.create(values, actor=self.actor)
            body = TimelineEntrySerializer(entry).data
            return Response(body, status=status.HTTP_201_CREATED)
        found = reading.public_timeline(case.pk, app_id=self.actor.app_id)
        return Response({"results": found, "next": None, "previous": None})

    @extend_schema(request=AlertsInBody)
    @action(detail=True, methods=["post"], url_path="alerts/add", url_name="alerts-add")
    def add_alerts(self, request: Request, pk: str) -> Response:
        """Put alerts in; with `move`, out of another open investigation in the same step."""
        case, values = self.get_object(), self.checked(AlertsInBody)
        return self._changed(links.add_alerts, case, values, move=values.get("move", False))

    @extend_schema(request=AlertsOutBody)
    @action(detail=True, methods=["post"], url_path="alerts/remove", url_name="alerts-remove")
    def remove_alerts(self, request: Request, pk: str) -> Response:
        """Take alerts out."""
        case, values = self.get_object(), self.checked(AlertsOutBody)
        return self._changed(links.remove_alerts, case, values)

    @extend_schema(request=MergeBody)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Take over all that other open investigations hold; they close. `merges` shows the id."""
        case, values = self.get_object(), self.checked(MergeBody)
        note = values.get("note") or ""
        return self.shown(merges.merge(case, values["source_ids"], actor=self.actor, note=note))

    @extend_schema(request=UnmergeBody)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, pk: str) -> Response:
        """Undo a merge: every row is as before. Refused when one of them changed since."""
        case, values = self.get_object(), self.checked(UnmergeBody)
        note = values.get("note") or ""
        return self.shown(merges.undo(case, values["merge_id"], actor=self.actor, note=note))

    @extend_schema(request=TemplateBody)
    @action(detail=True, methods=["post"], url_path="apply-template", url_name="apply-template")
    def apply_template(self, request: Request, pk: str) -> Response:
        """Add the tasks of a template."""
        case, values = self.get_object(), self.checked(TemplateBody)
        note = values.get("note") or ""
        return self.shown(templates.apply(case, values["template_id"], actor=self.actor, note=note))

    @extend_schema(
        filters=False,
        parameters=[
            OpenApiParameter("as", str, enum=["html", "md"], description="html if left out.")
        ],
        responses={(200, "text/html"): str, (200, "text/markdown"): str},
    )
    @action(detail=True, methods=["get"])
    def report(self, request: Request, pk: str) -> HttpResponse:
        """The whole investigation to hand on: HTML for print, or Markdown (`as=md`)."""
        shape = request.query_params.get("as", "html")
        if shape not in rendering.SHAPES:
            raise ValidationError({"as": [f"Use one of: {', '.join(rendering.SHAPES)}."]})
        return rendering.answer(reports.of(self.get_object(), app_id=self.actor.app_id), shape)

    def _changed(
        self, verb: Any, case: Investigation, values: dict[str, Any], **more: Any
    ) -> Response:
        note = values.get("note") or ""
        verb(case, values["alert_ids"], actor=self.actor, reason=note, **more)
        return self.shown(self.get_object())
