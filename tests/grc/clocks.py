"""What the tests of legal clocks share: moments in a zone, entities with their holidays."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from grc.obligations.counting import Entity

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
GERMAN_DAYS = frozenset(
    date.fromisoformat(day)
    for day in ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2027-01-01")
)
AMERICAN_DAYS = frozenset(
    date.fromisoformat(day)
    for day in ("2026-07-03", "2026-11-26", "2026-12-25", "2027-01-01", "2027-01-18")
)


def at(text, zone="UTC"):
    """`2026-03-28 22:30` in a zone; a trailing ` fold` is its second coming."""
    text, _, fold = text.partition(" fold")
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return local.replace(fold=1) if fold or "fold" in text else local


def berlin(*kinds):
    return Entity(BERLIN, GERMAN_DAYS, frozenset(kinds))


def new_york(*kinds):
    return Entity(NEW_YORK, AMERICAN_DAYS, frozenset(kinds))
