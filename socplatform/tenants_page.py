"""The queue over all tenants of one's own: to read, and to switch from."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core import identity, ids
from core.models import Person
from core.templatetags.desk import span
from soc.services import across

MOST = 50  # alerts on the page
MOST_CARDS = 12  # tenants with a card of their own, those first in which something is due soonest
VIEWS = (("", "All tenants"), ("late", "Overdue"))


def page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """Alerts that wait, the tenant always first; nothing can be changed here."""
    person = request.user
    places = identity.places(person) if isinstance(person, Person) else []
    if len(places) < 2:
        return redirect("admin:index")
    late = request.GET.get("show") == "late"
    like = request.GET.get("tenant", "").strip()[:100]
    found = across.waiting(places, most=MOST, late=late, like=like)
    cards = sorted(found.tenants, key=_urgency)[:MOST_CARDS]
    context = frame | {
        "title": "All tenants",
        "views": [(key, word, key == ("late" if late else "")) for key, word in VIEWS],
        "rows": [_row(row) for row in found.rows],
        "tenants": [_card(each) for each in cards],
        "read": len(found.tenants),
        "like": like,
        "show": "late" if late else "",
        "left_out": found.left_out,
        "most": MOST,
        "most_counted": across.MOST_COUNTED,
    }
    return TemplateResponse(request, "desk/all_tenants.html", context)


def _row(row: across.Waiting) -> dict[str, Any]:
    shown = ids.show("alr", row.alert["id"])
    return {
        **row.alert,
        "place": row.place,
        "shared_by": row.shared_by,
        "due": _due(row.alert["due_at"]),
        "url": reverse("admin:soc_alert_change", args=[shown]),
    }


def _urgency(each: across.Summary) -> tuple[Any, ...]:
    return (each.soonest is None, each.soonest, -each.waiting, each.place.name)


def _card(each: across.Summary) -> dict[str, Any]:
    return {"place": each.place, "waiting": each.waiting, "due": _due(each.soonest)}


def _due(at: datetime | None) -> dict[str, Any] | None:
    """How long there is, or how late it is, in people's words."""
    if at is None:
        return None
    minutes = int((at - timezone.now()).total_seconds() // 60)
    return {"late": minutes < 0, "told": span(abs(minutes)), "at": at}
