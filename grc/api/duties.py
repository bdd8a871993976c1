"""Duties, submissions and corrective actions over REST."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Changing, Reading, Writing, verb
from grc.api import exports
from grc.api.duty_shapes import (
    CorrectiveActionSerializer,
    ObligationSerializer,
    SubmissionSerializer,
)
from grc.filters import (
    CorrectiveActionFilters,
    ObligationFilters,
    SubmissionFilters,
)
from grc.models import CorrectiveAction, Obligation, Submission
from grc.services import action_risks, corrective_actions, obligations, submissions

SCOPES = {"read": "grc:read", "write": "grc:write"}


class ObligationViewSet(Reading):
    """A duty to report. It follows from answers and facts; people give it an owner, or a reason
    for its delay.
    """

    model = Obligation
    serializer_class = ObligationSerializer
    filterset_class = ObligationFilters
    scopes: ClassVar[dict[str, str]] = SCOPES

    def partial_update(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        values = self.checked(partial=True, instance=row)
        note = values.pop("note", None) or ""
        return self.shown(obligations.update(row, values, actor=self.actor, note=note))


class SubmissionViewSet(Changing):
    """What is sent to meet a duty."""

    model = Submission
    service = submissions
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilters
    scopes: ClassVar[dict[str, str]] = {**SCOPES, "export": "grc:read"}

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("obligation")

    @verb(Submission, "submit")
    def submit(self, request: Request, pk: str) -> Response:
        """Ask a second person to approve it."""
        return self.move("submit")

    @verb(Submission, "approve")
    def approve(self, request: Request, pk: str) -> Response:
        """It may be sent; refused to whoever wrote in it."""
        return self.move("approve")

    @verb(Submission, "reject")
    def reject(self, request: Request, pk: str) -> Response:
        """Back to its authors."""
        return self.move("reject")

    @verb(Submission, "send")
    def send(self, request: Request, pk: str) -> Response:
        """Record that it was sent; past its limit with a reason."""
        return self.move("send")

    @extend_schema(
        responses={
            (200, "text/html"): OpenApiTypes.STR,
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
        parameters=[OpenApiParameter("as", str, enum=exports.SHAPES)],
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def export(self, request: Request, pk: str) -> HttpResponse:
        """For print (`as=html`), as Markdown (`as=md`) or JSON (`as=json`)."""
        shape = request.query_params.get("as", "html")
        if shape not in exports.SHAPES:
            raise ValidationError({"as": [f"Use one of: {', '.join(exports.SHAPES)}."]})
        return exports.answer(self.get_object(), shape)


class CorrectiveActionViewSet(Writing):
    """What an incident has taught to do."""

    model = CorrectiveAction
    service = corrective_actions
    serializer_class = CorrectiveActionSerializer
    filterset_class = CorrectiveActionFilters
    scopes: ClassVar[dict[str, str]] = SCOPES

    def detailed(self, rows: list[Any]) -> list[Any]:
        held = action_risks.risks_of([row.pk for row in rows])
        for row in rows:
            row.risk_ids = held.get(row.pk, [])
        return rows

    @verb(CorrectiveAction, "complete")
    def complete(self, request: Request, pk: str) -> Response:
        """Done, with evidence."""
        return self.move("complete")

    @verb(CorrectiveAction, "verify")
    def verify(self, request: Request, pk: str) -> Response:
        """Another person has looked, and it works."""
        return self.move("verify")

    @verb(CorrectiveAction, "reopen")
    def reopen(self, request: Request, pk: str) -> Response:
        """It is not done after all."""
        return self.move("reopen")
