"""What hangs on an alert: its indicators, and the alerts it belongs together with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import audit, records
from core.actors import Actor
from core.errors import BadInput
from soc.intake.drafts import Sighting
from soc.intake.normalise import normalise
from soc.models import Alert, AlertIndicator, AlertRelation, Indicator
from soc.vocabulary import INDICATOR_TYPES, MALICE

MANUAL = "manual"


def worst_malice(alert: Alert) -> str:
    """The worst verdict among the alert's indicators; pending where there is none."""
    seen = AlertIndicator.objects.filter(alert=alert).values_list("indicator__malice", flat=True)
    return max(seen, key=MALICE.index, default="pending")


@audit.verb
def set_indicators(alert: Alert, given: Sequence[Mapping[str, Any]], *, actor: Actor) -> None:
    """Link the indicators `[{type, value}]` of a new alert; each is normalised and kept once per
    tenant.
    """
    sightings = [_sighting(item) for item in given]
    link_indicators([(alert, sighting) for sighting in sightings], actor=actor)


def link_indicators(seen: Sequence[tuple[Alert, Sighting]], *, actor: Actor) -> None:
    """Make the indicators that are new, see the known ones again, and link all to their alerts,
    set-wise.
    """
    if not seen:
        return
    known = _upsert({(sighting.type, sighting.value) for _, sighting in seen}, actor)
    rows = {
        (alert.pk, known[sighting.type, sighting.value]): AlertIndicator(
            alert=alert, indicator_id=known[sighting.type, sighting.value], role=sighting.role
        )
        for alert, sighting in seen
    }
    AlertIndicator.objects.bulk_create([rows[key] for key in sorted(rows)], ignore_conflicts=True)


def indicators_of(alert_ids: Iterable[UUID]) -> dict[UUID, list[AlertIndicator]]:
    """The indicators of many alerts, with their role in each."""
    found: dict[UUID, list[AlertIndicator]] = defaultdict(list)
    rows = AlertIndicator.objects.filter(alert_id__in=list(alert_ids)).select_related("indicator")
    for row in rows.order_by("id"):
        found[row.alert_id].append(row)
    return found


def related_of(alert_ids: Iterable[UUID]) -> dict[UUID, list[AlertRelation]]:
    """The alerts related to each, from both ends."""
    wanted = set(alert_ids)
    found: dict[UUID, list[AlertRelation]] = defaultdict(list)
    rows = AlertRelation.objects.filter(alert_id__in=wanted) | AlertRelation.objects.filter(
        related_id__in=wanted
    )
    for row in rows.order_by("id"):
        for end in {row.alert_id, row.related_id} & wanted:
            found[end].append(row)
    return found


@audit.verb
def set_related(
    alert: Alert, wanted: Iterable[UUID], *, actor: Actor, reason: str = "linked by hand"
) -> None:
    """Make these the alerts that people linked by hand; links with another reason stay."""
    target = set(wanted)
    if alert.pk in target:
        raise BadInput("An alert is not related to itself.", field="related_alert_ids")
    rows = related_of([alert.pk])[alert.pk]
    present = {row.related_id if row.alert_id == alert.pk else row.alert_id: row for row in rows}
    gone = [row.pk for other, row in present.items() if other not in target and row.kind == MANUAL]
    new = sorted(target - present.keys())
    AlertRelation.objects.filter(pk__in=gone).delete()
    relate([(alert.pk, other) for other in new], kind=MANUAL, reason=reason, actor=actor)
    if gone or new:
        records.remember(alert, "relate", actor=actor, note=reason, added=new, removed=len(gone))


def relate(pairs: Sequence[tuple[UUID, UUID]], *, kind: str, reason: str, actor: Actor) -> None:
    AlertRelation.objects.bulk_create(
        [
            AlertRelation(
                alert_id=one, related_id=other, kind=kind, reason=reason, created_by=actor.person_id
            )
            for one, other in pairs
        ],
        ignore_conflicts=True,
    )


def _upsert(wanted: set[tuple[str, str]], actor: Actor) -> dict[tuple[str, str], UUID]:
    now = timezone.now()
    rows = [
        Indicator(
            type=type_,
            value=value,
            first_seen=now,
            last_seen=now,
            created_by=actor.person_id,
            updated_by=actor.person_id,
            source_type=actor.source_type,
            app_id=actor.app_id,
        )
        for type_, value in sorted(wanted)
    ]
    # Sorted, so that two importers that see the same indicators lock them in the same order.
    Indicator.with_deleted.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", "type", "value"],
        update_fields=["last_seen"],
    )
    found = Indicator.with_deleted.filter(value__in=[value for _, value in wanted])
    return {(row.type, row.value): row.pk for row in found if (row.type, row.value) in wanted}


def _sighting(item: Mapping[str, Any]) -> Sighting:
    type_, value = item.get("type"), item.get("value")
    if type_ not in INDICATOR_TYPES:
        raise BadInput(
            f"'{type_}' is no indicator type. Use one of: {', '.join(INDICATOR_TYPES)}.",
            field="indicators",
        )
    clean = normalise(str(type_), value) if isinstance(value, str) else None
    if clean is None:
        raise BadInput(f"'{value}' is no {type_}.", field="indicators")
    return Sighting(type=str(type_), value=clean, role=str(item.get("role") or "other"))
