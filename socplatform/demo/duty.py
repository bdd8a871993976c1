"""Whom Acme has to tell of the night: two regulators, running clocks, and one draft."""

from datetime import timedelta

from django.utils import timezone

from grc.models import Incident, Obligation
from grc.services import (
    corrective_actions,
    incidents,
    obligations,
    regulators,
    risks,
    submissions,
)
from socplatform.demo.people import Cast

ENTITY = "Acme Freight GmbH"
HOLIDAYS = ["2026-12-25", "2026-12-26", "2027-01-01", "2027-04-02", "2027-04-05"]
REGULATORS = (
    {
        "name": "National CSIRT",
        "jurisdiction": "DE",
        "regimes": ["NIS2"],
        "entity_kinds": ["important_entity"],
    },
    {"name": "Data protection authority", "jurisdiction": "DE", "regimes": ["GDPR"]},
)
PLACE = {"entity_name": ENTITY, "time_zone": "Europe/Berlin", "holidays": HOLIDAYS}
ANSWERS = (
    ("nis2_significant", "yes", "Dispatch stood still; deliveries of this morning are late."),
    ("gdpr_breach", "yes", "Names and bank details of 41 drivers were read."),
    (
        "gdpr_high_risk",
        "no",
        "Not to be told one by one, because the accounts are watched by the bank.",
    ),
)
IMPACT = {
    "confidentiality": "high",
    "availability": "high",
    "people": 41,
    "records": 3180,
    "data_kinds": ["names", "bank details"],
}
RISK = {
    "name": "Ransomware stops dispatch",
    "category": "cyber",
    "inherent_likelihood": 4,
    "inherent_impact": 5,
    "residual_likelihood": 3,
    "residual_impact": 4,
    "treatment": "mitigate",
    "treatment_plan": "Second factor that cannot be relayed; restores that are rehearsed.",
}


def tell(cast: Cast) -> None:
    """Assess the incident of the night, start its clocks and draft the NIS2 early warning."""
    manager, compliance = cast.actors["manager"], cast.actors["compliance"]
    for values in REGULATORS:
        regulators.create({**PLACE, **values}, actor=compliance)
    incident = Incident.objects.order_by("id").get(category="ransomware")
    incident = incidents.update(incident, {"impact": IMPACT}, actor=compliance)
    answers = [
        {"question": question, "answer": answer, "reason": reason}
        for question, answer, reason in ANSWERS
    ]
    incident = obligations.assess(incident, answers, actor=compliance)
    aware = max(incident.detected_at or timezone.now(), timezone.now() - timedelta(hours=3))
    for name in ("aware", "controller_aware"):
        incident = obligations.record_fact(incident, name, actor=compliance, at=aware)
    risk = risks.create({**RISK, "owner_id": manager.person_id}, actor=compliance)
    incident = incidents.update(incident, {"realized_risk_ids": [risk.pk]}, actor=compliance)
    corrective_actions.create(
        {
            "risk_ids": [risk.pk],
            "title": "Second factor that cannot be relayed for everyone in finance",
            "incident_id": incident,
            "owner_id": manager.person_id,
        },
        actor=manager,
    )
    early = Obligation.objects.get(incident=incident, rule_key="nis2.early_warning")
    obligations.update(early, {"owner_id": compliance.person_id}, actor=compliance)
    submissions.create({"obligation_id": early}, actor=compliance)
