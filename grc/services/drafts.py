"""What a submission begins with: each section filled from the case as it stands, or left empty for
a person to fill.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from grc import links
from grc.models import CorrectiveAction, Incident, Obligation
from grc.obligations.rules import library
from grc.services import evidence, impact

MOST_LINES = 20


@dataclass(frozen=True)
class Case:
    """An incident as a draft reads it."""

    incident: Incident
    obligation: Obligation
    facts: dict[str, datetime]
    panels: list[tuple[str, list[links.Item]]]
    actions: list[CorrectiveAction]


Section = Callable[[Case], str]


def sections_of(obligation: Obligation) -> tuple[str, ...]:
    """The names of the sections that this duty asks for."""
    rule = library().rule(obligation.rule_key)
    return rule.sections if rule else ("what_happened", "contact")


def filled(obligation: Obligation) -> dict[str, str]:
    """Every section with what the case says of it."""
    incident = obligation.incident
    known = evidence.said_of([incident.pk])[incident.pk].facts
    actions = CorrectiveAction.objects.filter(incident=incident).order_by("id")
    facts = {name: fact.at for name, fact in known.items()}
    case = Case(incident, obligation, facts, links.panels(incident), list(actions[:MOST_LINES]))
    return {name: SECTIONS[name][1](case).strip() for name in sections_of(obligation)}


def label(name: str) -> str:
    return SECTIONS[name][0] if name in SECTIONS else name


def _what_happened(case: Case) -> str:
    row = case.incident
    kind = f"Kind: {row.category}." if row.category else ""
    return "\n".join(filter(None, (row.title, row.description, kind, f"Severity: {row.severity}.")))


def _times(case: Case) -> str:
    row: Any = case.incident
    names = ("first_event_at", "detected_at", "contained_at", "eradicated_at", "recovered_at")
    known = {name.removesuffix("_at").replace("_", " "): getattr(row, name) for name in names}
    told = [f"{name.capitalize()}: {_moment(at)}" for name, at in known.items() if at]
    facts = [f"{library().facts[name].label}: {_moment(at)}" for name, at in case.facts.items()]
    return "\n".join([*told, *facts])


def _impact(case: Case) -> str:
    told = [f"{name}: {value}" for name, value in impact.told(case.incident.impact)]
    return "\n".join([*told, *_money(case)])


def _money(case: Case) -> list[str]:
    amount = case.incident.financial_impact
    return [f"Financial impact: about USD {amount}"] if amount is not None else []


def _people(case: Case) -> str:
    wanted = ("People", "Records", "Data kinds")
    told = impact.told(case.incident.impact)
    return "\n".join(f"{name}: {value}" for name, value in told if name in wanted)


def _consequences(case: Case) -> str:
    wanted = ("Confidentiality", "Integrity", "Availability")
    told = impact.told(case.incident.impact)
    return "\n".join(f"{name}: {value}" for name, value in told if name in wanted)


def _indicators(case: Case) -> str:
    return "\n".join(
        f"{title}: {item.title}" + (f" ({item.note})" if item.note else "")
        for title, items in case.panels
        for item in items[:MOST_LINES]
    )


def _measures(case: Case) -> str:
    row: Any = case.incident
    steps = ("contained_at", "eradicated_at", "recovered_at")
    told = [
        f"{n.removesuffix('_at').capitalize()}: {_moment(getattr(row, n))}"
        for n in steps
        if getattr(row, n)
    ]
    return "\n".join([*told, *(f"Corrective action: {each.title}" for each in case.actions)])


def _classification(case: Case) -> str:
    at = case.facts.get("classified_major")
    return f"Classified as major: {_moment(at)}" if at else ""


def _contact(case: Case) -> str:
    owner = case.obligation.owner or case.incident.owner
    person = f"{owner.name}, {owner.email}" if owner else ""
    return "\n".join(filter(None, (case.obligation.regulator.entity_name, person)))


def _lessons(case: Case) -> str:
    lessons = case.incident.lessons_learned
    return "\n".join(map(str, lessons)) if isinstance(lessons, list) else str(lessons or "")


def _nature(case: Case) -> str:
    return f"{_what_happened(case)}\n{_times(case)}"


def _by_hand(case: Case) -> str:
    """Only a person knows."""
    return ""


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


SECTIONS: dict[str, tuple[str, Section]] = {
    "what_happened": ("What happened", _what_happened),
    "times": ("Times", _times),
    "classification": ("Classification", _classification),
    "impact": ("Severity and impact", _impact),
    "people_and_records": ("People and records concerned", _people),
    "consequences": ("Likely consequences", _consequences),
    "indicators": ("Indicators of compromise and detections", _indicators),
    "suspected_malicious": ("Suspected of unlawful or malicious acts", _by_hand),
    "cross_border": ("Cross-border impact", _by_hand),
    "root_cause": ("Root cause", lambda case: case.incident.root_cause),
    "measures": ("Measures taken and planned", _measures),
    "lessons": ("Lessons learned", _lessons),
    "product": ("Product concerned", _by_hand),
    "nature_scope_timing": ("Nature, scope and timing", _nature),
    "material_impact": ("Material impact", lambda case: "\n".join(_money(case))),
    "missing_information": ("Information not determined or not available", _by_hand),
    "contact": ("Contact", _contact),
}
