"""The task over REST."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import Writing, verb
from soc.api.parts import OfLiveParents
from soc.api.serializers.tasks import ReorderBody, TaskSerializer
from soc.filters.tasks import TaskFilters
from soc.models import Task
from soc.services import tasks


class TaskViewSet(OfLiveParents, Writing):
    """What is to be done in an investigation, in which order, by whom and until when."""

    model = Task
    parents = ("investigation",)
    service = tasks
    serializer_class = TaskSerializer
    filterset_class = TaskFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:write"}

    @verb(Task, "start")
    def start(self, request: Request, pk: str) -> Response:
        """Begin with it."""
        return self.move("start")

    @verb(Task, "complete")
    def complete(self, request: Request, pk: str) -> Response:
        """It is done."""
        return self.move("complete")

    @verb(Task, "skip")
    def skip(self, request: Request, pk: str) -> Response:
        """It is not needed, and why. A mandatory task is not skipped."""
        return self.move("skip")

    @verb(Task, "reopen")
    def reopen(self, request: Request, pk: str) -> Response:
        """Take it up again."""
        return self.move("reopen")

    @extend_schema(request=ReorderBody)
    @action(detail=True, methods=["post"])
    def reorder(self, request: Request, pk: str) -> Response:
        """Make it the n-th task of its investigation."""
        row = self.get_object()
        return self.shown(tasks.reorder(row, actor=self.actor, **self.checked(ReorderBody)))
