"""`/v1/alerts` as the seed pages have it: thin translators over the same services."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pagination import CursorById
from soc.api.alerts import AlertMoves
from soc.api.v1.serializers import FlatAlert, WholeAlert, WholeAlertAnswer
from soc.services import alerts, documents, findings


class DataAndMeta(CursorById):
    """A page as `{data, meta: {next, previous}}`."""

    def get_paginated_response(self, data: Any) -> Response:
        page = super().get_paginated_response(data).data
        return Response({"data": page.pop("results"), "meta": page})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        links = {name: page["properties"][name] for name in ("next", "previous", "count")}
        meta = {"type": "object", "required": ["next", "previous"], "properties": links}
        return {
            "type": "object",
            "required": ["data", "meta"],
            "properties": {"data": schema, "meta": meta},
        }


class SeedAlertViewSet(AlertMoves):
    """An alert is shown whole in `{data, meta}`; lists and actions answer with the flat one."""

    serializer_class: ClassVar[Any] = FlatAlert
    pagination_class = DataAndMeta
    tombstones = False  # the page knows none

    @extend_schema(responses=WholeAlertAnswer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.whole(self.get_object())

    @extend_schema(request=WholeAlert, responses=WholeAlertAnswer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change status, severity, classification, tags or the malice override."""
        values = self.checked(WholeAlert, partial=True)
        return self.whole(alerts.update(self.get_object(), values, actor=self.actor))

    def whole(self, row: Any) -> Response:
        shown = self.detailed([row])[0]
        shown.shown_documents = documents.of_alert(shown)
        shown.shown_agent_findings = findings.of_agents(shown, app_id=self.actor.app_id)
        data = WholeAlert(shown, context=self.get_serializer_context()).data
        etag = {"ETag": f'"v{row.version}"'}
        return Response({"data": data, "meta": {}}, status=status.HTTP_200_OK, headers=etag)


V1_ROUTES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("alerts", {"get": "list"}, "v1-alerts"),
    ("alerts/(?P<pk>[^/]+)", {"get": "retrieve", "patch": "partial_update"}, "v1-alert"),
    ("alerts/(?P<pk>[^/]+)/acknowledge", {"post": "acknowledge"}, "v1-alert-acknowledge"),
    ("alerts/(?P<pk>[^/]+)/resolve", {"post": "resolve"}, "v1-alert-resolve"),
    ("alerts/(?P<pk>[^/]+)/escalate", {"post": "escalate"}, "v1-alert-escalate"),
)
