"""What conditions may ask of an alert."""

from typing import Any

from soc.conditions import FIELDS
from soc.models import Alert
from soc.services import relations

_LINKED = ("indicators", "assets")


def of_alert(alert: Alert) -> dict[str, Any]:
    """The fields that conditions know, `{field: value or list}`; one query."""
    links = relations.indicators_of([alert.pk]).get(alert.pk, [])
    known: dict[str, Any] = {name: getattr(alert, name) for name in FIELDS if name not in _LINKED}
    known["indicators"] = [link.indicator.value for link in links]
    known["assets"] = [
        asset[name]
        for asset in alert.affected_assets
        for name in ("label", "id")
        if asset.get(name)
    ]
    return known
