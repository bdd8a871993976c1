"""Saved views of the queue, to keep the filters that are on and to let them go; and the columns
that a person sees.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from core import ids
from core.admin.base import actor_of, back
from core.admin.desk import DeskAdmin
from core.models import Person
from soc.api.serializers.saved_views import SavedViewSerializer
from soc.models import SavedView
from soc.services import queue_columns, saved_views


class ViewsDesk(DeskAdmin):
    """A list whose filters can be kept under a name."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        delete = wrap(self.delete_saved_view)
        own = [
            path("columns/", wrap(self.columns_view), name="soc_alert_columns"),
            path("views/save/", wrap(self.save_view), name="soc_savedview_save"),
            path("views/<str:view_id>/delete/", delete, name="soc_savedview_delete"),
        ]
        return own + super().get_urls()

    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the filters that are on under a name."""
        if request.method == "POST":
            query = {
                name.removeprefix("query."): value
                for name, value in request.POST.items()
                if name.startswith("query.")
            }
            given = {
                "name": request.POST.get("name", ""),
                "query": query,
                "is_shared": request.POST.get("is_shared") == "true",
            }
            values = self.checked(request, SavedViewSerializer, given, partial=False)
            if values is not None:
                self.attempt(
                    request,
                    lambda: saved_views.create(values, actor=actor_of(request)),
                    done="View saved.",
                )
        return back(request, self.url_of("changelist"))

    def columns_view(self, request: HttpRequest) -> HttpResponse:
        """Choose the columns that oneself sees; `usual` brings the usual ones back."""
        actor, person = actor_of(request), request.user
        if request.method == "POST" and isinstance(person, Person):
            usual = "usual" in request.POST
            wanted = queue_columns.USUAL if usual else request.POST.getlist("columns")
            self.attempt(
                request,
                lambda: queue_columns.choose(person, wanted, actor=actor),
                done="The queue shows these columns from now on.",
            )
        return back(request, self.url_of("changelist"))

    def delete_saved_view(self, request: HttpRequest, view_id: str) -> HttpResponse:
        actor = actor_of(request)
        pk = ids.read("viw", view_id)
        view = SavedView.objects.seen_by(actor.person_id).filter(pk=pk).first() if pk else None
        if view is None:
            raise Http404
        if request.method == "POST":
            self.attempt(
                request,
                lambda: saved_views.delete(view, actor=actor),
                done=f"The view '{view.name}' is gone.",
            )
        return back(request, self.url_of("changelist"))
