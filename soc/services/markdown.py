"""A report as Markdown."""

from core.marks import block, moment, table, text
from soc.services.reports import Report


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
