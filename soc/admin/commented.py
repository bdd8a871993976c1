"""Desk pages of what people comment on."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.admin.base import actor_of, back
from core.admin.desk import DeskAdmin
from core.models import Person
from soc.models import Mention
from soc.services import comments, mentions

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
        name = Person.objects.filter(pk=OuterRef("created_by")).values("name")
        writer = Coalesce(Subquery(name), Value("someone who has left", output_field=TextField()))
        named = Mention.objects.filter(comment=OuterRef("pk")).values_list("person__email")
        rows = row.comments.annotate(writer=writer, named=ArraySubquery(named))
        written = list(rows.order_by("-id")[:MOST])[::-1]
        for comment in written:
            comment.parts = mentions.parts(comment.text, comment.named)
        return {"comments": written, "may_write": actor_of(request).may("soc:write")}
