"""What stands beside an incident on its page: what it touched, and what it has taught to do."""

from typing import Any

from django.urls import reverse

from core.admin.editing import Field, inputs
from core.admin.register import Entry, Panel
from core.models import Person
from grc import links
from grc.models import Account, Asset, CorrectiveAction, Incident, Risk
from grc.services import action_risks, incident_links
from grc.services.incidents import LINKED

LINKS = (
    Field(LINKED, "Investigations", "picks"),
    Field("affected_asset_ids", "Affected assets", "picks"),
    Field("affected_account_ids", "Affected accounts", "picks"),
    Field("realized_risk_ids", "Risks that came true", "picks"),
    Field("commander_ids", "Commanders", "picks"),
)
RISKS = (Field("risk_ids", "Risks that it lowers", "picks"),)
NEW_ACTION = (
    Field("title", "Title", starts_empty=True),
    Field("owner_id", "Owner", "member"),
    Field("due_at", "Due", "time"),
    Field("risk_ids", "Risks that it lowers", "picks", starts_empty=True),
)


def picked(incident: Incident) -> dict[str, list[Any]]:
    """The rows that each input of LINKS names now."""
    return {
        **incident_links.rows_of(incident),
        LINKED: links.rows(LINKED, incident),
        "commander_ids": _commanders(incident),
    }


def shown(incident: Incident) -> dict[str, Any]:
    """The registers' rows that it names, where it names any, and the names of its commanders; read
    once for the page and its dialogs.
    """
    held = getattr(incident, "picked", None)
    found = incident_links.rows_of(incident) if held is None else held
    people = _commanders(incident) if held is None else held["commander_ids"]
    labels = {field.name: field.label for field in LINKS}
    panels = [
        Panel(labels[name], [_entry(row) for row in found[name]])
        for name in incident_links.COLUMNS
        if found[name]
    ]
    return {"touched": panels, "commanders": [each.name for each in people]}


def actions(incident: Incident, *, may_write: bool) -> dict[str, Any]:
    """Its corrective actions with their risks, and for who may write the inputs of dialogs."""
    rows = CorrectiveAction.objects.filter(incident=incident).select_related("owner")
    found = list(rows.order_by("id"))
    held = action_risks.rows_of([row.pk for row in found])
    for row in found:
        row.picked = {"risk_ids": held.get(row.pk, [])}
    return {
        "actions": [
            {
                "row": row,
                "risks": row.picked["risk_ids"],
                "fields": inputs(row, RISKS, []) if may_write else [],
            }
            for row in found
        ],
    }


def _commanders(incident: Incident) -> list[Person]:
    return list(Person.objects.filter(pk__in=incident.commander_ids).order_by("name"))


def new_action(members: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The inputs of the dialog of a new corrective action."""
    return inputs(CorrectiveAction(), NEW_ACTION, members)


def _entry(row: Asset | Account | Risk) -> Entry:
    url = reverse(f"admin:grc_{row._meta.model_name}_change", args=[row.shown_id])
    return Entry(row.name, url, note=getattr(row, "criticality", ""))
