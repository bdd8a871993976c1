"""Records that could not become alerts, over REST."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Reading
from soc.api.serializers.rejected_records import RejectedRecordRow, RejectedRecordSerializer
from soc.models import RejectedRecord


class RejectedRecordViewSet(Reading):
    """Records that could not become alerts, with the reason."""

    model = RejectedRecord
    serializer_class = RejectedRecordSerializer
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:configure"}
    history: ClassVar[Any] = None

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("raw")

    def get_serializer_class(self) -> Any:
        return RejectedRecordRow if self.action == "list" else RejectedRecordSerializer

    def retrieve(self, request: Request, pk: str) -> Response:
        """The record with its bytes. It never changes, so it has no ETag."""
        return Response(self.get_serializer(self.get_object()).data)
