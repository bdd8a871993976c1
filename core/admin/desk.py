"""Pages of objects that have a life cycle: a page to read, a button for each move, comments,
history.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from rest_framework.exceptions import APIException

from core import bodies, pages, workflow
from core.admin.base import actor_of, back, story
from core.admin.editing import EditingAdmin, number
from core.errors import DomainError
from core.filters import unwrapped
from core.problems import describe


class MovingAdmin(EditingAdmin):
    """Moves of a life cycle, each with the inputs of its dialog; none where there is no cycle."""

    def get_urls(self) -> list[Any]:
        meta = self.model._meta
        view = self.admin_site.admin_view(self.move_view)
        name = f"{meta.app_label}_{meta.model_name}_move"
        return [path("<str:object_id>/move/<slug:verb>/", view, name=name), *super().get_urls()]

    def move_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Make a move with the inputs of its dialog."""
        row = self.found(request, object_id)
        if not workflow.has_one(self.model):
            raise Http404
        if request.method != "POST":
            return back(request, self.url_of("change", row.shown_id))
        row.expected_version = number(request.POST.get("version"))
        values = self.inputs(request, verb)
        if values is not None:
            cycle = workflow.of(self.model)
            arguments = workflow.arguments(cycle[verb], values)
            self.attempt(
                request,
                lambda: self.service.perform(
                    row, verb, actor=actor_of(request), note=values.get("note") or "", **arguments
                ),
                done=f"{self.model._meta.verbose_name.capitalize()} {cycle[verb].past}.",
            )
        return back(request, self.url_of("change", row.shown_id))

    def inputs(self, request: HttpRequest, verb: str) -> dict[str, Any] | None:
        """The validated inputs of a move's dialog; None after telling the person what is wrong."""
        cycle = workflow.of(self.model)
        if verb not in {move.verb for move in cycle}:
            raise Http404
        body_class = bodies.body_of(cycle, verb)
        names = [str(name) for name in body_class().fields]
        given = {name: request.POST[name] for name in names if request.POST.get(name)}
        return self.checked(request, body_class, given, partial=False)


class DeskAdmin(MovingAdmin):
    """`service` is the module with the verbs; `page_template` and `list_template` are the pages.
    Without a life cycle there are no moves.
    """

    page_template: ClassVar[str]
    list_template: ClassVar[str]
    filterset_class: ClassVar[Any]
    page_size = 50
    heading: ClassVar[str] = ""
    tells_history: ClassVar[bool] = True  # on the page itself; it has a page of its own too

    def get_urls(self) -> list[Any]:
        meta = self.model._meta
        name = f"{meta.app_label}_{meta.model_name}"
        wrap = self.admin_site.admin_view
        page = path("<str:object_id>/page/", wrap(self.page_view), name=f"{name}_page")
        return [page, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of an object takes the place of Django's form."""
        return self.page_view(request, object_id)

    def page_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.found(request, object_id)
        if not self.has_view_permission(request, row):
            raise Http404
        actor = actor_of(request)
        context = self.page_context(
            request,
            row,
            title=str(row),
            options=workflow.options(row, actor=actor) if workflow.has_one(self.model) else [],
            entries=story(row) if self.tells_history else [],
            choices=self.choices(),
            **self.editing(request, row),
            **self.contents(request, row),
        )
        return TemplateResponse(request, self.page_template, context)

    def contents(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page shows beside the row."""
        return {}

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What the inputs of moves that name other rows may be, by the input's name."""
        return {}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, by cursor: the same filters and pages as the API has."""
        if not self.has_view_permission(request):
            raise Http404
        try:
            filterset = self.filterset_class(
                self.filter_params(request), queryset=self.list_queryset(request), request=request
            )
            rows = filterset.qs if filterset.is_valid() else filterset.queryset.none()
            page = self.cut(request, rows)
        except (DomainError, APIException) as error:
            problem = describe(error)
            messages.error(request, problem["detail"] if problem else "")
            page = pages.Page([], None, None)
        context = self.page_context(
            request,
            None,
            title=self.heading,
            page=page,
            rows=self.listed(page.rows),
            **self.creating(request),
            **self.list_context(request),
        )
        return TemplateResponse(request, self.list_template, context)

    def cut(self, request: HttpRequest, rows: Any) -> pages.Page:
        """The page of the list that is asked for."""
        return pages.cut(
            rows,
            ordering=request.GET.get("ordering", pages.DEFAULT_ORDERING),
            limit=self.page_size,
            cursor_text=request.GET.get("cursor"),
        )

    def filter_params(self, request: HttpRequest) -> Any:
        """The query with repeated names (check boxes) as comma lists; unknown names are left
        out.
        """
        params = unwrapped(request.GET)
        for name in list(params):
            if name not in self.filterset_class.base_filters:
                del params[name]
            else:
                params[name] = ",".join(value for value in params.getlist(name) if value)
        return params

    def list_queryset(self, request: HttpRequest) -> Any:
        return self.model.objects.all()

    def listed(self, rows: list[Any]) -> list[Any]:
        """Rows with what the list shows beside their columns."""
        return rows

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return {}
