"""Regulators, duties with what decides them, submissions and corrective actions."""

from grc.models import Obligation, Regulator
from grc.services import corrective_actions, obligations, regulators, submissions
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor()
    if not Regulator.objects.exists():
        _regulators(line, word)
    answer = {"question": "gdpr_breach", "answer": "yes", "reason": f"reason {word}"}
    one = {**answer, "regulator": Regulator.objects.first()}
    obligations.assess(line.incident, [answer, one], actor=actor, note=f"note {word}")
    obligations.record_fact(line.incident, "aware", actor=actor, note=f"note {word}")
    duty = Obligation.objects.get(incident=line.incident, rule_key="gdpr.authority")
    obligations.update(duty, {"delay_reason": f"delay {word}"}, actor=actor, note=f"note {word}")
    drafted = submissions.create(
        {"obligation_id": duty, "sections": {"measures": f"measures {word}"}}, actor=actor
    )
    submissions.update(drafted, {"changes_note": f"changed {word}"}, actor=actor)
    about = {"title": f"action {word}", "description": f"about {word}", "tags": [f"tag {word}"]}
    about |= {"incident_id": line.incident, "owner_id": actor.person_id}
    action = corrective_actions.create(about, actor=actor, note=f"note {word}")
    corrective_actions.perform(action, "complete", actor=actor, evidence=f"evidence {word}")
    gone = corrective_actions.create(about, actor=actor)
    corrective_actions.delete(gone, actor=actor, note=f"gone {word}")


def _regulators(line: Line, word: str) -> None:
    actor = line.cast.actor()
    values = {
        "name": f"regulator {word}",
        "description": f"about {word}",
        "jurisdiction": f"land {word}",
        "contact": f"desk {word}",
        "entity_name": f"entity {word}",
        "regimes": ["GDPR"],
        "tags": [f"tag {word}"],
    }
    regulators.create(values, actor=actor, note=f"note {word}")
    gone = regulators.create({**values, "name": f"gone {word}"}, actor=actor)
    regulators.delete(gone, actor=actor, note=f"gone {word}")
