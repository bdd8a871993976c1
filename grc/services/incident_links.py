"""Which assets and accounts an incident touched, and which risks it realised."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from core import audit, records
from core.actors import Actor
from grc.models import Account, Asset, Incident, IncidentLink, Risk

# Field of the incident, and the column that holds it.
COLUMNS = {
    "affected_asset_ids": "asset_id",
    "affected_account_ids": "account_id",
    "realized_risk_ids": "risk_id",
}


def rows_of(incident: Incident) -> dict[str, list[Any]]:
    """The live rows that an incident names, by field and by name, in one query."""
    found: dict[str, list[Any]] = {field: [] for field in COLUMNS}
    links = IncidentLink.objects.filter(incident=incident)
    for link in links.select_related("asset", "account", "risk"):
        for field, row in zip(COLUMNS, (link.asset, link.account, link.risk), strict=True):
            if row is not None and not row.is_deleted:
                found[field].append(row)
    return {field: sorted(rows, key=_by_name) for field, rows in found.items()}


def of(incident_ids: Iterable[UUID]) -> dict[UUID, dict[str, list[UUID]]]:
    """The links of many incidents by field, in one query."""
    found: dict[UUID, dict[str, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    rows = IncidentLink.objects.filter(incident__in=list(incident_ids)).order_by("id")
    for row in rows:
        for field, column in COLUMNS.items():
            if getattr(row, column) is not None:
                found[row.incident_id][field].append(getattr(row, column))
    return found


def _by_name(row: Asset | Account | Risk) -> tuple[str, UUID]:
    return row.name, row.pk


@audit.verb
def set_links(
    incident: Incident, field: str, wanted: Sequence[UUID], *, actor: Actor, note: str = ""
) -> None:
    """Make these the linked rows of a field: others leave, new ones join."""
    column = COLUMNS[field]
    present: list[UUID] = of([incident.pk])[incident.pk][field]
    gone = [pk for pk in present if pk not in wanted]
    new = [pk for pk in wanted if pk not in present]
    if not gone and not new:
        return
    linked: Any = IncidentLink.objects.filter(incident=incident)
    linked.filter(**{f"{column}__in": gone}).delete()
    for pk in new:
        IncidentLink.objects.create(incident=incident, created_by=actor.person_id, **{column: pk})
    joined, left = [str(pk) for pk in new], [str(pk) for pk in gone]
    told = {"field": field, "joined": joined, "left": left}
    records.remember(incident, "link", actor=actor, note=note, **told)
    records.touch(incident, actor=actor)


def incidents_of(column: str, pks: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The incidents of rows of a register."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = IncidentLink.objects.filter(**{f"{column}__in": list(pks)}).order_by("id")
    for pk, incident_id in rows.values_list(column, "incident_id"):
        found[pk].append(incident_id)
    return found
