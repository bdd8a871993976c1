"""Comments in the admin: a list to read; authors correct and delete theirs where they stand."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import ids
from core.admin.editing import EditingAdmin, Field
from core.shapes import NoteSerializer
from soc.api.serializers.comments import CommentBody
from soc.models import Alert, Comment, Investigation
from soc.services import comments


class OwnCommentBody(NoteSerializer, CommentBody):
    """The text of a comment, and a note that goes into its history."""


@admin.register(Comment)
class CommentAdmin(EditingAdmin):
    service = comments
    serializer_class = OwnCommentBody
    editable = (Field("text", "Comment", "text"),)
    delete_scope = "soc:write"
    list_display = ("text", "created_at")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A comment is written where it stands."""
        raise Http404

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.seen(request, object_id)
        if row.alert_id:
            url = reverse("admin:soc_alert_change", args=[ids.show(Alert.ID_PREFIX, row.alert_id)])
        else:
            case = ids.show(Investigation.ID_PREFIX, row.investigation_id)
            url = reverse("admin:soc_investigation_change", args=[case])
        return redirect(url + "#comments")
