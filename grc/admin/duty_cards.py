"""The duties of an incident as its page shows them: words, not rules."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from grc.models import Incident, Obligation, Submission
from grc.obligations.rules import library
from grc.services import duties, submissions


def shown(incident: Incident) -> dict[str, Any]:
    """What the template of the duties needs."""
    told, now = duties.of(incident), timezone.now()
    rows = [_card(row, submission, now) for row, submission in told["duties"]]
    open_states = ("running", "at_risk", "overdue", "due")
    return {
        "duties": rows,
        "open_duties": [row for row in rows if row["state"] in open_states],
        "questions": told["questions"],
        "clock_facts": told["facts"],
        "notice": told["notice"],
    }


def _card(row: Obligation, submission: Submission | None, now: datetime) -> dict[str, Any]:
    state = row.state(now)
    zone = row.regulator.time_zone
    return {
        "row": row,
        "state": state,
        "submission": submission,
        "draft": _draft(row, submission),
        "anchor": library().label(row.anchor) if row.anchor else "",
        "left": _left(row.due_at - now) if row.due_at else "at once",
        "due": legal(row.due_at, zone) if row.due_at else f"Open for {row.waiting_for}",
        "limit": legal(row.limit_at, zone) if row.limit_at else "",
        "extended": row.due_at != row.limit_at,
    }


def _draft(row: Obligation, submission: Submission | None) -> str:
    if submission is None:
        return "No draft yet"
    if submission.status == "sent":
        return "Sent late" if row.is_late else "Sent in time"
    empty = submissions.missing(submission) if submission.status == "draft" else []
    told = f", {len(empty)} sections empty" if empty else ""
    return f"{submission.status.replace('_', ' ').capitalize()}{told}"


def _left(span: timedelta) -> str:
    """`44 h 18 m`, `3 d`, or `6 m late`."""
    late = " late" if span < timedelta() else ""
    hours, minutes = divmod(int(abs(span).total_seconds()) // 60, 60)
    if hours >= 100:
        return f"{hours // 24} d{late}"
    return f"{hours} h {minutes:02} m{late}" if hours else f"{minutes} m{late}"


def legal(moment: datetime, zone: str) -> str:
    """A legal time names weekday and zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M} {zone}"
