"""Alerts that share what few others have: related, each with its reason in words.

What an alert shares counts by how rare it is in the tenant. Everything that can be turned is here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from core import ids, tenancy
from core.actors import Actor
from soc.models import Alert, AlertIndicator, AlertRelation
from soc.services import list_matching
from soc.vocabulary import read_aloud

CORRELATED = "correlated"
INDICATOR_WINDOW = timedelta(days=7)
ENTITY_WINDOW = timedelta(hours=24)  # for host and user
COMMON = 50  # a value that more alerts have ties nothing together
POINTS = ((3, 3), (10, 2), (COMMON, 1))  # up to so many alerts have it: so many points
ENOUGH = 3  # points from which on two alerts are related
MOST = 20  # correlated alerts of one alert
# Hosts and users count by themselves; a client's name and a network's number say too little.
LEFT_OUT = ("hostname", "account", "user_agent", "asn")

_SEEN = """
SELECT given.id, l.alert_id FROM unnest(%(keys)s::uuid[]) AS given (id)
CROSS JOIN LATERAL (
  SELECT alert_id FROM soc_alertindicator
  WHERE tenant_id = %(tenant)s AND indicator_id = given.id ORDER BY alert_id DESC LIMIT %(most)s
) AS l
"""
_OF_ENTITY = """
SELECT given.id, a.id FROM unnest(
  %(keys)s::uuid[], %(names)s::text[], %(floors)s::uuid[], %(times)s::timestamptz[]
) AS given (id, name, floor, at)
CROSS JOIN LATERAL (
  SELECT id FROM soc_alert
  WHERE tenant_id = %(tenant)s AND {column} = given.name AND id >= given.floor AND NOT is_deleted
    AND coalesce(occurred_at, created_at) BETWEEN given.at - %(window)s AND given.at + %(window)s
  ORDER BY id DESC LIMIT %(most)s
) AS a
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """A value that some alerts share: what it is called, who has it, and how long it ties. What was
    counted around one alert ties that one only.
    """

    words: str
    points: int
    window: timedelta
    alerts: tuple[UUID, ...]
    around: UUID | None = None


@dataclass(slots=True)
class Tie:
    """What two alerts share."""

    score: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """`share domain evil.example and host ws-0417`"""
        *first, last = self.words[:4]
        return f"share {', '.join(first)} and {last}" if first else f"share {last}"


def relate(alert_ids: Sequence[UUID], *, actor: Actor) -> int:
    """Relate these alerts to those with which they share enough, the strongest ties first; how many
    relations are new.
    """
    batch = {row.pk: row for row in _times(alert_ids)}
    shared = [*_indicators(batch), *_entities(batch)]
    times = batch | {
        row.pk: row for row in _times({pk for each in shared for pk in each.alerts} - batch.keys())
    }
    ties = _ties(batch, shared, times)
    chosen = _strongest(ties)
    return _write(chosen, actor)


def points(count: int) -> int:
    """What sharing a value is worth that so many alerts have; nothing when it is common."""
    return next((worth for most, worth in POINTS if count <= most), 0)


def _times(alert_ids: Iterable[UUID]) -> list[Any]:
    rows = Alert.objects.filter(pk__in=list(alert_ids))
    return list(rows.only("id", "occurred_at", "created_at", "host_name", "user_name"))


def _indicators(batch: dict[UUID, Alert]) -> Iterator[Shared]:
    """Indicators of the batch that others have too, without those that a person or a list leaves
    out.
    """
    links = AlertIndicator.objects.filter(alert_id__in=list(batch))
    links = links.filter(indicator__ignore_similarity=False)
    names = {
        pk: (type_, value)
        for pk, type_, value in links.exclude(indicator__type__in=LEFT_OUT)
        .values_list("indicator_id", "indicator__type", "indicator__value")
        .distinct()
    }
    held = list_matching.matches(names.values())
    wanted = [pk for pk, name in names.items() if not list_matching.is_common(held.get(name, ()))]
    for pk, alerts in _grouped(_SEEN, keys=wanted).items():
        type_, value = names[pk]
        words = f"{_called(type_)} {value}"
        yield Shared(words, points(len(alerts)), INDICATOR_WINDOW, tuple(alerts))


