"""Records that could not become alerts, over REST."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Reading
from soc.api.intake import IntakeAnswer, answer_of
from soc.api.serializers.rejected_records import (
    RejectedRecordRow,
    RejectedRecordSerializer,
    ReplayBody,
)
from soc.filters.rejected import RejectedRecordFilters
from soc.models import RejectedRecord
from soc.services import intake, rejected


class RejectedRecordViewSet(Reading):
    """Records that could not become alerts, with the reason."""

    model = RejectedRecord
    serializer_class = RejectedRecordSerializer
    filterset_class = RejectedRecordFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": intake.INGEST}
    history: ClassVar[Any] = None

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("raw")

    def get_serializer_class(self) -> Any:
        return RejectedRecordRow if self.action == "list" else RejectedRecordSerializer

    def retrieve(self, request: Request, pk: str) -> Response:
        """The record with its bytes. They never change, so it has no ETag."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=ReplayBody, responses=IntakeAnswer)
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: str) -> Response:
        """Send the record through intake again, mended or in another format. What is still at fault
        is refused with the reason, and stays as it is.
        """
        row, values = self.get_object(), self.checked(ReplayBody)
        note = values.pop("note", None) or ""
        return Response(answer_of(rejected.replay(row, actor=self.actor, note=note, **values)))
