"""A report as Markdown. Texts in it come from attackers too: nothing of them becomes a link, an
image, HTML or a heading.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from soc.services.reports import Report

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Renderers make links of bare addresses too, escaped or not; analysts write them like this.
_DEFANGED = (
    (re.compile(r"://"), "[:]//"),
    (re.compile(r"\bwww\.", re.IGNORECASE), "www[.]"),
    (re.compile(r"(?<=\S)@(?=\S)"), "[@]"),
)

# A backslash would do for Markdown; these hold in tools that read it loosely too.
ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def text(value: str) -> str:
    """A text on one line that reads as it is: addresses are defanged, every sign is escaped."""
    line = " ".join(value.split())
    for pattern, plain in _DEFANGED:
        line = pattern.sub(plain, line)
    return _PUNCTUATION.sub(lambda sign: ENTITIES.get(sign[1], f"\\{sign[1]}"), line)


def cell(value: object) -> str:
    """A value as a cell of a table; nothing is a dash."""
    if isinstance(value, datetime):
        return moment(value)
    return text(str(value)) if value not in (None, "") else "–"


def block(value: str) -> str:
    """A text of several lines, each as it is."""
    lines = [text(line) for line in value.splitlines()]
    return "  \n".join(lines)


def moment(value: datetime) -> str:
    """A point in time, in UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A table, or a line that says that there is nothing."""
    lines = [" | ".join(cell(value) for value in row) for row in rows]
    if not lines:
        return "None."
    ruled = [" | ".join(head), " | ".join("---" for _ in head), *lines]
    return "\n".join(f"| {line} |" for line in ruled)


def of(report: Report) -> str:
    """The whole report."""
    parts = [
        f"# {text(report.number)} {text(report.title)}",
        table(("", ""), _facts(report)),
        "## Summary",
        block(report.summary) or "None.",
        "## Alerts",
        table(
            ("Happened", "Severity", "Alert", "Host", "User", "Source", "Status", "Closed as"),
            (
                (
                    a.occurred_at,
                    a.severity,
                    a.title,
                    a.host,
                    a.user,
                    a.source,
                    a.status,
                    a.classification,
                )
                for a in report.alerts
            ),
        ),
        "## Indicators",
        table(
            ("Type", "Value", "Malice", "Alerts"),
            ((i.type, i.value, i.malice, i.alert_count) for i in report.indicators),
        ),
        "## Findings",
        table(
            ("Finding", "Kind", "By", "Collected", "File", "SHA-256"),
            ((f.title, f.kind, f.by, f.collected_at, f.file, f.sha256) for f in report.findings),
        ),
        "## Timeline",
        table(
            ("Happened", "Recorded", "Who", "Kind", "What"),
            ((e.at, e.recorded_at, e.person, e.kind, e.text) for e in report.timeline),
        ),
        "## Tasks",
        table(
            ("Task", "Mandatory", "Status", "Assignee", "Due", "Ended", "By", "Reason"),
            (
                (
                    t.title,
                    "yes" if t.mandatory else "no",
                    f"{t.status}, overdue" if t.overdue else t.status,
                    t.assignee,
                    t.due_at,
                    t.completed_at,
                    t.completed_by,
                    t.reason,
                )
                for t in report.tasks
            ),
        ),
        "## Comments",
        "\n\n".join(
            f"**{text(c.person)}**, {moment(c.at)}  \n{block(c.text)}" for c in report.comments
        )
        or "None.",
        "## Who did what",
        table(("Who", "Entries"), ((p.name, p.actions) for p in report.people)),
        f"Made on {moment(report.made_at)}.",
    ]
    return "\n\n".join(parts) + "\n"


def _facts(report: Report) -> list[tuple[object, ...]]:
    known = (
        ("Status", report.status),
        ("Priority", report.priority),
        ("Category", report.category),
        ("Lead", report.lead),
        ("Team", report.team),
        ("Incident", report.incident),
        ("Merged into", report.merged_into),
        ("Closed because", report.closure_reason),
    )
    return [*((name, value) for name, value in known if value), *report.times]
