"""What one is told, over REST: one's own notifications, and how one wishes to be told."""

from typing import Any, ClassVar

from django_filters.filterset import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import ids
from core.api.views import Reading
from core.filters import FlagFilter, WordsFilter
from core.models import Notification
from core.services import notifications
from core.shapes import ShownId, StrictSerializer


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """Something one is told."""

    id = ShownId("ntf")
    tenant_id = ShownId("ten")
    object_id = serializers.SerializerMethodField()
    path = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = (
            "id",
            "tenant_id",
            "created_at",
            "kind",
            "text",
            "object_type",
            "object_id",
            "path",
            "read_at",
            "mailed_at",
        )

    def get_object_id(self, row: Notification) -> str | None:
        """The id of what it is about, without a prefix; null where it is about several."""
        return str(row.object_id) if row.object_id else None

    def get_path(self, row: Notification) -> str:
        """The page of the desk that it leads to."""
        return notifications.path_of(row)


class NotificationFilters(FilterSet):
    kind = WordsFilter()
    is_unread = FlagFilter(field_name="read_at__isnull")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, each in self.filters.items():
            each.param = name


class ReadBody(StrictSerializer):
    ids = serializers.ListField(
        child=serializers.CharField(max_length=64),
        required=False,
        max_length=500,
        help_text="Which; all of them when left out.",
    )


class ReadAnswer(serializers.Serializer[Any]):
    marked = serializers.IntegerField()


class WishBody(StrictSerializer):
    kind = serializers.CharField(max_length=100)
    on_page = serializers.BooleanField(required=False)
    by_email = serializers.BooleanField(required=False)


class Wish(serializers.Serializer[Any]):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    on_page = serializers.BooleanField()
    by_email = serializers.BooleanField()


class Wishes(serializers.Serializer[Any]):
    results = Wish(many=True)


class NotificationViewSet(Reading):
    """What one is told; nobody sees anybody else's."""

    model = Notification
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilters
    scopes: ClassVar[dict[str, str]] = {"read": "soc:read", "write": "soc:read"}
    history: ClassVar[Any] = None

    def seen(self, rows: Any) -> Any:
        return rows.of_person(self.actor.person_id)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=ReadBody, responses=ReadAnswer)
    @action(detail=False, methods=["post"], url_path="read")
    def mark_read(self, request: Request) -> Response:
        """Mark one's own notifications as read: these, or all of them."""
        texts = self.checked(ReadBody).get("ids")
        found = None if texts is None else [ids.read("ntf", text) for text in texts]
        known = None if found is None else [pk for pk in found if pk is not None]
        return Response({"marked": notifications.mark_read(self.actor.person_id, known)})

    @extend_schema(request=WishBody, responses=Wishes, filters=False)
    @action(detail=False, methods=["get", "post"])
    def wishes(self, request: Request) -> Response:
        """How one is told of each kind of thing; a POST changes one."""
        if request.method == "POST":
            values = self.checked(WishBody)
            return Response(
                {"results": notifications.wish(values.pop("kind"), values, actor=self.actor)}
            )
        return Response({"results": notifications.wishes_of(self.actor)})
