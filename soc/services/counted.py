"""Numbers that a job counts: the page reads what was counted last, and asks for newer ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import jobs
from soc.models import CountedNumbers

FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Counted:
    """`content` as it was at `at`; both None while the first count is under way."""

    content: Any = None
    at: datetime | None = None


def read(name: str) -> Counted:
    """What was counted last; where that is older than FRESH, a job is asked for newer numbers, once
    at a time.
    """
    now = timezone.now()
    row, is_new = CountedNumbers.objects.get_or_create(name=name, defaults={"asked_at": now})
    late = CountedNumbers.objects.filter(pk=row.pk, asked_at__lt=now - FRESH)
    if is_new or (row.asked_at < now - FRESH and late.update(asked_at=now)):
        jobs.later("soc.count_numbers", numbers_id=str(row.pk))
    return Counted(row.content, row.counted_at)


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
