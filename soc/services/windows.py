"""The time in which numbers are counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

DAYS = 90


@dataclass(frozen=True, slots=True)
class Window:
    """Alerts created from `after` on and before `before`; without an end, until now."""

    after: datetime
    before: datetime | None = None


def window(after: datetime | None = None, before: datetime | None = None) -> Window:
    """The window asked for. Without a start it begins 90 days before its end, so that no number
    ever reads every alert there is.
    """
    return Window(after or (before or timezone.now()) - timedelta(days=DAYS), before)