def _entities(batch: dict[UUID, Alert]) -> Iterator[Shared]:
    """Hosts and users of the batch, counted around each alert: what else is in the batch changes
    nothing.
    """
    for column, called in (("host_name", "host"), ("user_name", "user")):
        named = [row for row in batch.values() if getattr(row, column)]
        found = _grouped(
            _OF_ENTITY.format(column=column),
            keys=[row.pk for row in named],
            names=[getattr(row, column) for row in named],
            floors=[_floor(row) for row in named],
            times=[_at(row) for row in named],
            window=ENTITY_WINDOW,
        )
        for pk, alerts in found.items():
            words = f"{called} {getattr(batch[pk], column)}"
            yield Shared(words, points(len(alerts)), ENTITY_WINDOW, tuple(alerts), around=pk)


def _floor(row: Alert) -> UUID:
    """An alert is made after it happened, so that ids older than its window need not be read."""
    begin = _at(row).timestamp() - ENTITY_WINDOW.total_seconds()
    return ids.at(max(0, int(begin * 1000) - 1))


def _grouped(statement: str, **values: Any) -> dict[Any, list[UUID]]:
    found: dict[Any, list[UUID]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"tenant": tenancy.required(), "most": COMMON + 1})
        for key, alert_id in cursor.fetchall():
            found[key].append(alert_id)
    return found


def _ties(
    batch: dict[UUID, Alert], shared: Iterable[Shared], times: dict[UUID, Any]
) -> dict[tuple[UUID, UUID], Tie]:
    """What each alert of the batch shares with each other alert, keyed by the newer and the
    older.
    """
    ties: dict[tuple[UUID, UUID], Tie] = defaultdict(Tie)
    for each in sorted(shared, key=lambda one: (-one.points, one.words)):
        if not each.points:
            continue
        known = [pk for pk in each.alerts if pk in times]
        ones = [pk for pk in known if pk in batch] if each.around is None else [each.around]
        for one in ones:
            for other in known:
                counted_there = other in batch and other > one
                if other == one or counted_there:
                    continue
                if abs(_at(times[one]) - _at(times[other])) <= each.window:
                    tie = ties[max(one, other), min(one, other)]
                    tie.score += each.points
                    tie.words.append(each.words)
    return {pair: tie for pair, tie in ties.items() if tie.score >= ENOUGH}


def _strongest(ties: dict[tuple[UUID, UUID], Tie]) -> dict[tuple[UUID, UUID], Tie]:
    """The new ties, the strongest first, while both ends have room for them."""
    ends = {pk for pair in ties for pk in pair}
    known, room = _known(ends)
    chosen = {}
    for pair, tie in sorted(ties.items(), key=lambda item: (-item[1].score, item[0])):
        if pair not in known and all(room.get(pk, MOST) > 0 for pk in pair):
            chosen[pair] = tie
            for pk in pair:
                room[pk] = room.get(pk, MOST) - 1
    return chosen


def _known(
    alert_ids: Iterable[UUID],
) -> tuple[set[tuple[UUID, UUID]], dict[UUID, int]]:
    """The pairs that are related already, in the order of `_ties`, and how many more correlated
    ones each alert may have.
    """
    wanted = list(alert_ids)
    from_one = AlertRelation.objects.filter(alert_id__in=wanted)
    from_other = AlertRelation.objects.filter(related_id__in=wanted)
    pairs = from_one.filter(related_id__in=wanted).values_list("alert_id", "related_id")
    known = {(max(pair), min(pair)) for pair in pairs}
    room: dict[UUID, int] = dict.fromkeys(wanted, MOST)
    for rows, end in ((from_one, "alert_id"), (from_other, "related_id")):
        counted = rows.filter(kind=CORRELATED).values(end).annotate(count=Count("pk")).order_by()
        for pk, count in counted.values_list(end, "count"):
            room[pk] -= count
    return known, room


def _write(chosen: dict[tuple[UUID, UUID], Tie], actor: Actor) -> int:
    rows = [
        AlertRelation(
            alert_id=newer,
            related_id=older,
            kind=CORRELATED,
            reason=tie.reason,
            score=tie.score,
            created_by=actor.person_id,
        )
        for (newer, older), tie in sorted(chosen.items())
    ]
    AlertRelation.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _at(row: Any) -> datetime:
    at: datetime = row.occurred_at or row.created_at
    return at


def _called(type_: str) -> str:
    """A type inside a sentence: `domain`, `IP`."""
    shown = read_aloud(type_)
    return shown if shown.isupper() or "-" in shown or "5" in shown else shown.lower()
