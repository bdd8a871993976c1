"""Counting of legal time, in the zone and by the holidays of the entity that reports.

Hours are elapsed time, over clock changes too. Days, business days and months count from the day
after the anchor and end at 23:59:59 of the last day. A month ends on the same day number, else on
the month's last day. Business days skip weekends and holidays.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UNITS = ("hours", "days", "business_days", "months")
LAST_SECOND = time(23, 59, 59)
NOON = time(12)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entity:
    """Who reports: its time zone, its holidays, and the kinds of regulated entity that it is."""

    zone: str = "UTC"
    holidays: frozenset[date] = frozenset()
    kinds: frozenset[str] = field(default_factory=frozenset)

    def works_on(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def at(self, day: date, hour: time) -> datetime:
        """A local time of a day in UTC; one that comes twice is its second coming, so that the last
        second of a day is its last.
        """
        local = datetime.combine(day, hour, tzinfo=ZoneInfo(self.zone))
        return local.replace(fold=1).astimezone(UTC)


def add(anchor: datetime, amount: int, unit: str, entity: Entity) -> datetime:
    """The last moment of a limit that begins with `anchor`, in UTC."""
    if unit == "hours":
        return anchor.astimezone(UTC) + timedelta(hours=amount)
    return entity.at(_last_day(entity.day_of(anchor), amount, unit, entity), LAST_SECOND)


def year_end(anchor: datetime, entity: Entity) -> datetime:
    """The end of the anchor's calendar year."""
    return entity.at(date(entity.day_of(anchor).year, 12, 31), LAST_SECOND)


def noon_of_next_working_day(limit: datetime, entity: Entity) -> datetime:
    """The limit itself where it falls on a working day; else noon of the next one."""
    day = entity.day_of(limit)
    if entity.works_on(day):
        return limit
    while not entity.works_on(day):
        day += DAY
    return entity.at(day, NOON)


def _last_day(day: date, amount: int, unit: str, entity: Entity) -> date:
    if unit == "days":
        return day + timedelta(days=amount)
    if unit == "months":
        return _months_after(day, amount)
    left = amount
    while left:
        day += DAY
        left -= entity.works_on(day)
    return day


def _months_after(day: date, amount: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
