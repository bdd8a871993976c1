"""Working time: hours of a week in a time zone, holidays, and how long they take to fill.

Hours are local. A day on which the clocks change has an hour less or more of them. A local time
that comes twice begins with its first and ends with its second coming; one that is left out is the
moment of the jump.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

DAY = 24 * 60
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FEWEST_MINUTES = 60  # of a week, so that every target ends within HORIZON
MOST_HOLIDAYS = 366
HORIZON = timedelta(days=366 * 60)
_RANGE = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")

Span = tuple[datetime, datetime]
Hours = tuple[tuple[tuple[int, int], ...], ...]  # minutes of the day, from and to, per weekday


@dataclass(frozen=True, slots=True)
class Calendar:
    """When time counts. `hours` has a tuple per weekday, Monday first; None is around the clock."""

    zone: str = "UTC"
    hours: Hours | None = None
    holidays: frozenset[date] = frozenset()

    def add(self, start: datetime, minutes: float, pauses: Sequence[Span] = ()) -> datetime:
        """The moment at which so many minutes have been worked since `start`, in UTC."""
        left = timedelta(minutes=minutes)
        for begin, end in self._worked(start, pauses):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise ValueError("This calendar has too few hours to ever reach that.")

    def minutes_between(self, start: datetime, end: datetime, pauses: Sequence[Span] = ()) -> float:
        """How many minutes of `start` to `end` were worked; 0 when the end lies before."""
        total = timedelta()
        for begin, until in self._worked(start, pauses):
            if begin >= end:
                break
            total += min(until, end) - begin
        return total / timedelta(minutes=1)

    def _worked(self, start: datetime, pauses: Sequence[Span]) -> Iterator[Span]:
        """The open spans from `start` on, without the pauses, in order."""
        start = start.astimezone(UTC)
        stops = sorted((a.astimezone(UTC), b.astimezone(UTC)) for a, b in pauses)
        for begin, end in self._open(start):
            at = begin
            for paused, resumed in stops:
                if resumed <= at:
                    continue
                if paused >= end:
                    break
                if paused > at:
                    yield at, paused
                at = resumed
            if at < end:
                yield at, end

    def _open(self, start: datetime) -> Iterator[Span]:
        if self.hours is None:
            yield start, start + HORIZON
            return
        zone = ZoneInfo(self.zone)
        day = start.astimezone(zone).date() - timedelta(days=1)
        last, at = day + HORIZON, start
        while day < last:
            for begin, end in self._ranges(day):
                opened = max(_moment(day, begin, zone, fold=0), at)
                closed = _moment(day, end, zone, fold=1)
                if opened < closed:
                    yield opened, closed
                    at = closed
            day += timedelta(days=1)

    def _ranges(self, day: date) -> tuple[tuple[int, int], ...]:
        if self.hours is None or day in self.holidays:
            return ()
        return self.hours[day.weekday()]


ALWAYS = Calendar()


def parse(
    zone: str, always: bool, hours: dict[str, list[str]], holidays: Sequence[str]
) -> Calendar:
    """The calendar of a row, as services checked it: `{"monday": ["09:00-17:00"]}`, ISO dates."""
    if always:
        return Calendar(zone=zone)
    week = tuple(tuple(minutes_of(each) for each in hours.get(day, [])) for day in DAYS)
    return Calendar(zone, week, frozenset(date.fromisoformat(each) for each in holidays))


def minutes_of(text: str) -> tuple[int, int]:
    """`09:00-17:30` as minutes of the day; ValueError with a sentence for anything else."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no time range. Write it like 09:00-17:30.")
    h1, m1, h2, m2 = (int(each) for each in match.groups())
    begin, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or not 0 <= begin < end <= DAY:
        raise ValueError(f"'{text}' is no time range of one day. Split a night at 24:00.")
    return begin, end


def problem_of_week(hours: dict[str, list[str]]) -> str | None:
    """What is wrong with the hours of a week, in a sentence; None when nothing is."""
    total = 0
    for day, ranges in hours.items():
        if day not in DAYS:
            return f"'{day}' is no weekday. Use: {', '.join(DAYS)}."
        try:
            spans = [minutes_of(each) for each in ranges]
        except ValueError as error:
            return str(error)
        if any(late[0] < early[1] for early, late in pairwise(spans)):
            return f"The ranges of {day} overlap or are not in order."
        total += sum(end - begin for begin, end in spans)
    if total < FEWEST_MINUTES:
        return "A week needs at least one working hour, or is around the clock."
    return None


def knows_zone(name: str) -> bool:
    """Whether that is a time zone, like Europe/Berlin."""
    return name in available_timezones()


def _moment(day: date, minute: int, zone: ZoneInfo, *, fold: int) -> datetime:
    """A local minute of a day in UTC; `fold` chooses between two comings."""
    if minute == DAY:
        day, minute = day + timedelta(days=1), 0
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
    one, other = (local.replace(fold=each).astimezone(UTC) for each in (0, 1))
    if one <= other:
        return one if fold == 0 else other
    return _jump(other, one, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the clocks are put forward, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before).total_seconds() // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
