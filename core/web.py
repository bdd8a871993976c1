"""What every request gets: a correlation id, one transaction, and the tenant of its session."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from core import audit, identity, ids, tenancy
from core.models import Person

Handler = Callable[[HttpRequest], HttpResponse]
SESSION_TENANT = "tenant"
PAGES = "/admin/"  # the desk; nothing else shows messages or the times of a person
DEVICES = ("camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
NO_DEVICES = ", ".join(f"{name}=()" for name in DEVICES)


def correlation_middleware(get_response: Handler) -> Handler:
    """Name the request, or take the caller's UUID from X-Request-ID; forget tenant and name at its
    end.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        name = _uuid(request.headers.get("X-Request-ID", "")) or ids.new()
        token = audit.correlation.set(name)
        try:
            response = get_response(request)
        finally:
            audit.correlation.reset(token)
            tenancy.clear()
        response["X-Request-ID"] = str(name)
        return response

    return handle


class PagePolicyMiddleware(CSPMiddleware):
    """The Content-Security-Policy of pages, and that they need no device. Only a page can run
    something.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        response["Permissions-Policy"] = NO_DEVICES
        return super().process_response(request, response)


class PageMessagesMiddleware(MessageMiddleware):
    """Messages are for the desk; an answer of the API does without."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if is_page(request) else self.get_response(request)


class TenantMiddleware:
    """One transaction round the whole request, rendering included, in the tenant of the session.

    Django's ATOMIC_REQUESTS ends before a template response is rendered; rows that a template reads
    would then be read without a tenant, and row security would answer with none.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            self._enter(request)
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A request that failed leaves nothing."""
        transaction.set_rollback(True)

    def _enter(self, request: HttpRequest) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        person = request.user
        if not isinstance(person, Person):
            return
        tenant_id = _uuid(request.session.get(SESSION_TENANT, "")) or _first_place(request, person)
        if tenant_id is not None:
            person.actor = identity.enter(person.pk, tenant_id, source_type="frontend")
            if person.actor is None:
                request.session.pop(SESSION_TENANT, None)


def is_page(request: HttpRequest) -> bool:
    """Whether a page of the desk is asked for."""
    return request.path.startswith(PAGES)


def choose_tenant(request: HttpRequest, tenant_id: UUID) -> None:
    """Make one tenant the session's; the next request checks the membership again. The session's
    key is renewed.
    """
    request.session.cycle_key()
    request.session[SESSION_TENANT] = str(tenant_id)


def back(request: HttpRequest, fallback: str) -> HttpResponse:
    """Return to a page of ours named in the form, else to the fallback."""
    target = request.POST.get("next", "")
    safe = target.startswith(PAGES) and "\\" not in target and "//" not in target
    return redirect(target if safe else fallback)


def _first_place(request: HttpRequest, person: Person) -> UUID | None:
    places = identity.places(person)
    if not places:
        return None
    request.session[SESSION_TENANT] = str(places[0].tenant_id)
    return places[0].tenant_id


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
