"""Numbers that a job counts, where counting them while somebody waits would take too long.

Pages read what was counted last and write nothing; upkeep, or a person with a button, asks for
newer ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import jobs
from soc.models import CountedNumbers
from soc.services import open_work, trends, windows

FRESH = timedelta(minutes=10)  # what is younger is not counted again
EVERY = timedelta(minutes=30)  # how often upkeep asks
RULES = f"quality:{windows.DAYS}"
ATTACK = f"attack:{windows.DAYS}"
NAMES = (*(f"trends:{days}" for days in trends.PERIODS), RULES, ATTACK)


@dataclass(frozen=True, slots=True)
class Counted:
    """`content` as it was at `at`; both None before the first count."""

    content: Any = None
    at: datetime | None = None


def read(name: str) -> Counted:
    """What was counted last. Nothing is written."""
    row = CountedNumbers.objects.filter(name=name).first()
    return Counted(row.content, row.counted_at) if row else Counted()


def ask(name: str, *, fresh: timedelta = FRESH) -> bool:
    """Have a job count anew what was last asked for longer than `fresh` ago; whether it will."""
    now = timezone.now()
    row, is_new = CountedNumbers.objects.get_or_create(name=name, defaults={"asked_at": now})
    late = CountedNumbers.objects.filter(pk=row.pk, asked_at__lt=now - fresh)
    if is_new or late.update(asked_at=now):
        jobs.later("soc.count_numbers", numbers_id=str(row.pk))
        return True
    return False


def ask_where_many() -> None:
    """Ask for all numbers of periods in which the tenant has more alerts than are counted while
    somebody waits.
    """
    now = timezone.now()
    for name in NAMES:
        if not open_work.are_few(now - timedelta(days=days_of(name))):
            ask(name, fresh=EVERY - FRESH)


def name_of_trends(days: int) -> str:
    return f"trends:{days}"


def days_of(name: str) -> int:
    """How many days a name is about."""
    return int(name.partition(":")[2])


def name_of(pk: UUID) -> str:
    """Which numbers a job is asked for."""
    row: CountedNumbers = CountedNumbers.objects.get(pk=pk)
    return row.name


def keep(name: str, content: Any) -> None:
    """Put what was counted where `read` finds it."""
    now = timezone.now()
    CountedNumbers.objects.update_or_create(
        name=name,
        defaults={"content": content, "counted_at": now},
        create_defaults={"content": content, "counted_at": now, "asked_at": now},
    )
