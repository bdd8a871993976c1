"""Which assets of the register alerts concern: matched by name, address or identifier."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from core import audit, records
from core.actors import Actor
from grc.services import assets
from soc.models import Alert

KINDS = ("name", "label", "id", "ip", "address", "hostname")


def of_alerts(alert_ids: Iterable[UUID], *, actor: Actor) -> int:
    """Fill the ids of `affected_assets` that the register knows, and add the asset of the host;
    how many alerts changed. One query where there are no assets.
    """
    if not assets.are_registered():
        return 0
    alerts = Alert.objects.defer(*Alert.LARGE).filter(pk__in=list(alert_ids))
    rows = list(alerts.order_by("pk"))
    names = {row.pk: _names(row) for row in rows}
    known = assets.known_by({name for each in names.values() for name in each})
    concerned = [row for row in rows if names[row.pk] & known.keys()] if known else []
    return sum(_fill(row, known, actor=actor) for row in concerned)


@audit.verb
def _fill(alert: Alert, known: dict[str, Any], *, actor: Actor) -> bool:
    fresh = records.lock(alert)
    filled = [_matched(each, known) for each in fresh.affected_assets]
    held = {each.get("id") for each in filled if isinstance(each, dict)}
    for text in [*_texts(fresh.host), fresh.host_name or ""]:
        asset = known.get(text.lower())
        if asset is not None and asset.shown_id not in held:
            filled.append(
                {"type": asset.kind or "asset", "id": asset.shown_id, "label": str(asset)}
            )
            held.add(asset.shown_id)
    changed = records.change(fresh, {"affected_assets": filled}, actor=actor, verb="match_assets")
    return changed.version != alert.version


def _matched(each: Any, known: dict[str, Any]) -> Any:
    """The entry with the id of its asset, where one of its texts names one; the tool's own id stays
    beside it.
    """
    found = next((known[text] for text in map(str.lower, _texts(each)) if text in known), None)
    if found is None or each.get("id") == found.shown_id:
        return each
    own = {"external_id": each["id"]} if each.get("id") else {}
    return {**each, **own, "id": found.shown_id}


def _names(alert: Alert) -> set[str]:
    texts = [text for each in alert.affected_assets for text in _texts(each)]
    texts += [*_texts(alert.host), alert.host_name or ""]
    return {text.lower() for text in texts if text}


def _texts(entity: Any) -> list[str]:
    """The names and addresses in a host or an asset as the record has it."""
    if not isinstance(entity, dict):
        return []
    return [entity[name] for name in KINDS if isinstance(entity.get(name), str)]
