"""The context document over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Writing
from soc.api.serializers.documents import (
    ContextDocumentSerializer,
    DocumentVersion,
    DocumentVersions,
)
from soc.filters.documents import ContextDocumentFilters
from soc.models import ContextDocument
from soc.services import documents


class ContextDocumentViewSet(Writing):
    """What the team knows that a detection does not say; shown beside the alerts it concerns."""

    model = ContextDocument
    service = documents
    serializer_class = ContextDocumentSerializer
    filterset_class = ContextDocumentFilters
    scopes: ClassVar[dict[str, str]] = {
        "read": "soc:read",
        "write": "soc:configure",
        "versions": "soc:read",
    }

    @extend_schema(responses=DocumentVersions, filters=False)
    @action(detail=True, methods=["get"])
    def versions(self, request: Request, pk: str) -> Response:
        """Every version, the newest first, each with its whole text."""
        rows: list[Any] = documents.versions(self.get_object())
        return Response({"results": DocumentVersion(rows, many=True).data})
