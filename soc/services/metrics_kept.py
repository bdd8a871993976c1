"""The numbers of the last days as plain JSON, for a job to keep beside the trends."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from soc.services import metrics, trends
from soc.services.metrics import CLOCKS, GROUPS, Numbers, Span


def count(days: int) -> dict[str, Any]:
    """The trends of so many days, and as `numbers` the lines of every grouping."""
    lines = {name: [asdict(each) for each in measure(days, name)] for name in GROUPS}
    return {**trends.count(days), "numbers": lines}


def measure(days: int, group_by: str) -> list[Numbers]:
    """The lines of a grouping as they are now, of the very days that the trends show."""
    now = timezone.now()
    asked = metrics.window(trends.first_of(days, now), now)
    return metrics.measure(asked, group_by=group_by)


def read(content: dict[str, Any] | None, group_by: str) -> list[Numbers]:
    """The lines of a grouping from what was kept; none where none was."""
    lines = (content or {}).get("numbers", {}).get(group_by, [])
    return [
        Numbers(**{**line, **{clock: Span(**line[clock]) for clock in CLOCKS}}) for line in lines
    ]
