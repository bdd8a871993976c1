"""The first steps of a new tenant, each read from its rows: gone when all are done, or put away."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import hot
from core.actors import Actor
from core.services import people

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
    AND regimes <> '[]') AS law,
  EXISTS (SELECT FROM core_membership WHERE tenant_id = %(tenant)s AND person_id = %(person)s
    AND first_steps_put_away_at IS NOT NULL) AS is_put_away
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


def steps(actor: Actor) -> list[Step]:
    """The steps that this person may take; none when all are done or they put the list away. One
    query.
    """
    if not (actor.may("admin:tenant") or actor.may("soc:configure")):
        return []
    (done,) = hot.rows(_DONE, {"tenant": actor.tenant_id, "person": actor.person_id})
    mine = [each for each in STEPS if actor.may(each[1])]
    found = [Step(title, why, reverse(url), done[name]) for name, _, title, why, url in mine]
    return [] if done["is_put_away"] or all(step.is_done for step in found) else found


def put_away(request: HttpRequest) -> HttpResponse:
    """Not to be shown again to this person in this tenant."""
    actor: Actor | None = getattr(request.user, "actor", None)
    if request.method == "POST" and actor is not None:
        people.put_first_steps_away(actor=actor)
    return redirect("admin:index")
