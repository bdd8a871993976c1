"""Clocks as pages and answers show them, read for many rows at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from soc.models import Investigation, SLAClock, SLADefinition, SLAPause
from soc.services import clock_findings, slas
from soc.services.clock_subjects import SUBJECTS
from soc.sla import words
from soc.sla.calendars import Calendar
from soc.sla.readings import KINDS, Pause


@dataclass
class Shown:
    """A clock, read at `now`."""

    clock: SLAClock
    pauses: tuple[Pause, ...]
    now: datetime

    @cached_property
    def calendar(self) -> Calendar:
        return clock_findings.calendar_of(self.clock.definition)

    @property
    def kind(self) -> str:
        return self.clock.kind

    @property
    def minutes(self) -> int:
        return self.clock.minutes

    @property
    def started_at(self) -> datetime:
        return self.clock.started_at

    @property
    def due_at(self) -> datetime | None:
        return self.clock.due_at

    @property
    def at_risk_at(self) -> datetime | None:
        return self.clock.at_risk_at

    @property
    def stopped_at(self) -> datetime | None:
        return self.clock.stopped_at

    @property
    def definition(self) -> SLADefinition:
        return self.clock.definition

    @property
    def definition_id(self) -> UUID:
        return self.clock.definition_id

    @property
    def state(self) -> str:
        """Late as soon as it is, whether or not a job has seen it."""
        return "breached" if self._is_over else self.clock.state

    @property
    def is_at_risk(self) -> bool:
        near = self.at_risk_at is not None and self.at_risk_at <= self.now
        return self.state == "running" and near

    @property
    def going(self) -> bool:
        return self.state != "cancelled" and self.stopped_at is None

    @property
    def paused(self) -> Pause | None:
        """The pause that goes on."""
        return next((each for each in self.pauses if each.end is None), None)

    @property
    def without_notice(self) -> bool:
        return self.clock.without_notice

    @property
    def remaining_minutes(self) -> int | None:
        """Working minutes that are left, 0 when it is late; None when it has stopped."""
        if not self.going:
            return None
        until = self.paused.begin if self.state == "paused" and self.paused else self.now
        done = [(each.begin, each.end) for each in self.pauses if each.end]
        used = self.calendar.minutes_between(self.started_at, until, done)
        return max(0, int(self.minutes - used))

    @property
    def wall_minutes(self) -> int:
        """Minutes on the wall until it is due, or since it was."""
        if self.due_at is None:
            return 0
        return int(abs((self.due_at - self.now).total_seconds()) // 60)

    @property
    def filled(self) -> int:
        """How much of its time is gone, in per cent."""
        left = self.remaining_minutes
        return 100 if left is None else 100 - round(100 * left / self.minutes)

    @property
    def explanation(self) -> str:
        told = words.Told(
            minutes=self.minutes,
            zone=self.calendar.zone,
            always=self.calendar.hours is None,
            state=self.state,
            started_at=self.started_at,
            due_at=self.due_at,
            stopped_at=self.stopped_at,
            pauses=self.pauses,
            without_notice=self.without_notice,
            watched_from=self.clock.watched_from,
        )
        return words.sentence(told)

    @property
    def _is_over(self) -> bool:
        return self.clock.state == "running" and self.due_at is not None and self.due_at <= self.now


def of(noun: str, pks: Iterable[UUID]) -> dict[UUID, list[Shown]]:
    """The clocks of alerts or of investigations, in the order of the work: one query."""
    key, now = SUBJECTS[noun].key, timezone.now()
    rows = SLAClock.objects.filter(**{f"{key}__in": list(pks)}).annotate(pause_rows=_pause_rows())
    found = list(rows.select_related("definition__calendar").order_by("id"))
    shown: dict[UUID, list[Shown]] = defaultdict(list)
    for clock in sorted(found, key=lambda each: KINDS.index(each.kind)):
        shown[getattr(clock, key)].append(Shown(clock, _pauses_of(clock), now))
    return shown


def most_urgent(shown: Sequence[Shown]) -> Shown | None:
    """The clock that a list shows: of those that go, the one due first; paused ones last."""
    going = [each for each in shown if each.going]
    last = (datetime.max.replace(tzinfo=timezone.get_default_timezone()),)
    return min(going, key=lambda each: (each.due_at,) if each.due_at else last, default=None)


def trackers(cases: Sequence[Investigation]) -> dict[UUID, dict[str, Any]]:
    """`{definition_id, clocks}` of each investigation that a definition governs."""
    shown = of("investigation", [case.pk for case in cases])
    pinned = [case.sla_definition_id for case in cases if case.sla_definition_id]
    governing = slas.governing("investigation", pinned)
    found: dict[UUID, dict[str, Any]] = {}
    for case in cases:
        definition = governing.get(case.priority)
        chosen = case.sla_definition_id or (definition.pk if definition else None)
        if chosen or shown[case.pk]:
            found[case.pk] = {"definition_id": chosen, "clocks": shown[case.pk]}
    return found


def _pauses_of(clock: Any) -> tuple[Pause, ...]:
    def moment(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    return tuple(
        Pause(datetime.fromisoformat(each["begin"]), moment(each["end"]), each["reason"])
        for each in clock.pause_rows
    )


def _pause_rows() -> ArraySubquery:
    """The pauses of each clock along with it, in the statement that reads the clock."""
    rows = SLAPause.objects.filter(clock=OuterRef("pk")).order_by("started_at")
    shape = JSONObject(begin="started_at", end="ended_at", reason="reason")
    return ArraySubquery(rows.values_list(shape))
