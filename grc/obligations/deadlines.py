"""When a duty is due: pure arithmetic over a rule, the facts of an incident and the entity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grc.obligations import counting
from grc.obligations.counting import Entity
from grc.obligations.rules import Library, Limit, Rule, library

APPLIES, NOT, UNDECIDED = "applies", "does_not_apply", "undecided"
Moments = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Deadline:
    """`limit_at` is the plain limit, `due_at` what a weekend rule makes of it; both are None while
    `waiting_for` says what is missing, or that there is no figure. `prompt` is due at once.
    """

    anchor: str = ""
    anchor_at: datetime | None = None
    limit_at: datetime | None = None
    due_at: datetime | None = None
    waiting_for: str = ""
    prompt: bool = False


def decision(rule: Rule, answers: Mapping[str, str], entity: Entity) -> str:
    """Whether a rule applies by the answers so far: one that speaks against it is enough."""
    if not rule.binds(entity):
        return NOT
    read = [_answered(answers.get(question, ""), wanted) for question, wanted in rule.answers]
    if NOT in read:
        return NOT
    return UNDECIDED if UNDECIDED in read else APPLIES


def deadline(rule: Rule, moments: Moments, entity: Entity) -> Deadline:
    """The deadline of a rule by what is known: facts by name, submissions as `sent:KEY` and
    `last_sent:KEY`.
    """
    known = library()
    missing = [name for name in rule.needs if name not in moments]
    if missing:
        return Deadline(waiting_for=rule.open_for or _named(known, missing))
    if not rule.limits:
        return _without_figure(rule, moments)
    found = [each for limit in rule.limits if (each := _counted(limit, moments, entity))]
    if not found:
        return Deadline(waiting_for=rule.open_for or _named(known, rule.limits[0].after))
    limit_at, anchor = min(found)
    return Deadline(anchor, moments[anchor], limit_at, _extended(rule, limit_at, entity))


def _answered(given: str, wanted: str) -> str:
    if wanted == "not yes":
        return NOT if given == "yes" else APPLIES
    if not given:
        return UNDECIDED
    return APPLIES if given == wanted else NOT


def _without_figure(rule: Rule, moments: Moments) -> Deadline:
    anchor = max(rule.needs, key=lambda name: moments[name])
    return Deadline(anchor, moments[anchor], waiting_for=rule.then, prompt=True)


def _counted(limit: Limit, moments: Moments, entity: Entity) -> tuple[datetime, str] | None:
    anchors = [(moments[name], name) for name in limit.after if name in moments]
    if not anchors:
        return None
    start, anchor = max(anchors)
    begin = counting.year_end(start, entity) if limit.from_year_end else start
    end = counting.add(begin, limit.amount, limit.unit, entity)
    later = moments.get(limit.lapses_if_later)
    return None if later and later > end else (end, anchor)


def _extended(rule: Rule, limit_at: datetime, entity: Entity) -> datetime:
    if rule.weekend != "noon" or rule.weekend_not_for & entity.kinds:
        return limit_at
    return counting.noon_of_next_working_day(limit_at, entity)


def _named(known: Library, anchors: tuple[str, ...] | list[str]) -> str:
    return ", ".join(known.label(each) for each in anchors)
