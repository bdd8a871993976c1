"""People and applications in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from core.admin.base import TenantModelAdmin, actor_of, back
from core.models import Application, Membership
from core.scopes import ALL, ROLE_CHOICES
from core.services import applications, people


class TeamAdmin(TenantModelAdmin):
    """A list with a form to add, and a page with buttons; each calls its service."""

    read_scope = people.ADMIN
    ordering = ("id",)
    verbs: ClassVar[dict[str, str]] = {}
    service: ClassVar[Any]
    related: ClassVar[tuple[str, ...]] = ("person",)
    template: ClassVar[str]
    heading: ClassVar[str]

    def get_urls(self) -> list[Any]:
        meta = self.model._meta
        name = f"{meta.app_label}_{meta.model_name}"
        wrap = self.admin_site.admin_view
        own = [
            path("new/", wrap(self.new_view), name=f"{name}_new"),
            path("<str:object_id>/do/<slug:verb>/", wrap(self.verb_view), name=f"{name}_verb"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        rows = self.get_queryset(request).select_related(*self.related)[:500]
        context = self.page_context(request, None, title=self.heading, **self.listed(rows))
        return TemplateResponse(request, self.template, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self.history_view(request, object_id)

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        row = self.found(request, object_id)
        if verb not in self.verbs or not self.has_view_permission(request, row):
            raise Http404
        if request.method == "POST":
            self.run(request, row, verb)
        return back(request, self.url_of("changelist"))

    def listed(self, rows: Any) -> dict[str, Any]:
        """The rows, and what the forms of the list need."""
        return {"rows": rows, **self.forms()}

    def forms(self) -> dict[str, Any]:
        return {}

    def new_view(self, request: HttpRequest) -> HttpResponse:
        raise Http404

    def run(self, request: HttpRequest, row: Any, verb: str) -> None:
        service = getattr(self.service, verb)
        self.attempt(
            request,
            lambda: service(row, actor=actor_of(request)),
            done=f"{row}: {self.verbs[verb]}.",
        )


@admin.register(Membership)
class MembershipAdmin(TeamAdmin):
    """The people of the tenant: invite, change role, deactivate."""

    service = people
    template = "desk/people.html"
    heading = "People"
    verbs: ClassVar[dict[str, str]] = {
        "deactivate": "deactivated",
        "reactivate": "active again",
        "change_role": "role changed",
        "invitation": "new link made",
    }

    def forms(self) -> dict[str, Any]:
        return {"roles": ROLE_CHOICES}

    def new_view(self, request: HttpRequest) -> HttpResponse:
        """Invite by e-mail; the link is shown once."""
        if not self.has_view_permission(request):
            raise Http404
        if request.method == "POST":
            invitation = self.attempt(
                request,
                lambda: people.invite(
                    request.POST.get("email", ""),
                    actor=actor_of(request),
                    role=request.POST.get("role", ""),
                    name=request.POST.get("name", ""),
                ),
                done="",
            )
            if invitation:
                return self._show_link(request, invitation.membership, invitation.token)
        return back(request, self.url_of("changelist"))

    def run(self, request: HttpRequest, row: Any, verb: str) -> None:
        if verb != "change_role":
            super().run(request, row, verb)
            return
        role = request.POST.get("role", "")
        self.attempt(
            request,
            lambda: people.change_role(row, actor=actor_of(request), role=role),
            done=f"{row} is {role.replace('_', ' ')} now.",
        )

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        if verb == "invitation" and request.method == "POST":
            row = self.found(request, object_id)
            if row.accepted_at is None and self.has_view_permission(request, row):
                return self._show_link(request, row, people.token_of(row))
        return super().verb_view(request, object_id, verb if verb != "invitation" else "none")

    def _show_link(self, request: HttpRequest, membership: Membership, token: str) -> HttpResponse:
        link = request.build_absolute_uri(f"/admin/invitation/{token}/")
        context = self.page_context(request, membership, title="Invitation", link=link)
        return TemplateResponse(request, "desk/shown_once.html", context)


@admin.register(Application)
class ApplicationAdmin(TeamAdmin):
    """Keys for tools and scripts, shown once."""

    service = applications
    template = "desk/applications.html"
    heading = "Applications"
    verbs: ClassVar[dict[str, str]] = {
        "deactivate": "deactivated",
        "reactivate": "active again",
        "rotate": "has a new secret",
        "sign": "has a new signing secret",
    }

    def forms(self) -> dict[str, Any]:
        return {"scopes": sorted(ALL - {"admin:tenant"})}

    def new_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        if request.method == "POST":
            key = self.attempt(
                request,
                lambda: applications.create(
                    request.POST.get("name", ""),
                    actor=actor_of(request),
                    scopes=request.POST.getlist("scopes"),
                    sources=request.POST.get("sources", "").split(","),
                ),
                done="",
            )
            if key:
                return self._show_key(request, key)
        return back(request, self.url_of("changelist"))

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        shown: dict[str, Any] = {"rotate": self._show_key, "sign": self._show_signing}
        if verb in shown and request.method == "POST":
            row = self.found(request, object_id)
            service = getattr(applications, verb)
            key = self.attempt(request, lambda: service(row, actor=actor_of(request)), done="")
            if key:
                page: HttpResponse = shown[verb](request, key)
                return page
        return super().verb_view(request, object_id, verb)

    def _show_key(self, request: HttpRequest, key: applications.NewKey) -> HttpResponse:
        context = self.page_context(request, key.application, title="New key", key=key)
        return TemplateResponse(request, "desk/shown_once.html", context)

    def _show_signing(self, request: HttpRequest, signing: applications.NewSigning) -> HttpResponse:
        context = self.page_context(
            request, signing.application, title="New signing secret", signing=signing
        )
        return TemplateResponse(request, "desk/shown_once.html", context)
