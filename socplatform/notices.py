"""The page of what one is told, and the count beside the bell."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from core import ids
from core.actors import Actor
from core.errors import DomainError
from core.models import Notification
from core.services import notifications
from core.web import back

SHOWN = 100


def page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """The newest notifications and the wishes; a POST marks as read, or changes a wish, and leads
    to where it says next.
    """
    actor: Actor = request.user.actor  # type: ignore[union-attr,assignment]
    if request.method == "POST":
        _change(request, actor)
        return back(request, reverse("admin:notifications"))
    rows = list(Notification.objects.of_person(actor.person_id).order_by("-id")[:SHOWN])
    labels = {kind.name: kind.label for kind in notifications.kinds()}
    told = [
        {"row": row, "label": labels.get(row.kind, row.kind), "path": notifications.path_of(row)}
        for row in rows
    ]
    context = frame | {
        "title": "Notifications",
        "told": told,
        "wishes": notifications.wishes_of(actor),
    }
    return TemplateResponse(request, "desk/notifications.html", context)


def _change(request: HttpRequest, actor: Actor) -> None:
    kind = request.POST.get("kind")
    try:
        if kind is not None:
            ways = {name: request.POST.get(name) == "true" for name in ("on_page", "by_email")}
            notifications.wish(kind, ways, actor=actor)
            messages.success(request, "You are told in this way from now on.")
        else:
            given = request.POST.get("id")
            read = ids.read("ntf", given)
            chosen = None if given is None else [pk for pk in (read,) if pk]
            notifications.mark_read(actor.person_id, chosen)
    except DomainError as refusal:
        messages.error(request, refusal.message)
