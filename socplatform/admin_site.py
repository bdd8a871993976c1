"""The admin as the analyst's desk: its frame, the Now page, the tenant switcher, passwords and
invitations.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from core import identity, tenancy
from core.actors import Actor
from core.errors import BadInput, DomainError
from core.models import Person
from core.services import people
from core.web import back, choose_tenant
from socplatform import (
    attack_page,
    first_run,
    notices,
    numbers,
    preferences,
    queues,
    tenants_page,
)
from socplatform.dashboard import now
from socplatform.library import on_a_shelf, shelves

RAIL = (
    ("Now", "bolt", "admin:index", ""),
    ("Queue", "inbox", "admin:soc_alert_changelist", "soc:read"),
    ("Investigate", "travel_explore", "admin:soc_investigation_changelist", "soc:read"),
    ("Playbooks", "account_tree", "admin:soc_playbook_changelist", "soc:read"),
    ("Waiting", "front_hand", "admin:soc_steprun_changelist", "soc:read"),
    ("Proposals", "hub", "admin:soc_proposal_changelist", "soc:read"),
    ("Handover", "sync_alt", "admin:soc_shifthandover_changelist", "soc:read"),
    ("Incidents", "gavel", "admin:grc_incident_changelist", "grc:read"),
    ("Numbers", "monitoring", "admin:numbers", "soc:read"),
    ("Library", "library_books", "admin:library", "soc:read"),
    ("People", "group", "admin:core_membership_changelist", "admin:tenant"),
    ("Keys", "key", "admin:core_application_changelist", "admin:tenant"),
    ("Audit", "history", "admin:core_auditevent_changelist", "admin:tenant"),
)
# Lists that are reached from another one, which stays marked.
UNDER = {"admin:soc_playbook_changelist": "admin:soc_playbookrun_changelist"}
OUR_APPS = ("core", "grc", "soc")
LAST_OF_WORK = "Library"


class SocAdminSite(UnfoldAdminSite):
    """For signed-in people; what they see, their tenant and scopes decide."""

    site_header = site_title = "SOC platform"
    index_title = "Now"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and bool(getattr(request.user, "is_staff", False))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        return context | _frame(request)

    def get_urls(self) -> list[Any]:
        own = [
            path("notifications/", self.admin_view(self.notifications), name="notifications"),
            path("preferences/", self.admin_view(self.preferences), name="preferences"),
            path("numbers/", self.admin_view(self.numbers), name="numbers"),
            path("numbers/count/", self.admin_view(numbers.count), name="count_numbers"),
            path("first-run/", self.admin_view(first_run.put_away), name="first_run_put_away"),
            path("tenants/", self.admin_view(self.over_tenants), name="over_tenants"),
            path("queues/", self.admin_view(self.queues), name="queues"),
            path("library/", self.admin_view(self.library), name="library"),
            path("attack/", self.admin_view(self.attack), name="attack"),
            path("tenant/", self.admin_view(self.choose_tenant), name="choose_tenant"),
            path("invitation/<str:token>/", never_cache(self.invitation), name="invitation"),
        ]
        # Django's redirect by content type reads past the managers, and fails on ids that are no
        # UUID.
        stock = [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]
        return own + stock

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """Only our own models: the stock pages of packages know no tenants."""
        single = isinstance(model_or_iterable, type)
        given: list[Any] = [model_or_iterable] if single else list(model_or_iterable)
        ours = [model for model in given if model._meta.app_label in OUR_APPS]
        super().register(ours, *args, **options)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        actor = getattr(request.user, "actor", None)
        context = self.each_context(request) | {"title": "Now"}
        if actor is not None:
            context |= now(request, actor) | {"first_steps": first_run.steps(actor)}
        return TemplateResponse(request, "desk/now.html", context)

    def numbers(self, request: HttpRequest) -> HttpResponse:
        """Times, rates and volumes, from the rows themselves."""
        if getattr(request.user, "actor", None) is None:
            return redirect("admin:index")
        return numbers.page(request, self.each_context(request))

    def over_tenants(self, request: HttpRequest) -> HttpResponse:
        """What waits in all tenants of one's own."""
        return tenants_page.page(request, self.each_context(request))

    def queues(self, request: HttpRequest) -> HttpResponse:
        """What the workers have still to do."""
        return queues.page(request, self.each_context(request))

    def notifications(self, request: HttpRequest) -> HttpResponse:
        """What one is told, and how one wishes to be told."""
        if getattr(request.user, "actor", None) is None:
            return redirect("admin:index")
        return notices.page(request, self.each_context(request))

    def preferences(self, request: HttpRequest) -> HttpResponse:
        """How one's own pages look."""
        return preferences.page(request, self.each_context(request))

    def library(self, request: HttpRequest) -> HttpResponse:
        """What the team writes down once, a card each."""
        actor = getattr(request.user, "actor", None)
        if actor is None:
            return redirect("admin:index")
        context = self.each_context(request) | {"title": "Library", "shelves": shelves(actor)}
        return TemplateResponse(request, "desk/library.html", context)

    def attack(self, request: HttpRequest) -> HttpResponse:
        """The matrix of ATT&CK in the tenant's numbers."""
        actor = getattr(request.user, "actor", None)
        if actor is None or not actor.may("soc:read"):
            return redirect("admin:index")
        context = self.each_context(request) | attack_page.page()
        return TemplateResponse(request, "desk/attack.html", context)

    def choose_tenant(self, request: HttpRequest) -> HttpResponse:
        """Work in another tenant of one's own; a tenant without a membership is not found."""
        wanted = request.POST.get("tenant", "")
        place = next((place for place in _places(request) if str(place.tenant_id) == wanted), None)
        if request.method == "POST" and place:
            choose_tenant(request, place.tenant_id)
            messages.success(request, f"You work in {place.name} now.")
            return back(request, reverse("admin:index"))
        if request.method == "POST":
            messages.error(request, "Not found here. You may have left that tenant.")
        return redirect("admin:index")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A person's own password; every other session and token of theirs ends."""
        problem = ""
        person, actor = request.user, getattr(request.user, "actor", None)
        if actor is None or not isinstance(person, Person):
            return redirect("admin:index")
        if request.method == "POST":
            old, new = request.POST.get("old_password", ""), request.POST.get("password", "")
            try:
                people.change_password(person, actor=actor, old=old, new=new)
            except DomainError as refusal:
                problem = refusal.message
            else:
                update_session_auth_hash(request, person)
                messages.success(request, "Your password is changed. Other sessions have ended.")
                return redirect("admin:index")
        fields = [
            _secret("old_password", "Present password", "current-password"),
            _secret("password", "New password", "new-password", help="At least 12 characters."),
        ]
        return self._form(request, "Change your password", fields, "Change it", problem)

    def invitation(self, request: HttpRequest, token: str) -> HttpResponse:
        """Come in through an invitation link."""
        found = people.invited(token)
        if found is None:
            text = "It is used, older than seven days, or not complete. Ask for a new one."
            return self._form(request, "This link does not work", [], "", "", text=text, status=404)
        person, tenant_id, membership_id = found
        problem = ""
        if request.method == "POST":
            try:
                self._accept(request, person, tenant_id, membership_id)
            except DomainError as refusal:
                problem = refusal.message
            else:
                return redirect("admin:index")
        new = not person.password or not person.has_usable_password()
        fields = (
            [{"name": "name", "label": "Your name", "type": "text", "value": person.name}]
            if new
            else []
        )
        help_text = "At least 12 characters." if new else "The one you sign in with already."
        fields.append(
            _secret(
                "password",
                "Password",
                "new-password" if new else "current-password",
                help=help_text,
            )
        )
        text = f"You are invited as {person.email}."
        return self._form(request, "Welcome", fields, "Come in", problem, text=text)

    def _accept(
        self, request: HttpRequest, person: Person, tenant_id: UUID, membership_id: UUID
    ) -> None:
        password = request.POST.get("password", "")
        known = person.password and person.has_usable_password()
        # Through the sign-in, so that guesses count there and lock out.
        if known and authenticate(request, username=person.email, password=password) is None:
            raise BadInput("This is not the password of your account.", field="password")
        actor = Actor(person.pk, tenant_id, frozenset(), "frontend", person.name, person.email)
        with tenancy.tenant_scope(tenant_id):
            membership = people.accept(
                membership_id,
                actor=actor,
                name=request.POST.get("name", ""),
                password=password,
            )
        login(request, membership.person, backend="core.permissions.PersonBackend")
        choose_tenant(request, tenant_id)

    def _form(
        self,
        request: HttpRequest,
        title: str,
        fields: list[dict[str, Any]],
        button: str,
        problem: str,
        *,
        text: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **super().each_context(request),
            "title": title,
            "fields": fields,
            "button": button,
            "problem": problem,
            "text": text,
        }
        return TemplateResponse(request, "desk/form.html", context, status=status)


