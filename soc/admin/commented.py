"""Desk pages of what people comment on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.admin.base import actor_of, back, names_of
from core.admin.desk import DeskAdmin
from soc.services import comments

MOST = 200


class CommentedDesk(DeskAdmin):
    """A comment box, and the comments with who wrote them."""

    def get_urls(self) -> list[Any]:
        name = f"soc_{self.model._meta.model_name}_comment"
        view = self.admin_site.admin_view(self.comment_view)
        return [path("<str:object_id>/comment/", view, name=name), *super().get_urls()]

    def comment_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.found(request, object_id)
        if request.method == "POST":
            text = request.POST.get("text", "")
            self.attempt(
                request, lambda: comments.add(row, actor=actor_of(request), text=text), done=""
            )
        return back(request, self.url_of("change", row.shown_id))

    def comments_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The newest comments, oldest first, each with its writer's name, for the page."""
        written = list(row.comments.order_by("-id")[:MOST])[::-1]
        names = names_of({comment.created_by for comment in written})
        for comment in written:
            comment.writer = names.get(comment.created_by, "someone who has left")
        return {"comments": written, "may_write": actor_of(request).may("soc:write")}
