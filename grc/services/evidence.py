"""What decides the duties of incidents: recorded facts, answers and submissions, read for many at
once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core import hot, tenancy
from grc.models import Submission

_SAID = """
SELECT f.incident_id, NULL::uuid AS regulator_id, f.name, f.at, '' AS answer, f.reason,
  f.recorded_by AS said_by, p.name AS said_by_name, f.created_at, f.id
FROM grc_incidentfact f LEFT JOIN core_person p ON p.id = f.recorded_by
WHERE f.tenant_id = %(tenant)s AND f.incident_id = ANY(%(incidents)s)
UNION ALL
SELECT a.incident_id, a.regulator_id, a.question, NULL, a.answer, a.reason,
  a.answered_by, p.name, a.created_at, a.id
FROM grc_incidentanswer a LEFT JOIN core_person p ON p.id = a.answered_by
WHERE a.tenant_id = %(tenant)s AND a.incident_id = ANY(%(incidents)s)
ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """A recorded moment, with who wrote it down and when."""

    at: datetime
    reason: str
    recorded_by: UUID
    recorded_by_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the questionnaire, with who gave it and when."""

    answer: str
    reason: str
    answered_by: UUID
    answered_by_name: str
    created_at: datetime


@dataclass
class Evidence:
    """Of one incident. Answers of a regulator come before those for all (None)."""

    facts: dict[str, Fact] = field(default_factory=dict)
    answers: dict[UUID | None, dict[str, Answer]] = field(default_factory=lambda: defaultdict(dict))
    sent: dict[UUID, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))

    def moments(self, regulator_id: UUID) -> dict[str, datetime]:
        """Facts by name, and this regulator's submissions as `sent:KEY` and `last_sent:KEY`."""
        facts = {name: fact.at for name, fact in self.facts.items()}
        return facts | self.sent.get(regulator_id, {})

    def answer(self, question: str, regulator_id: UUID | None) -> Answer | None:
        own = self.answers.get(regulator_id, {})
        return own.get(question) or self.answers.get(None, {}).get(question)

    def answered(self, regulator_id: UUID | None) -> dict[str, str]:
        rows = {**self.answers.get(None, {}), **self.answers.get(regulator_id, {})}
        return {question: row.answer for question, row in rows.items()}


def of(incident_ids: Iterable[UUID]) -> dict[UUID, Evidence]:
    """Two queries for any number of incidents."""
    wanted = list(incident_ids)
    found = said_of(wanted)
    sent = Submission.objects.filter(obligation__incident__in=wanted, status="sent")
    for each in sent.select_related("obligation").order_by("sent_at", "id"):
        duty = each.obligation
        times = found[duty.incident_id].sent[duty.regulator_id]
        times.setdefault(f"sent:{duty.rule_key}", each.sent_at)
        times[f"last_sent:{duty.rule_key}"] = each.sent_at
    return found


def said_of(incident_ids: Iterable[UUID]) -> dict[UUID, Evidence]:
    """Facts and answers alone, without what was sent: one query. The newest of each name counts."""
    wanted = list(incident_ids)
    found: dict[UUID, Evidence] = {pk: Evidence() for pk in wanted}
    for row in hot.rows(_SAID, {"tenant": tenancy.required(), "incidents": wanted}):
        known = found[row["incident_id"]]
        said = (row["reason"], row["said_by"], row["said_by_name"] or "", row["created_at"])
        if row["at"] is not None:
            known.facts[row["name"]] = Fact(row["at"], *said)
        else:
            known.answers[row["regulator_id"]][row["name"]] = Answer(row["answer"], *said)
    return found
