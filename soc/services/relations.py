"""What hangs on an alert: its indicators, and the alerts it belongs together with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from core import audit, hot, ids, records, setwise, tenancy
from core.actors import Actor
from core.errors import BadInput
from soc.intake.drafts import Sighting
from soc.intake.indicators import refang
from soc.intake.normalise import normalise
from soc.models import Alert, AlertIndicator, AlertRelation, Indicator
from soc.services.arrivals import Arrival
from soc.vocabulary import INDICATOR_TYPES, MALICE

MANUAL = "manual"
Name = tuple[str, str]
_SEEN = """
ON CONFLICT (tenant_id, type, value) DO UPDATE SET
  first_seen = least(kept.first_seen, excluded.first_seen),
  last_seen = greatest(kept.last_seen, excluded.last_seen)
WHERE excluded.first_seen < kept.first_seen OR excluded.last_seen > kept.last_seen
"""
_LINK = """
INSERT INTO soc_alertindicator (id, tenant_id, created_at, alert_id, indicator_id, role)
SELECT given.pk, %(tenant)s, %(now)s, given.alert, i.id, given.role
FROM json_to_recordset(%(rows)s::json)
  AS given (pk uuid, alert uuid, type text, value text, role text)
JOIN soc_indicator i
  ON i.tenant_id = %(tenant)s AND i.type = given.type AND i.value = given.value
ON CONFLICT (tenant_id, alert_id, indicator_id) DO NOTHING
"""


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


def link_indicators(seen: Sequence[tuple[Alert | Arrival, Sighting]], *, actor: Actor) -> None:
    """Make the indicators that are new, see the known ones again, and link all to their alerts, in
    two statements.
    """
    if not seen:
        return
    now = timezone.now()
    times: dict[Name, list[datetime]] = defaultdict(list)
    for alert, sighting in seen:
        times[sighting.type, sighting.value].append(alert.occurred_at or now)
    _see(times, actor, now)
    rows = [
        {
            "pk": pk,
            "alert": alert.pk,
            "type": sighting.type,
            "value": sighting.value,
            "role": sighting.role,
        }
        for pk, (alert, sighting) in zip(ids.several(len(seen)), seen, strict=True)
    ]
    values = {"tenant": tenancy.required(), "now": now, "rows": orjson.dumps(rows).decode()}
    hot.write(_LINK, values)


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


def related_alerts(
    alert: Alert, rows: Iterable[AlertRelation], *, app_id: UUID | None = None, most: int
) -> list[Alert]:
    """The alerts at the other end of these relations, each with its `relation`: those linked by
    hand first, then the strongest ties.
    """
    ends = {row.related_id if row.alert_id == alert.pk else row.alert_id: row for row in rows}
    others = Alert.objects.for_list().of_application(app_id).filter(pk__in=list(ends))
    found: list[Any] = list(others)
    for other in found:
        other.relation = ends[other.pk]
    found.sort(key=lambda other: (other.relation.kind != MANUAL, -other.relation.score, other.pk))
    return found[:most]


@audit.verb
def set_related(
    alert: Alert, wanted: Iterable[UUID], *, actor: Actor, reason: str = "linked by hand"
) -> bool:
    """Make these the alerts that people linked by hand; links with another reason stay. Whether
    anything changed.
    """
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
    return bool(gone or new)


def relate(pairs: Sequence[tuple[UUID, UUID]], *, kind: str, reason: str, actor: Actor) -> None:
    if not pairs:
        return
    AlertRelation.objects.bulk_create(
        [
            AlertRelation(
                alert_id=one, related_id=other, kind=kind, reason=reason, created_by=actor.person_id
            )
            for one, other in pairs
        ],
        ignore_conflicts=True,
    )


def _see(times: Mapping[Name, list[datetime]], actor: Actor, now: datetime) -> None:
    """Indicators by the times at which alerts saw them: made, or seen earlier and later than
    before. In order, so that two importers that see the same ones never wait in a circle.
    """
    rows = [
        {
            "id": pk,
            "type": type_,
            "value": value,
            "first_seen": min(seen),
            "last_seen": max(seen),
        }
        for pk, ((type_, value), seen) in zip(ids.several(len(times)), times.items(), strict=True)
    ]
    setwise.insert(
        Indicator,
        rows,
        same=setwise.written_by(actor, now),
        conflict=_SEEN,
        order="given.type, given.value",
    )


def spelled(type_: object, value: object, *, field: str) -> Name:
    """Type and value of an indicator as they are kept; refused where the value is none of the
    type.
    """
    if type_ not in INDICATOR_TYPES:
        raise BadInput(
            f"'{type_}' is no indicator type. Use one of: {', '.join(INDICATOR_TYPES)}.",
            field=field if field != "value" else "type",
        )
    clean = normalise(str(type_), refang(value)) if isinstance(value, str) else None
    if clean is None:
        raise BadInput(f"'{value}' is no {type_}.", field=field)
    return str(type_), clean


def _sighting(item: Mapping[str, Any]) -> Sighting:
    type_, value = spelled(item.get("type"), item.get("value"), field="indicators")
    return Sighting(type=type_, value=value, role=str(item.get("role") or "other"))
