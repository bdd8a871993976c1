"""What one refresh of clocks has found: what is to be written, and what is to be told."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from soc.models import BusinessCalendar, SLAClock, SLADefinition, SLAPause
from soc.sla import calendars
from soc.sla.readings import Pause

CHUNK = 500  # rows of one transaction
AT_RISK, BREACHED = "at_risk", "breached"
NOTICES = {AT_RISK: "at_risk_notified_at", BREACHED: "breach_notified_at"}
WRITTEN = (
    "definition",
    "state",
    "minutes",
    "started_at",
    "due_at",
    "at_risk_at",
    "stopped_at",
    "breached_at",
    "watched_from",
    "check_at",
    *NOTICES.values(),
)


def news_of(clock: SLAClock, now: datetime) -> str | None:
    """What nobody has been told of this clock yet and is to be told now, once."""
    if clock.due_at is None or clock.state in ("met", "cancelled"):
        return None
    if clock.state == "breached":
        told = clock.breach_notified_at or clock.due_at <= clock.watched_from
        return None if told else BREACHED
    near = clock.at_risk_at is not None and clock.watched_from < clock.at_risk_at <= now
    return AT_RISK if near and not clock.at_risk_notified_at else None


def next_check(clock: SLAClock, news: str | None) -> datetime | None:
    """The next moment at which something happens to this clock by itself."""
    if clock.state != "running":
        return None
    past = clock.at_risk_at is None or clock.at_risk_at <= clock.watched_from
    told = clock.at_risk_notified_at or news == AT_RISK
    return clock.due_at if past or told else clock.at_risk_at


def calendar_of(definition: SLADefinition) -> calendars.Calendar:
    """The working time by which a definition counts."""
    row: BusinessCalendar | None = definition.calendar
    if row is None:
        return calendars.ALWAYS
    return calendars.parse(row.time_zone, row.always, row.hours, row.holidays)


class Findings:
    """What one refresh found and has to write."""

    def __init__(self, now: datetime, chosen_at: datetime | None) -> None:
        self.now, self.chosen_at = now, chosen_at
        self.new: list[SLAClock] = []
        self.changed: list[SLAClock] = []
        self.read: list[SLAClock] = []
        self.pauses: dict[UUID, tuple[Pause, ...]] = {}
        self.calendars: dict[UUID, calendars.Calendar] = {}

    def calendar(self, definition: SLADefinition) -> calendars.Calendar:
        if definition.pk not in self.calendars:
            self.calendars[definition.pk] = calendar_of(definition)
        return self.calendars[definition.pk]

    def take(self, clock: SLAClock, values: dict[str, Any], pauses: tuple[Pause, ...]) -> None:
        """Set what differs, and the marks of what is to be told."""
        new = clock._state.adding
        differs = new or any(getattr(clock, name) != value for name, value in values.items())
        for name, value in values.items():
            setattr(clock, name, value)
        self.pauses[clock.pk] = pauses
        news = news_of(clock, self.now)
        check_at = next_check(clock, news)
        if news or differs or clock.check_at != check_at:
            clock.check_at = check_at
            (self.new if new else self.changed).append(clock)
        if news:
            setattr(clock, NOTICES[news], self.now)
            self.read.append(clock)

    def save(self) -> None:
        SLAClock.objects.bulk_create(self.new)
        SLAClock.objects.bulk_update(self.changed, WRITTEN, batch_size=CHUNK)
        self._save_pauses()

    def _save_pauses(self) -> None:
        old: dict[UUID, list[Pause]] = defaultdict(list)
        fresh = {clock.pk for clock in self.new}
        asked = [pk for pk in self.pauses if pk not in fresh] if self._may_pause() else []
        for row in SLAPause.objects.filter(clock_id__in=asked).order_by("started_at"):
            old[row.clock_id].append(Pause(row.started_at, row.ended_at, row.reason))
        differing = {pk: each for pk, each in self.pauses.items() if tuple(old[pk]) != each}
        if not differing:
            return
        SLAPause.objects.filter(clock_id__in=list(differing)).delete()
        SLAPause.objects.bulk_create(
            SLAPause(clock_id=pk, started_at=each.begin, ended_at=each.end, reason=each.reason)
            for pk, found in differing.items()
            for each in found
        )

    def _may_pause(self) -> bool:
        """Whether any of the definitions ever pauses; without, there is nothing to look up."""
        clocks = [*self.new, *self.changed]
        return any(self.pauses.values()) or any(may_pause(clock.definition) for clock in clocks)


def may_pause(definition: SLADefinition) -> bool:
    """Whether the past statuses of a row matter: not where only its first answer is waited for."""
    others = (definition.triage_minutes, definition.contain_minutes, definition.resolve_minutes)
    return bool(definition.pause_statuses) or any(minutes is not None for minutes in others)
