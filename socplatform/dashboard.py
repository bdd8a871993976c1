"""The Now page: what needs someone first."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from core.actors import Actor
from grc.models import Incident
from grc.workflows import OPEN as OPEN_INCIDENTS
from soc.models import Alert, Investigation, Proposal
from soc.querysets import OPEN_ALERTS

URGENT = ("critical", "high")


def now(actor: Actor) -> dict[str, Any]:
    """Tiles, the urgent alerts that nobody has, one's own alerts, open investigations and
    incidents.
    """
    if not actor.may("soc:read"):
        return {}
    waiting = Alert.objects.waiting()
    open_and_urgent = waiting.filter(status="open", severity__in=URGENT, assignee=None)
    mine = waiting.filter(assignee_id=actor.person_id)
    return {
        "tiles": _tiles(waiting, actor),
        "first": open_and_urgent.for_list().worst_first()[:10],
        "mine": mine.for_list().order_by("-id")[:10],
        "investigations": Investigation.objects.open().order_by("-id")[:8],
        "proposals": Proposal.objects.filter(status="proposed").order_by("-score", "-id")[:5],
        "incidents": Incident.objects.filter(status__in=OPEN_INCIDENTS).order_by("-id")[:8],
    }


def _tiles(waiting: Any, actor: Actor) -> list[dict[str, Any]]:
    """Counts in one pass over the alerts that wait, each a link to its rows."""
    counts = waiting.aggregate(
        critical=Count("pk", filter=Q(severity="critical")),
        high=Count("pk", filter=Q(severity="high")),
        unassigned=Count("pk", filter=Q(assignee=None)),
        mine=Count("pk", filter=Q(assignee_id=actor.person_id)),
        all=Count("pk"),
    )
    queue = reverse("admin:soc_alert_changelist")
    status = f"status={','.join(OPEN_ALERTS)}"
    return [
        {
            "title": "Critical",
            "count": counts["critical"],
            "tone": "crit",
            "url": f"{queue}?{status}&severity=critical",
        },
        {
            "title": "High",
            "count": counts["high"],
            "tone": "",
            "url": f"{queue}?{status}&severity=high",
        },
        {
            "title": "Nobody's",
            "count": counts["unassigned"],
            "tone": "",
            "url": f"{queue}?{status}&assignee_id=none",
        },
        {
            "title": "Mine",
            "count": counts["mine"],
            "tone": "",
            "url": f"{queue}?{status}&assignee_id=me",
        },
        {"title": "Waiting in all", "count": counts["all"], "tone": "", "url": queue},
    ]
