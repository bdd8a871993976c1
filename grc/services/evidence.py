"""What decides the duties of incidents: recorded facts, answers and submissions, read for many at
once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from grc.models import IncidentAnswer, IncidentFact, Submission


@dataclass
class Evidence:
    """Of one incident. Answers of a regulator come before those for all (None)."""

    facts: dict[str, IncidentFact] = field(default_factory=dict)
    answers: dict[UUID | None, dict[str, IncidentAnswer]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    sent: dict[UUID, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))

    def moments(self, regulator_id: UUID) -> dict[str, datetime]:
        """Facts by name, and this regulator's submissions as `sent:KEY` and `last_sent:KEY`."""
        facts = {name: fact.at for name, fact in self.facts.items()}
        return facts | self.sent.get(regulator_id, {})

    def answer(self, question: str, regulator_id: UUID | None) -> IncidentAnswer | None:
        own = self.answers.get(regulator_id, {})
        return own.get(question) or self.answers.get(None, {}).get(question)

    def answered(self, regulator_id: UUID | None) -> dict[str, str]:
        rows = {**self.answers.get(None, {}), **self.answers.get(regulator_id, {})}
        return {question: row.answer for question, row in rows.items()}


def of(incident_ids: Iterable[UUID]) -> dict[UUID, Evidence]:
    """Three queries for any number of incidents."""
    wanted = list(incident_ids)
    found: dict[UUID, Evidence] = {pk: Evidence() for pk in wanted}
    for fact in IncidentFact.objects.filter(incident__in=wanted).order_by("id"):
        found[fact.incident_id].facts[fact.name] = fact
    for row in IncidentAnswer.objects.filter(incident__in=wanted).order_by("id"):
        found[row.incident_id].answers[row.regulator_id][row.question] = row
    sent = Submission.objects.filter(obligation__incident__in=wanted, status="sent")
    for each in sent.select_related("obligation").order_by("sent_at", "id"):
        duty = each.obligation
        times = found[duty.incident_id].sent[duty.regulator_id]
        times.setdefault(f"sent:{duty.rule_key}", each.sent_at)
        times[f"last_sent:{duty.rule_key}"] = each.sent_at
    return found
