"""The time in which numbers are counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from core.errors import BadInput

DAYS = 90


@dataclass(frozen=True, slots=True)
class Window:
    """Alerts created from `after` on and before `before`; without an end, until now."""

    after: datetime
    before: datetime | None = None


def window(after: datetime | None = None, before: datetime | None = None) -> Window:
    """The window asked for. Without a start it begins 90 days before its end, so that no number
    ever reads every alert there is. BadInput where time has no such start.
    """
    try:
        start = after or (before or timezone.now()) - timedelta(days=DAYS)
    except OverflowError as error:
        raise BadInput("This moment is out of range.", field="created_before") from error
    return Window(start, before)
