"""What conditions may ask of an alert."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from soc.conditions import FIELDS
from soc.models import Alert
from soc.services import relations

_LINKED = ("indicators", "assets")
_PLAIN = tuple(name for name in FIELDS if name not in _LINKED)


def of_alert(alert: Alert, indicators: Sequence[str] | None = None) -> dict[str, Any]:
    """The fields that conditions know, `{field: value or list}`; one query, and none where the
    values of the alert's indicators are given.
    """
    return of_alerts([alert])[alert.pk] if indicators is None else _of(alert, indicators)


def of_alerts(alerts: Sequence[Alert]) -> dict[UUID, dict[str, Any]]:
    """The same for many alerts, with as many queries."""
    links = relations.indicators_of([alert.pk for alert in alerts])
    return {
        alert.pk: _of(alert, [link.indicator.value for link in links.get(alert.pk, [])])
        for alert in alerts
    }


def _of(alert: Alert, indicators: Sequence[str]) -> dict[str, Any]:
    known: dict[str, Any] = {name: getattr(alert, name) for name in _PLAIN}
    known["indicators"] = list(indicators)
    known["assets"] = [
        asset[name]
        for asset in alert.affected_assets
        for name in ("label", "id")
        if asset.get(name)
    ]
    return known
