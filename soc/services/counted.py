"""Numbers that a job counts, where counting them while somebody waits would take too long.

Pages read what was counted last and write nothing; upkeep, or a person with a button, asks for
newer ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone

from core import hot, jobs, tenancy
from soc.models import CountedNumbers
from soc.services import trends, windows

RECENT = 20_000  # alerts that may be counted while somebody waits
FRESH = timedelta(minutes=10)  # what is younger is not counted again
EVERY = timedelta(minutes=30)  # how often upkeep asks
LATELY = timedelta(hours=2)  # what a job wrote since then still tells that there are many
RULES = f"quality:{windows.DAYS}"
ATTACK = f"attack:{windows.DAYS}"
NAMES = (*(f"trends:{days}" for days in trends.PERIODS), RULES, ATTACK)
_MANY = """(
  SELECT count(*) FROM (
    SELECT FROM soc_alert WHERE tenant_id = %(tenant)s AND NOT is_deleted
      AND created_at >= %(since)s LIMIT %(few)s + 1
  ) AS counted
) > %(few)s"""
_ARE_MANY = f"SELECT {_MANY} AS are_many"
# A job counts only where there are many: what it wrote lately tells so in less time.
_WHERE_MANY = f"""
SELECT kept.content::text, kept.counted_at,
  CASE WHEN kept.counted_at > %(lately)s THEN true ELSE {_MANY} END AS are_many
FROM (VALUES (1)) AS one (row)
LEFT JOIN soc_countednumbers kept ON kept.tenant_id = %(tenant)s AND kept.name = %(name)s
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class Counted:
    """`content` as a job counted it at `at`, both None before it first did; without a moment, as it
    is now.
    """

    content: Any = None
    at: datetime | None = None

    @property
    def by_job(self) -> bool:
        return self.content is None or self.at is not None


def where_many(name: str) -> Counted | None:
    """What was counted last, where the tenant has more alerts in that time than are counted while
    somebody waits; None where they are few. In one statement.
    """
    values = _values(name) | {"name": name, "lately": timezone.now() - LATELY}
    (row,) = hot.rows(_WHERE_MANY, values)
    if not row["are_many"]:
        return None
    return Counted(orjson.loads(row["content"] or "null"), row["counted_at"])


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
    for name in NAMES:
        if hot.rows(_ARE_MANY, _values(name))[0]["are_many"]:
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
    """Put what was counted where `where_many` finds it."""
    now = timezone.now()
    CountedNumbers.objects.update_or_create(
        name=name,
        defaults={"content": content, "counted_at": now},
        create_defaults={"content": content, "counted_at": now, "asked_at": now},
    )


def _values(name: str) -> dict[str, Any]:
    since = timezone.now() - timedelta(days=days_of(name))
    return {"tenant": tenancy.required(), "since": since, "few": RECENT}
