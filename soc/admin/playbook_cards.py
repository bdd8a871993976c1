"""The card of playbooks on the pages of alerts and investigations."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.actors import Actor
from soc.models import Playbook, PlaybookRun
from soc.workflows import RUN_PLAYBOOKS

MOST = 20
MOST_CHOICES = 200


def playbook_card(
    about: Mapping[str, UUID], name: str, actor: Actor, alert_ids: Sequence[UUID] = ()
) -> dict[str, Any]:
    """The runs about a row, or about alerts that it holds, and what this person may run on it."""
    wanted = Q(**about) | (Q(alert_id__in=list(alert_ids)) if alert_ids else Q(pk__in=[]))
    rows = PlaybookRun.objects.filter(wanted).select_related("playbook_version")
    choices: list[tuple[str, str]] = []
    if actor.may(RUN_PLAYBOOKS):
        usable = Playbook.objects.filter(enabled=True).order_by("name")[:MOST_CHOICES]
        choices = [(row.shown_id, row.name) for row in usable]
    return {
        "runs": list(rows.order_by("-id")[:MOST]),
        "playbook_choices": choices,
        "about_name": name,
    }