def _secret(name: str, label: str, autocomplete: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": "password",
        "autocomplete": autocomplete,
        "required": True,
    } | more


def _places(request: HttpRequest) -> list[identity.Place]:
    return identity.places(request.user) if isinstance(request.user, Person) else []


def _places_and_unread(
    request: HttpRequest, actor: Actor | None
) -> tuple[list[identity.Place], int]:
    if not isinstance(request.user, Person):
        return [], 0
    tenant_id = actor.tenant_id if actor else None
    return identity.places_and_unread(request.user, tenant_id, most=notices.SHOWN + 1)


def _frame(request: HttpRequest) -> dict[str, Any]:
    """The rail's entries that this person may open, and their tenants."""
    actor: Actor | None = getattr(request.user, "actor", None)
    places, unread = _places_and_unread(request, actor)
    rail = []
    if len(places) > 1:
        url = reverse("admin:over_tenants")
        rail.append(
            {"title": "Tenants", "icon": "stacks", "url": url, "active": request.path == url}
        )
    for title, icon, name, scope in RAIL:
        if actor is None or (scope and not actor.may(scope)):
            continue
        url = reverse(name)
        active = request.path == url or (name != "admin:index" and request.path.startswith(url))
        active = active or (name == "admin:library" and on_a_shelf(request.path))
        active = active or (name in UNDER and request.path.startswith(reverse(UNDER[name])))
        rail.append(
            {
                "title": title,
                "icon": icon,
                "url": url,
                "active": active,
                "gap": title == LAST_OF_WORK,
            }
        )
    tenant = next(
        (place.name for place in places if actor and place.tenant_id == actor.tenant_id), ""
    )
    return {
        "desk_rail": rail,
        "desk_places": places if actor else [],
        "desk_tenant": tenant,
        "desk_unread": unread,
    }
