"""The duties of incidents as pages and the API show them, read for many at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from grc.models import CorrectiveAction, Incident, Obligation, Regulator, Submission
from grc.obligations.rules import library
from grc.services import evidence

NOTICE = "The product computes times from recorded facts. It gives no legal advice."


@dataclass
class Reported:
    """What an incident's own answer shows of its duties and corrective actions."""

    regulators: list[UUID] = field(default_factory=list)
    actions: list[UUID] = field(default_factory=list)
    reported_at: datetime | None = None
    notified_at: datetime | None = None


def reported(incident_ids: Iterable[UUID]) -> dict[UUID, Reported]:
    """Two queries for any number of incidents."""
    wanted = list(incident_ids)
    found: dict[UUID, Reported] = defaultdict(Reported)
    rows = Obligation.objects.filter(incident__in=wanted).order_by("id")
    for row in rows:
        _add(found[row.incident_id], row)
    actions = CorrectiveAction.objects.filter(incident__in=wanted).order_by("id")
    for pk, incident_id in actions.values_list("pk", "incident_id"):
        found[incident_id].actions.append(pk)
    return found


def of(incident: Incident) -> dict[str, Any]:
    """Questions with their answers, facts, duties with their newest submission, and the notice.

    A question's `apart` are the regulators that may be answered apart, where there are several;
    each has its own answer, or None while the one for all counts.
    """
    known = evidence.said_of([incident.pk])[incident.pk]
    rows = rows_of(incident)
    newest: dict[UUID, Submission] = {}
    by_id = {row.pk: row for row in rows}
    for each in Submission.objects.filter(obligation__in=rows).order_by("number"):
        each.obligation = by_id[each.obligation_id]
        newest[each.obligation_id] = each
    regulators = list(Regulator.objects.order_by("name", "id"))
    regimes = {regime for each in regulators for regime in each.regimes}
    return {
        "notice": NOTICE,
        "library_version": library().version,
        "questions": [
            _question(question, known, _asked(question, regulators))
            for question in library().questions.values()
            if question.regime in regimes
        ],
        "facts": [_fact(fact, known) for fact in _facts(regimes)],
        "duties": [(row, newest.get(row.pk)) for row in rows],
    }


def rows_of(incident: Incident) -> list[Obligation]:
    """The duties with regulator and owner, due first, those without a moment last: read once for
    an incident as it was read.
    """
    rows = Obligation.objects.select_related("regulator", "owner").order_by("due_at", "id")
    prefetch_related_objects([incident], Prefetch("obligations", queryset=rows))
    found: Any = incident.obligations
    return list(found.all())


def _add(told: Reported, row: Obligation) -> None:
    if row.applies and row.regulator_id not in told.regulators:
        told.regulators.append(row.regulator_id)
    if row.sent_at and row.audience == "authority":
        told.reported_at = min(told.reported_at or row.sent_at, row.sent_at)
    if row.sent_at and row.audience != "authority":
        told.notified_at = min(told.notified_at or row.sent_at, row.sent_at)


def _facts(regimes: set[str]) -> list[Any]:
    """The facts on which a rule of these regimes hangs."""
    names = {
        name
        for rule in library().rules
        if rule.regime in regimes
        for name in (*rule.needs, *(each for limit in rule.limits for each in limit.after))
    }
    return [fact for fact in library().facts.values() if fact.key in names]


def _fact(fact: Any, known: evidence.Evidence) -> dict[str, Any]:
    row = known.facts.get(fact.key)
    return {
        "fact": fact.key,
        "label": fact.label,
        "at": row.at if row else None,
        "reason": row.reason if row else "",
        "recorded_by": row.recorded_by if row else None,
        "recorded_by_name": row.recorded_by_name if row else "",
        "recorded_at": row.created_at if row else None,
    }


def _asked(question: Any, regulators: list[Regulator]) -> list[Regulator]:
    return [each for each in regulators if question.regime in each.regimes]


def _question(question: Any, known: evidence.Evidence, asked: list[Regulator]) -> dict[str, Any]:
    own = {each.pk: known.answers.get(each.pk, {}).get(question.key) for each in asked}
    apart = [
        {"regulator_id": each.pk, "regulator": each, **_answer(own[each.pk])} for each in asked
    ]
    common = known.answers.get(None, {}).get(question.key)
    return {
        "question": question.key,
        "regime": question.regime,
        "text": question.text,
        "source": question.source,
        "optional": question.optional,
        "is_open": common is None and not all(own.values()),
        "apart": apart if len(asked) > 1 else [],
        **_answer(common),
    }


def _answer(row: evidence.Answer | None) -> dict[str, Any]:
    return {
        "answer": row.answer if row else None,
        "reason": row.reason if row else "",
        "answered_by": row.answered_by if row else None,
        "answered_by_name": row.answered_by_name if row else "",
        "answered_at": row.created_at if row else None,
    }
