"""The numbers of the last days as plain JSON, for a job to keep beside the trends."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.utils import timezone

from soc.services import metrics, trends
from soc.services.metrics import CLOCKS, GROUPS, Numbers, Span


def count(days: int) -> dict[str, Any]:
    """The trends of so many days, and as `numbers` the lines of every grouping."""
    now = timezone.now()
    asked = metrics.window(now - timedelta(days=days), now)
    lines = {
        name: [asdict(each) for each in metrics.measure(asked, group_by=name)] for name in GROUPS
    }
    return {**trends.count(days), "numbers": lines}


def read(content: dict[str, Any] | None, group_by: str) -> list[Numbers]:
    """The lines of a grouping from what was kept; none where none was."""
    lines = (content or {}).get("numbers", {}).get(group_by, [])
    return [
        Numbers(**{**line, **{clock: Span(**line[clock]) for clock in CLOCKS}}) for line in lines
    ]
