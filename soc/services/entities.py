"""What alerts share: hosts, users and indicators, and which of them appear in the same alerts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from soc.models import Alert, AlertIndicator, Indicator
from soc.vocabulary import INDICATOR_TYPES, MALICE

MOST = 5  # users, hosts and indicators of one picture, each; more is no picture
# An alert's host and user stand for themselves; a client's name ties nothing together.
LEFT_OUT = ("hostname", "account", "user_agent", "asn")
MOST_TIES = 24


@dataclass(frozen=True, slots=True)
class Entity:
    """A host, a user or an indicator, and in how many of the alerts it is. `kind` is `host`, `user`
    or the indicator's type; only indicators have a malice.
    """

    kind: str
    name: str
    alert_count: int
    indicator: Indicator | None = None

    @property
    def malice(self) -> str:
        return self.indicator.malice if self.indicator else ""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two entities that appear together in so many alerts."""

    one: Entity
    other: Entity
    alert_count: int


@dataclass(frozen=True, slots=True)
class Shared:
    """The entities that tie most, worst first among equals; `total` counts those left out too."""

    entities: Sequence[Entity]
    ties: Sequence[Tie]
    total: int


def shared(alerts: Iterable[Alert], indicators: Mapping[UUID, Sequence[AlertIndicator]]) -> Shared:
    """What these alerts share. No query: `indicators` are those of each alert."""
    inside = {alert.pk: _names(alert, indicators.get(alert.pk, ())) for alert in alerts}
    counts = Counter(name for names in inside.values() for name in names)
    known = {
        (link.indicator.type, link.indicator.value): link.indicator
        for links in indicators.values()
        for link in links
    }
    every = [Entity(*name, count, known.get(name)) for name, count in counts.items()]
    chosen = [
        entity
        for wanted in (("host",), ("user",), INDICATOR_TYPES)
        for entity in sorted((each for each in every if each.kind in wanted), key=_weight)[:MOST]
    ]
    return Shared(chosen, _ties(chosen, inside.values()), len(every))


def _names(alert: Alert, links: Iterable[AlertIndicator]) -> set[tuple[str, str]]:
    named = {("host", alert.host_name or ""), ("user", alert.user_name or "")}
    seen = {
        (link.indicator.type, link.indicator.value)
        for link in links
        if link.indicator.type not in LEFT_OUT
    }
    return {name for name in named | seen if name[1]}


def _weight(entity: Entity) -> tuple[Any, ...]:
    """In most alerts first, the malicious before others."""
    bad = MALICE.index(entity.malice) if entity.malice else len(MALICE)
    return (-entity.alert_count, -bad, entity.kind, entity.name)


def _ties(chosen: Sequence[Entity], groups: Iterable[set[tuple[str, str]]]) -> list[Tie]:
    by_name = {(entity.kind, entity.name): entity for entity in chosen}
    counts: dict[tuple[tuple[str, str], tuple[str, str]], int] = defaultdict(int)
    for names in groups:
        for pair in combinations(sorted(names & by_name.keys()), 2):
            counts[pair] += 1
    strongest = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST_TIES]
    return [Tie(by_name[one], by_name[other], count) for (one, other), count in strongest]
