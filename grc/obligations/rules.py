"""The library of duties to report: rows of data (`library.yaml`), read once, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from grc.obligations.counting import Entity

FILE = Path(__file__).with_name("library.yaml")
# Kinds of regulated entity that a rule may be for, or not for.
KINDS = (
    "essential_entity",
    "important_entity",
    "trust_service_provider",
    "credit_institution",
    "central_counterparty",
    "trading_venue",
    "payment_institution",
    "business_associate",
)
UNIT_WORDS = {"hours": "h", "days": "days", "business_days": "business days", "months": "month"}


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time after an anchor; of several anchors in `after`, the latest counts."""

    amount: int
    unit: str
    after: tuple[str, ...]
    from_year_end: bool = False
    lapses_if_later: str = ""

    @property
    def words(self) -> str:
        unit = f"{self.amount} {UNIT_WORDS[self.unit]}"
        return f"{unit} after the year's end" if self.from_year_end else unit


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty: whom it binds, when it is due, and where that is written."""

    key: str
    regime: str
    stage: str
    article: str
    source: str
    jurisdiction: str
    audience: str
    valid_from: date
    valid_to: date | None
    answers: tuple[tuple[str, str], ...]
    kinds: frozenset[str]
    not_kinds: frozenset[str]
    limits: tuple[Limit, ...]
    needs: tuple[str, ...]
    open_for: str
    then: str
    weekend: str
    weekend_not_for: frozenset[str]
    sections: tuple[str, ...]

    @property
    def limit_words(self) -> str:
        return " or ".join(dict.fromkeys(each.words for each in self.limits)) or "no figure"

    def binds(self, entity: Entity) -> bool:
        return not (self.not_kinds & entity.kinds) and (
            not self.kinds or bool(self.kinds & entity.kinds)
        )

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    regime: str
    text: str
    source: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A moment that only people know. It lies at or after the facts in `not_before`."""

    key: str
    label: str
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    version: str
    facts: Mapping[str, Fact]
    questions: Mapping[str, Question]
    rules: tuple[Rule, ...]

    @property
    def regimes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.regime for rule in self.rules))

    def rule(self, key: str) -> Rule | None:
        """The newest row of that key."""
        rows = [rule for rule in self.rules if rule.key == key]
        return max(rows, key=lambda rule: rule.valid_from) if rows else None

    def of(self, regimes: list[str], day: date) -> list[Rule]:
        """The rows of some regimes that were in force on a day."""
        return [rule for rule in self.rules if rule.regime in regimes and rule.in_force(day)]

    def label(self, anchor: str) -> str:
        """What an anchor is called: a fact, or the submission of another row."""
        if anchor in self.facts:
            return self.facts[anchor].label
        kind, _, key = anchor.partition(":")
        rule = self.rule(key)
        stage = rule.stage if rule else key
        return f"{'Latest' if kind == 'last_sent' else 'First'} submission: {stage}"


@cache
def library() -> Library:
    """The rows that came with this version of the product."""
    data = yaml.safe_load(FILE.read_text())
    return Library(
        version=str(data["version"]),
        facts={
            key: Fact(key, each["label"], tuple(each.get("not_before", ())))
            for key, each in data["facts"].items()
        },
        questions={key: Question(key, **each) for key, each in data["questions"].items()},
        rules=tuple(_rule(each) for each in data["rules"]),
    )


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        key=row["key"],
        regime=row["regime"],
        stage=row["stage"],
        article=row["article"],
        source=row["source"],
        jurisdiction=row["jurisdiction"],
        audience=row["audience"],
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
        answers=tuple(row["if"].items()),
        kinds=frozenset(row.get("kinds", ())),
        not_kinds=frozenset(row.get("not_kinds", ())),
        limits=tuple(_limit(each) for each in row.get("limits", ())),
        needs=tuple(row.get("needs", ())),
        open_for=row.get("open_for", ""),
        then=row.get("then", ""),
        weekend=row.get("weekend", ""),
        weekend_not_for=frozenset(row.get("weekend_not_for", ())),
        sections=tuple(row["sections"]),
    )


def _limit(row: dict[str, Any]) -> Limit:
    after = row["after"] if isinstance(row["after"], list) else [row["after"]]
    return Limit(
        row["amount"],
        row["unit"],
        tuple(after),
        row.get("from_year_end", False),
        row.get("lapses_if_later", ""),
    )
