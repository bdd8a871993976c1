"""Verbs of duties to report: answers and facts decide them, deadlines follow and are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core import audit, records
from core.actors import Actor
from core.errors import BadInput, Conflict, InputNeeded
from core.texts import clean_text
from grc.models import Incident, IncidentAnswer, IncidentFact, Obligation, Regulator
from grc.obligations import deadlines
from grc.obligations.rules import Rule, library
from grc.services import duties, entities, evidence, texts
from grc.services.evidence import Evidence
from grc.workflows import OPEN, WRITE

AT_RISK_SHARE = 0.75
ANSWERS = ("yes", "no")


@audit.verb
def assess(
    incident: Incident, answers: Sequence[Mapping[str, Any]], *, actor: Actor, note: str = ""
) -> Incident:
    """Answer questions: `[{question, answer, reason, regulator}]`. A `no` needs its reason."""
    actor.require(WRITE)
    fresh = _open(incident)
    for given in answers:
        _answer(fresh, given, actor)
    records.remember(fresh, "assess", actor=actor, note=note, answers=[_told(a) for a in answers])
    records.touch(fresh, actor=actor)
    reasons = "; ".join(str(a.get("reason") or "") for a in answers if a.get("reason"))
    _sync(fresh, actor=actor, note=note or reasons)
    return _follow_notifiability(fresh, actor, note or reasons)


@audit.verb
def record_fact(
    incident: Incident, name: str, *, actor: Actor, at: datetime | None = None, note: str = ""
) -> Incident:
    """Write down when something happened, now or `at`. Correcting an earlier time needs a reason
    (`note`); every deadline that hangs on it is counted anew.
    """
    actor.require(WRITE)
    fresh = _open(incident)
    known = evidence.of([fresh.pk])[fresh.pk].facts
    moment = at or timezone.now()
    _check_fact(fresh, name, moment, known)
    before = known.get(name)
    if before and before.at == moment:
        return fresh
    if before and not note.strip():
        raise InputNeeded("This time was recorded before. Give a note: why it moves.", field="note")
    reason = clean_text(note, field="note")
    IncidentFact.objects.create(
        incident=fresh, name=name, at=moment, reason=reason, recorded_by=actor.person_id
    )
    records.remember(
        fresh,
        "record_fact",
        actor=actor,
        note=reason,
        fact=name,
        at=moment.isoformat(),
        was=before.at.isoformat() if before else None,
    )
    records.touch(fresh, actor=actor)
    _sync(fresh, actor=actor, note=reason or f"{library().facts[name].label} was recorded")
    return fresh


@audit.verb
def recount(incident: Incident, *, actor: Actor, note: str = "") -> None:
    """Count the duties of an incident by what is known now: after a submission, or where the
    regulator changed.
    """
    _sync(incident, actor=actor, note=note)


@audit.verb
def update(
    obligation: Obligation, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Obligation:
    """Give it to someone, or say why it is late."""
    actor.require(WRITE)
    fresh = records.lock(obligation)
    names = ("owner_id", "delay_reason", "tags")
    clean = texts.clean(values, names, nullable={"owner_id"})
    return records.change(fresh, clean, actor=actor, note=note)


def what_is_due(incident: Incident) -> str | None:
    """Why an incident with unmet duties cannot be closed; None when nothing is due."""
    rows = [row for row in duties.rows_of(incident) if row.applies and row.sent_at is None]
    due = [str(row) for row in rows if row.due_at or row.is_prompt]
    if not due:
        return None
    verb = "is" if len(due) == 1 else "are"
    named = ", ".join(due[:5])
    return (
        f"{named} {verb} due. Record what was sent, or answer in the questionnaire why nobody has "
        "to be told."
    )


def _open(incident: Incident) -> Incident:
    fresh = records.lock(incident)
    if fresh.status not in OPEN:
        raise Conflict("This incident is closed. Reopen it first.")
    return fresh


def _answer(incident: Incident, given: Mapping[str, Any], actor: Actor) -> None:
    question, answer = given.get("question"), given.get("answer")
    if question not in library().questions:
        raise BadInput(f"'{question}' is no question of the library.", field="question")
    if answer not in ANSWERS:
        raise BadInput("Answer yes or no.", field="answer")
    reason = clean_text(given.get("reason") or "", field="reason")
    if answer == "no" and not reason:
        raise InputNeeded("A no needs its reason: not notifiable, because …", field="reason")
    IncidentAnswer.objects.create(
        incident=incident,
        regulator=given.get("regulator"),
        question=question,
        answer=answer,
        reason=reason,
        answered_by=actor.person_id,
    )


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("question", "answer", "reason", "regulator")
    return {name: str(given[name]) for name in names if given.get(name)}


def _check_fact(
    incident: Incident, name: str, at: datetime, known: Mapping[str, evidence.Fact]
) -> None:
    """Facts lie in the past and in their order."""
    facts = library().facts
    if name not in facts:
        raise BadInput(
            f"'{name}' is no fact of the library. Use one of: {', '.join(facts)}.", field="fact"
        )
    if at > timezone.now():
        raise BadInput("This lies in the future; say when it happened.", field="at")
    if incident.first_event_at and at < incident.first_event_at:
        raise BadInput("This lies before the incident's first event; correct one.", field="at")
    for earlier in facts[name].not_before:
        if earlier in known and at < known[earlier].at:
            raise BadInput(f"This lies before '{facts[earlier].label}'; correct one.", field="at")
    for later, fact in facts.items():
        if name in fact.not_before and later in known and known[later].at < at:
            raise BadInput(f"This lies after '{fact.label}'; correct one of the two.", field="at")


def _sync(incident: Incident, *, actor: Actor, note: str) -> None:
    known = evidence.of([incident.pk])[incident.pk]
    rows = Obligation.with_deleted.filter(incident=incident).select_for_update(no_key=True)
    held = {(row.regulator_id, row.rule_key): row for row in rows.order_by("id")}
    day = (incident.detected_at or incident.created_at).date()
    for regulator in Regulator.objects.order_by("id"):
        for rule in library().of(regulator.regimes, day):
            row = held.pop((regulator.pk, rule.key), None)
            _settle(incident, regulator, rule, row, known, actor, note)
    for row in held.values():
        gone = {"applies": False, "because": "Switched off for this regulator.", "check_at": None}
        records.change(row, gone, actor=actor, verb="lapse", note=note)


def _settle(
    incident: Incident,
    regulator: Regulator,
    rule: Rule,
    row: Obligation | None,
    known: Evidence,
    actor: Actor,
    note: str,
) -> None:
    """Make, count or lapse the duty of one rule at one regulator."""
    entity = entities.of(regulator)
    decided = deadlines.decision(rule, known.answered(regulator.pk), entity)
    if decided != deadlines.APPLIES:
        if row is not None:
            because = _because(rule, known, regulator)
            lapsed = {"applies": False, "because": because, "check_at": None}
            records.change(row, lapsed, actor=actor, verb="lapse", note=because)
        return
    if row is None:
        row = Obligation(incident=incident, regulator=regulator, owner=incident.owner)
        for name, value in {**_of_rule(rule), **_counted(rule, row, known, regulator)}.items():
            setattr(row, name, value)
        why = _reasons(rule, known, regulator) or note
        records.create(row, actor=actor, verb="apply", note=why)
        return
    values = {**_of_rule(rule), **_counted(rule, row, known, regulator)}
    records.change(row, values, actor=actor, verb="recompute", note=note)


def _of_rule(rule: Rule) -> dict[str, Any]:
    return {
        "rule_key": rule.key,
        "rule_version": library().version,
        "regime": rule.regime,
        "stage": rule.stage,
        "article": rule.article,
        "rule_source": rule.source,
        "audience": rule.audience,
        "limit_words": rule.limit_words,
        "applies": True,
        "because": "",
    }


def _counted(rule: Rule, row: Obligation, known: Evidence, regulator: Regulator) -> dict[str, Any]:
    moments = known.moments(regulator.pk)
    found = deadlines.deadline(rule, moments, entities.of(regulator))
    at_risk_at = None
    if found.due_at and found.anchor_at:
        span = max(found.due_at - found.anchor_at, timedelta())
        at_risk_at = found.anchor_at + span * AT_RISK_SHARE
    sent_at = moments.get(f"sent:{rule.key}")
    values: dict[str, Any] = {
        "anchor": found.anchor,
        "anchor_at": found.anchor_at,
        "limit_at": found.limit_at,
        "due_at": found.due_at,
        "at_risk_at": at_risk_at,
        "waiting_for": found.waiting_for,
        "is_prompt": found.prompt,
        "sent_at": sent_at,
    }
    if found.due_at != row.due_at:
        values |= {"at_risk_told_at": None, "overdue_told_at": None}
    told = row.at_risk_told_at if found.due_at == row.due_at else None
    over = row.overdue_told_at if found.due_at == row.due_at else None
    next_check = found.due_at if told else at_risk_at
    values["check_at"] = None if sent_at or over else next_check
    return values


def _reasons(rule: Rule, known: Evidence, regulator: Regulator) -> str:
    """Why a rule applies: the reasons of its answers."""
    rows = [known.answer(question, regulator.pk) for question, _ in rule.answers]
    return " ".join(dict.fromkeys(row.reason for row in rows if row and row.reason))


def _because(rule: Rule, known: Evidence, regulator: Regulator) -> str:
    for question, wanted in rule.answers:
        row = known.answer(question, regulator.pk)
        if row is not None and row.answer != wanted and row.reason:
            return row.reason
    return "Answers no longer say so."


def _follow_notifiability(incident: Incident, actor: Actor, note: str) -> Incident:
    """`notifiable` once a duty applies, `not_notifiable` once every question that must be answered
    is, and none does.
    """
    if Obligation.objects.filter(incident=incident, applies=True).exists():
        word = "notifiable"
    elif _all_answered(incident):
        word = "not_notifiable"
    else:
        word = "assessing"
    values = {"notifiability": word}
    return records.change(incident, values, actor=actor, verb="decide", note=note)


def _all_answered(incident: Incident) -> bool:
    known = evidence.of([incident.pk])[incident.pk]
    day = (incident.detected_at or incident.created_at).date()
    decided = [
        deadlines.decision(rule, known.answered(regulator.pk), entities.of(regulator))
        for regulator in Regulator.objects.all()
        for rule in library().of(regulator.regimes, day)
    ]
    return bool(decided) and deadlines.UNDECIDED not in decided
