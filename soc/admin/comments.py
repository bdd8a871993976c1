"""Comments in the admin: a list to read; authors correct and delete theirs where they stand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import ids
from core.admin.base import names_of
from core.admin.editing import Field
from core.admin.register import Column, RegisterAdmin
from core.shapes import NoteSerializer
from soc.api.serializers.comments import CommentBody
from soc.filters.comments import CommentFilters
from soc.models import Alert, Comment, Investigation
from soc.services import comments


class OwnCommentBody(NoteSerializer, CommentBody):
    """The text of a comment, and a note that goes into its history."""


@admin.register(Comment)
class CommentAdmin(RegisterAdmin):
    service = comments
    serializer_class = OwnCommentBody
    editable = (Field("text", "Comment", "text"),)
    delete_scope = "soc:write"
    filterset_class = CommentFilters
    list_template = "desk/parts.html"
    heading = "Comments"
    empty = "No comments yet. They are written on alerts and investigations."
    columns = (
        Column("Comment", "text"),
        Column("On", "shown_place"),
        Column("By", "shown_author"),
        Column("Written", "created_at"),
    )
    views = (("On me", "mentioned_id=me"),)

    def list_queryset(self, request: HttpRequest) -> Any:
        return Comment.objects.select_related("alert", "investigation")

    def listed(self, rows: list[Any]) -> list[Any]:
        names = names_of({row.created_by for row in rows})
        for row in rows:
            row.shown_place = str(row.alert or row.investigation)
            row.shown_author = names.get(row.created_by, "someone who has left")
        return super().listed(rows)

    def page_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.seen(request, object_id)
        if row.alert_id:
            url = reverse("admin:soc_alert_change", args=[ids.show(Alert.ID_PREFIX, row.alert_id)])
        else:
            case = ids.show(Investigation.ID_PREFIX, row.investigation_id)
            url = reverse("admin:soc_investigation_change", args=[case])
        return redirect(url + "#comments")
