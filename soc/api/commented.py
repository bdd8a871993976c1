"""Comments over REST: of one object, and of all."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Reading, Writing
from soc.api.serializers.comments import CommentBody, CommentSerializer
from soc.filters.comments import CommentFilters
from soc.models import Comment
from soc.services import comments

MAX_COMMENTS = 500


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
            comment = comments.add(target, actor=self.actor, text=text)
            return Response(CommentSerializer(comment).data, status=status.HTTP_201_CREATED)
        rows = target.comments.order_by("id")[:MAX_COMMENTS]
        body = {"results": CommentSerializer(rows, many=True).data, "next": None, "previous": None}
        return Response(body)


class CommentViewSet(Reading):
    """Comments of all alerts and investigations."""

    model = Comment
    serializer_class = CommentSerializer
    filterset_class = CommentFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}
