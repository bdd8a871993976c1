"""The page of one's own preferences, and the clock by which a person's pages are read."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from core.actors import Actor
from core.errors import DomainError
from core.models import Person
from core.models.person import DENSITIES, THEMES
from core.services import preferences
from core.web import is_page

Handler = Callable[[HttpRequest], HttpResponse]
THEME_WORDS = {"system": "As the system", "light": "Light", "dark": "Dark"}
DENSITY_WORDS = {
    "compact": "Compact, the most rows on a screen",
    "normal": "Normal",
    "roomy": "Roomy, easier to hit and to read",
}


def time_zone_middleware(get_response: Handler) -> Handler:
    """Read and write the times of desk pages by the person's clock; the API stays at UTC."""

    def handle(request: HttpRequest) -> HttpResponse:
        person = request.user if is_page(request) else None
        if not isinstance(person, Person):
            return get_response(request)
        with timezone.override(preferences.zone_of(person)):
            return get_response(request)

    return handle


def page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """Show and change one's own; a POST names only what changes."""
    person = request.user
    if not isinstance(person, Person) or person.actor is None:
        return redirect("admin:index")
    if request.method == "POST":
        return _changed(request, person, person.actor)
    context = frame | {
        "title": "Preferences",
        "zones": preferences.zones(),
        "themes": [(name, THEME_WORDS[name]) for name in THEMES],
        "densities": [(name, DENSITY_WORDS[name]) for name in sorted(DENSITIES)],
    }
    return TemplateResponse(request, "desk/preferences.html", context)


def _changed(request: HttpRequest, person: Person, actor: Actor) -> HttpResponse:
    names = ("time_zone", "density", "theme")
    values: dict[str, Any] = {name: request.POST[name] for name in names if name in request.POST}
    if "keys" in request.POST:
        values["keys_on"] = request.POST["keys"] == "on"
    try:
        preferences.change(person, values, actor=actor)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:preferences")
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    messages.success(request, "Your pages look like this from now on.")
    return redirect("admin:preferences")
