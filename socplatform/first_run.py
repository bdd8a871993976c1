"""The first steps of a new tenant, each read from its rows: gone when all are done, or put away."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import hot
from core.actors import Actor

COOKIE = "first-run-put-away"
YEAR = 365 * 86_400  # seconds
_DONE = """
SELECT
  EXISTS (SELECT FROM core_application WHERE tenant_id = %(tenant)s AND is_active
    AND NOT is_deleted AND scopes ? 'soc:ingest') AS source,
  EXISTS (SELECT FROM soc_alert WHERE tenant_id = %(tenant)s) AS alerts,
  (SELECT count(*) FROM (SELECT FROM core_membership WHERE tenant_id = %(tenant)s AND is_active
    AND NOT is_deleted LIMIT 2) AS two) > 1 AS people,
  EXISTS (SELECT FROM soc_sladefinition WHERE tenant_id = %(tenant)s AND NOT is_deleted) AS levels,
  EXISTS (SELECT FROM soc_playbook WHERE tenant_id = %(tenant)s AND NOT is_deleted
    AND enabled) AS playbook,
  EXISTS (SELECT FROM grc_regulator WHERE tenant_id = %(tenant)s AND NOT is_deleted
    AND regimes <> '[]') AS law
"""
# Name, scope that it needs, what to do, why, and the page for it.
STEPS = (
    (
        "source",
        "admin:tenant",
        "Give a tool a key",
        "It may then send detections only.",
        "admin:core_application_changelist",
    ),
    (
        "alerts",
        "soc:ingest",
        "Let alerts arrive",
        "By /api/v1/soc/intake/auto, or manage.py import_alerts.",
        "admin:soc_alert_changelist",
    ),
    (
        "people",
        "admin:tenant",
        "Invite your team",
        "Each with the role that fits their work.",
        "admin:core_membership_changelist",
    ),
    (
        "levels",
        "soc:configure",
        "Set service levels",
        "Alerts and cases then have clocks.",
        "admin:soc_sladefinition_changelist",
    ),
    (
        "playbook",
        "playbooks:write",
        "Switch on a playbook",
        "It asks before it acts.",
        "admin:soc_playbook_changelist",
    ),
    (
        "law",
        "grc:write",
        "Say to whom you report",
        "Incidents then show their legal clocks.",
        "admin:grc_regulator_changelist",
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    why: str
    url: str
    is_done: bool


def steps(request: HttpRequest, actor: Actor) -> list[Step]:
    """The steps that this person may take; none when all are done or the list was put away here.
    One query.
    """
    mine = [each for each in STEPS if actor.may(each[1])]
    may_set_up = actor.may("admin:tenant") or actor.may("soc:configure")
    if not may_set_up or request.COOKIES.get(COOKIE) == str(actor.tenant_id):
        return []
    (done,) = hot.rows(_DONE, {"tenant": actor.tenant_id})
    found = [Step(title, why, reverse(url), done[name]) for name, _, title, why, url in mine]
    return [] if all(step.is_done for step in found) else found


def put_away(request: HttpRequest) -> HttpResponse:
    """Not to be shown again in this browser, for this tenant."""
    answer = redirect("admin:index")
    actor: Any = getattr(request.user, "actor", None)
    if request.method == "POST" and actor is not None:
        answer.set_cookie(
            COOKIE,
            str(actor.tenant_id),
            max_age=YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return answer
