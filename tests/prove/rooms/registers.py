"""Assets, accounts and risks, live and deleted, and an incident that names them."""

from grc.incident_formats.drafts import IncidentDraft
from grc.models import CorrectiveAction
from grc.services import (
    accounts,
    assets,
    corrective_actions,
    incident_imports,
    incidents,
    risks,
)
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor()
    common = {"description": f"about {word}", "tags": [f"tag {word}"], "owner_id": actor.person_id}
    top = assets.create({**common, "name": f"site {word}"}, actor=actor)
    values = {"kind": f"kind {word}", "identifiers": [f"id {word}"]}
    about = {"service": f"service {word}", "classification": f"class {word}", "parent_id": top}
    asset = assets.create(
        {**common, **values, **about, "name": f"asset {word}"}, actor=actor, note=f"note {word}"
    )
    account = accounts.create({**common, **values, "name": f"account {word}"}, actor=actor)
    weighed = {"inherent_likelihood": 3, "inherent_impact": 4, "treatment_plan": f"plan {word}"}
    risk = risks.create(
        {**common, **weighed, "name": f"risk {word}", "category": f"sort {word}"}, actor=actor
    )
    action = CorrectiveAction.objects.order_by("id").first()
    corrective_actions.update(action, {"risk_ids": [risk.pk]}, actor=actor, note=f"note {word}")
    risks.set_scale(actor=actor, likelihood_steps=5, impact_steps=5, note=f"note {word}")
    for service in (assets, accounts, risks):
        gone = service.create({**common, "name": f"gone {word}"}, actor=actor)
        service.delete(gone, actor=actor, note=f"gone {word}")
    incident_imports.take(IncidentDraft(f"veris:{word}", f"imported {word}"), actor=actor)
    links = {
        "affected_asset_ids": [asset.pk],
        "affected_account_ids": [account.pk],
        "realized_risk_ids": [risk.pk],
    }
    incidents.update(line.incident, links, actor=actor, note=f"note {word}")
