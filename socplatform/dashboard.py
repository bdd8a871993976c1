"""The Now page: what needs this person first, what is open, and what the last fortnight says."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from core import ids
from core.actors import Actor
from core.templatetags.desk import words
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc.querysets import OPEN_ALERTS, OPEN_INVESTIGATIONS
from soc.services import counted as counted_numbers
from soc.services import open_work
from soc.services.open_work import OpenWork
from soc.workflows import WRITE
from socplatform import trend_cards, urgent
from socplatform.trend_cards import capped
from socplatform.urgent import Found

DAYS = 14
SHOWN, ALL = 7, 100
STATUS = ",".join(OPEN_ALERTS)


def now(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the template shows; nothing for who may not read."""
    if not actor.may("soc:read"):
        return {}
    whole_team = request.GET.get("whose", "" if actor.may(WRITE) else "team") == "team"
    work = open_work.of(actor.person_id)
    found = urgent.items(actor, work, whole_team=whole_team)
    most = ALL if request.GET.get("all") else SHOWN
    return {
        "items": found.items[:most],
        "most": most,
        "more": _told(max(0, len(found.items) - most), found),
        "is_all": most == ALL,
        "found": _told(len(found.items), found),
        "late": _told(sum(item.state == "late" for item in found.items), found),
        "soon": _told(sum(item.state == "soon" for item in found.items), found),
        "whole_team": whole_team,
        "role": words(actor.role),
        "work": _work(work, actor),
        "holders": [(name, capped(count), _held_by(pk)) for pk, name, count in work.holders],
        "ages": trend_cards.ages(work),
        "ages_told": trend_cards.ages_told(work),
        **_trends(),
    }


def _told(count: int, found: Found) -> str:
    """`7`, or `80+` where there are more than were read; empty where there is nothing."""
    return f"{count}+" if count and found.is_cut else str(count or "")


def _trends() -> dict[str, Any]:
    """The charts; where there are too many alerts to count while somebody waits, as a job counted
    them last.
    """
    counted = trend_cards.found(DAYS)
    told: dict[str, Any] = {
        "days": DAYS,
        "numbers_name": counted_numbers.name_of_trends(DAYS),
        "as_of": counted.at,
        "counted": bool(counted.content),
    }
    if counted.content:
        told["volume"] = trend_cards.volume(counted.content)
        told["acknowledged"] = trend_cards.times(counted.content)
        told["rules"] = trend_cards.worst_rules(counted.content)[:5]
    return told


def _work(work: OpenWork, actor: Actor) -> list[dict[str, Any]]:
    """Counts of what is open, each a link to its rows."""
    tiles = [
        ("waiting", "alerts wait", _alerts()),
        ("nobodys", "nobody's", _alerts(assignee_id="none")),
        ("critical", "critical", _alerts(severity="critical")),
        ("late", "clocks late", _alerts(clock="overdue")),
        ("mine", "alerts of mine", _alerts(assignee_id="me")),
        ("investigations", "investigations", _open("soc_investigation", OPEN_INVESTIGATIONS)),
        ("approvals", "steps wait for people", reverse("admin:soc_steprun_changelist")),
        ("proposals", "proposals", reverse("admin:soc_proposal_changelist")),
    ]
    if actor.may("grc:read"):
        tiles.append(("incidents", "incidents", _open("grc_incident", OPEN_INCIDENTS)))
    return [
        {
            "count": capped(work.counts[name]),
            "title": title,
            "url": url,
            "late": name == "late" and work.counts[name] > 0,
        }
        for name, title, url in tiles
    ]


def _open(model: str, statuses: Sequence[str]) -> str:
    """The list of what is open of a kind."""
    query = urlencode({"status": ",".join(statuses)}, safe=",")
    return f"{reverse(f'admin:{model}_changelist')}?{query}"


def _held_by(person_id: Any) -> str:
    return _alerts(assignee_id=ids.show("per", person_id) or "")


def _alerts(**params: str) -> str:
    """The queue of the alerts that wait, with some filters."""
    query = urlencode({"status": STATUS, **params}, safe=",")
    return f"{reverse('admin:soc_alert_changelist')}?{query}"
