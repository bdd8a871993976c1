"""Comments over REST: of one object, and of all."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Reading, Writing
from core.shapes import NoteSerializer
from soc.api.parts import OfLiveParents
from soc.api.serializers.comments import CommentBody, CommentSerializer
from soc.filters.comments import CommentFilters
from soc.models import Comment
from soc.services import comments


class Commented(Writing):
    """A resource that people comment on."""

    @extend_schema(
        request=CommentBody, responses={200: CommentSerializer(many=True), 201: CommentSerializer}
    )
    @action(detail=True, methods=["get", "post"])
    def comments(self, request: Request, pk: str) -> Response:
        """The comments, oldest first; a POST adds one."""
        target = self.get_object()
        if request.method == "POST":
            text = self.checked(CommentBody)["text"]
            made = comments.add(target, actor=self.actor, text=text)
            body = CommentSerializer(comments.with_mentions([made])[0]).data
            return Response(body, status=status.HTTP_201_CREATED)
        pager: Any = self.paginator
        pager.default_ordering = "created_at"
        rows = pager.paginate_queryset(
            target.comments.of_application(self.actor.app_id), request, view=self
        )
        shown = CommentSerializer(comments.with_mentions(rows), many=True).data
        return self.get_paginated_response(shown)


class CommentViewSet(OfLiveParents, Reading):
    """Comments of all alerts and investigations. Their authors change and delete them."""

    model = Comment
    parents = ("alert", "investigation")
    serializer_class = CommentSerializer
    filterset_class = CommentFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}

    def detailed(self, rows: list[Any]) -> list[Any]:
        return comments.with_mentions(rows)

    @extend_schema(request=CommentBody)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct one's own comment; its history keeps what it said."""
        row = self.get_object()
        return self.shown(comments.update(row, self.checked(CommentBody), actor=self.actor))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take one's own comment away."""
        comments.delete(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Bring one's own comment back."""
        row = self.find(Comment.with_deleted.deleted().of_application(self.actor.app_id))
        note = self.checked(NoteSerializer).get("note") or ""
        return self.shown(comments.restore(row, actor=self.actor, note=note))
