"""Which risks a corrective action lowers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from core import audit, records
from core.actors import Actor
from grc.models import ActionRisk, CorrectiveAction, Risk

FIELD = "risk_ids"


def risks_of(action_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The live risks of many actions, in one query."""
    return _pairs("action_id", "risk_id", action_ids, risk__is_deleted=False)


def actions_of(risk_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The live actions that lower each of many risks, in one query."""
    return _pairs("risk_id", "action_id", risk_ids, action__is_deleted=False)


def rows_of_risk(risk: Risk) -> list[CorrectiveAction]:
    """The live actions that lower a risk, oldest first."""
    linked = ActionRisk.objects.filter(risk=risk).values("action")
    rows = CorrectiveAction.objects.filter(pk__in=linked).select_related("owner")
    return list(rows.order_by("id"))


def rows_of(action_ids: Iterable[UUID]) -> dict[UUID, list[Risk]]:
    """The live risks of many actions as rows, in one query."""
    found: dict[UUID, list[Risk]] = defaultdict(list)
    links = ActionRisk.objects.filter(action__in=list(action_ids), risk__is_deleted=False)
    for link in links.select_related("risk").order_by("id"):
        found[link.action_id].append(link.risk)
    return found


@audit.verb
def set_risks(
    action: CorrectiveAction, wanted: Sequence[UUID], *, actor: Actor, note: str = ""
) -> None:
    """Make these the risks of an action that is locked: others leave, new ones join. Links to
    deleted risks stay, and are seen again when the risk is restored.
    """
    present = risks_of([action.pk])[action.pk]
    gone = [pk for pk in present if pk not in wanted]
    new = [pk for pk in wanted if pk not in present]
    if not gone and not new:
        return
    linked: Any = ActionRisk.objects.filter(action=action, risk__in=gone)
    linked.delete()
    for pk in new:
        ActionRisk.objects.create(action=action, risk_id=pk, created_by=actor.person_id)
    joined, left = [str(pk) for pk in new], [str(pk) for pk in gone]
    told = {"field": FIELD, "joined": joined, "left": left}
    records.remember(action, "link", actor=actor, note=note, **told)
    records.touch(action, actor=actor)


def _pairs(of: str, to: str, pks: Iterable[UUID], **more: Any) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = ActionRisk.objects.filter(**{f"{of}__in": list(pks)}, **more).order_by("id")
    for pk, other in rows.values_list(of, to):
        found[pk].append(other)
    return found
