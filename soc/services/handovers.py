"""Verbs of the shift handover."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from django.utils import timezone

from core import audit, records, workflow
from core.actors import Actor
from core.errors import BadInput, Conflict, MoveRefused
from core.texts import clean_text
from soc.models import ShiftHandover
from soc.services import shift_report
from soc.workflows import WRITE

SHIFT = timedelta(hours=8)  # what a first handover looks back on
LONGEST = timedelta(days=3)


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> ShiftHandover:
    """Begin one; it goes on where the last one ended. There is one draft at a time."""
    actor.require(WRITE)
    if draft := ShiftHandover.objects.filter(status="draft").first():
        raise Conflict(f"{draft} is a draft already: {draft.shown_id}. Finish that one first.")
    begins_at = values.get("begins_at") or _last_end()
    now = timezone.now()
    if not now - LONGEST <= begins_at < now:
        raise BadInput("Give a moment within the last three days.", field="begins_at")
    row = ShiftHandover(begins_at=begins_at, remarks=_remarks(values))
    return records.create(row, actor=actor, note=note)


@audit.verb
def update(
    handover: ShiftHandover, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> ShiftHandover:
    """Change what is said beside the numbers, as long as it is a draft."""
    actor.require(WRITE)
    fresh = records.lock(handover)
    if fresh.status != "draft":
        raise Conflict("It is signed out. What was handed over stays as it was.", field="remarks")
    changes = {"remarks": _remarks(values)} if "remarks" in values else {}
    return records.change(fresh, changes, actor=actor, note=note)


@audit.verb
def perform(handover: ShiftHandover, verb: str, *, actor: Actor, note: str = "") -> ShiftHandover:
    """Make a move. Who signed out does not sign in."""

    def follow(fresh: ShiftHandover) -> dict[str, Any]:
        if verb == "sign_in":
            if actor.person_id == fresh.signed_out_by:
                raise MoveRefused("You signed this out. Whoever takes over signs in.", allowed=[])
            return {"signed_in_by": actor.person_id}
        now = timezone.now()
        told = shift_report.generate(fresh.begins_at, now)
        frozen = orjson.loads(orjson.dumps(told, option=orjson.OPT_UTC_Z))
        return {"signed_out_by": actor.person_id, "ends_at": now, "contents": frozen}

    return workflow.perform(handover, verb, actor=actor, note=note, follow=follow)


def contents_of(handover: ShiftHandover) -> dict[str, Any]:
    """What it tells: frozen once it is signed out, before that as it is now."""
    frozen: dict[str, Any] | None = handover.contents
    return frozen or shift_report.generate(handover.begins_at, timezone.now())


def _last_end() -> Any:
    last = ShiftHandover.objects.exclude(ends_at=None).order_by("-id").first()
    now = timezone.now()
    return max(last.ends_at, now - LONGEST + timedelta(minutes=1)) if last else now - SHIFT


def _remarks(values: Mapping[str, Any]) -> str:
    return clean_text(values.get("remarks") or "", field="remarks")
