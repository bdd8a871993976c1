"""The report of an investigation: all that is handed on, read once, for every shape of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.models import Person
from soc.models import Alert, AlertIndicator, Comment, Finding, Investigation, Task
from soc.services import findings, links, reading
from soc.services.tasks import is_overdue

MOST = 5000  # entries of a timeline
SOMEONE = "someone who has left"


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert as the report lists it."""

    id: str
    occurred_at: datetime | None
    title: str
    severity: str
    status: str
    classification: str
    host: str
    user: str
    source: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator of the alerts, with in how many of them it was seen."""

    type: str
    value: str
    malice: str
    alert_count: int


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding: evidence with the digest of its file, or what an automated analyst says."""

    id: str
    title: str
    kind: str
    collected_at: datetime | None
    by: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with what became of it."""

    title: str
    status: str
    mandatory: bool
    overdue: bool
    assignee: str
    due_at: datetime | None
    completed_at: datetime | None
    completed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One entry: when it happened, when it was recorded, and by whom."""

    at: datetime
    recorded_at: datetime
    person: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CommentLine:
    at: datetime
    person: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Who took part, and how many entries of the timeline are theirs."""

    name: str
    actions: int


@dataclass(frozen=True, slots=True)
class Report:
    """One investigation, whole."""

    number: str
    title: str
    status: str
    priority: str
    category: str
    lead: str
    team: str
    incident: str
    merged_into: str
    closure_reason: str
    summary: str
    made_at: datetime
    times: list[tuple[str, datetime]]
    alerts: list[AlertLine]
    indicators: list[IndicatorLine]
    findings: list[FindingLine]
    tasks: list[TaskLine]
    timeline: list[TimelineLine]
    comments: list[CommentLine]
    people: list[PersonLine]


def of(case: Investigation, *, app_id: UUID | None = None) -> Report:
    """The report as things stand now; for an application, of what it wrote itself."""
    entries = reading.timelines([case.pk], most=MOST, app_id=app_id).get(case.pk, [])
    written = Comment.objects.of_application(app_id).filter(investigation=case)
    comments = list(written.order_by("id"))
    todo = Task.objects.of_application(app_id).filter(investigation=case)
    tasks = list(todo.select_related("assignee").in_order())
    held = links.shown_alerts([case.pk]).get(case.pk, [])
    own = Alert.objects.of_application(app_id).filter(pk__in=held)
    alert_ids = list(own.values_list("pk", flat=True))
    names = _names(entries, comments, tasks)
    told = [_told(entry, names) for entry in entries]
    return Report(
        number=case.investigation_number,
        title=case.title,
        status=case.status,
        priority=case.priority,
        category=case.category or "",
        lead=case.assigned_to.name if case.assigned_to else "",
        team=case.team_group.name if case.team_group else "",
        incident=str(case.escalated_to_incident or ""),
        merged_into=case.merged_into.investigation_number if case.merged_into else "",
        closure_reason=case.closure_reason or "",
        summary=case.description,
        made_at=timezone.now(),
        times=_times(case),
        alerts=_alerts(alert_ids),
        indicators=_indicators(alert_ids),
        findings=_findings(case, alert_ids, app_id),
        tasks=[_task(task, names) for task in tasks],
        timeline=told,
        comments=[
            CommentLine(row.created_at, names.get(row.created_by, SOMEONE), row.text)
            for row in comments
        ],
        people=_people(told),
    )


def _names(
    entries: list[dict[str, Any]], comments: list[Comment], tasks: list[Task]
) -> dict[UUID, str]:
    wanted = {entry["person_id"] for entry in entries}
    wanted |= {row.created_by for row in comments}
    wanted |= {task.completed_by for task in tasks if task.completed_by}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _told(entry: dict[str, Any], names: dict[UUID, str]) -> TimelineLine:
    text = entry["text"]
    if entry["kind"] == "action":
        verb = entry["verb"].partition(".")[2].replace("_", " ")
        text = f"{verb}: {text}" if text else verb
    person = names.get(entry["person_id"], SOMEONE)
    return TimelineLine(entry["at"], entry["recorded_at"], person, entry["kind"], text)


def _times(case: Investigation) -> list[tuple[str, datetime]]:
    known = (
        ("Opened", case.created_at),
        ("Started", case.started_at),
        ("Contained", case.contained_at),
        ("Escalated", case.escalated_at),
        ("Resolved", case.resolved_at),
        ("Closed", case.closed_at),
    )
    return [(name, at) for name, at in known if at]


def _alerts(alert_ids: list[UUID]) -> list[AlertLine]:
    rows = Alert.objects.for_list().filter(pk__in=alert_ids).order_by("occurred_at", "id")
    return [
        AlertLine(
            id=row.shown_id,
            occurred_at=row.occurred_at,
            title=row.title,
            severity=row.severity,
            status=row.status,
            classification=row.close_classification or "",
            host=row.host_name or "",
            user=row.user_name or "",
            source=row.source_name,
        )
        for row in rows
    ]


def _indicators(alert_ids: list[UUID]) -> list[IndicatorLine]:
    """The indicators of the alerts, those seen most often first."""
    seen: dict[tuple[str, str, str], int] = {}
    rows = AlertIndicator.objects.filter(alert_id__in=alert_ids).select_related("indicator")
    for row in rows:
        key = (row.indicator.type, row.indicator.value, row.indicator.malice)
        seen[key] = seen.get(key, 0) + 1
    ordered = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    return [IndicatorLine(*key, alert_count=count) for key, count in ordered]


def _findings(case: Investigation, alert_ids: list[UUID], app_id: UUID | None) -> list[FindingLine]:
    """The findings of the investigation and of its alerts, in the order in which they came."""
    pks = findings.of_investigations([case.pk], held={case.pk: alert_ids}).get(case.pk, [])
    rows = Finding.objects.of_application(app_id).filter(pk__in=pks).order_by("id")
    return [
        FindingLine(
            id=row.shown_id,
            title=row.title,
            kind=row.kind,
            collected_at=row.collected_at,
            by=row.agent_name or "",
            file=row.file_name or "",
            sha256=row.sha256 or "",
        )
        for row in rows
    ]


def _task(task: Task, names: dict[UUID, str]) -> TaskLine:
    return TaskLine(
        title=task.title,
        status=task.status,
        mandatory=task.mandatory,
        overdue=is_overdue(task, timezone.now()),
        assignee=task.assignee.name if task.assignee else "",
        due_at=task.due_at,
        completed_at=task.completed_at,
        completed_by=names.get(task.completed_by, SOMEONE) if task.completed_by else "",
        reason=task.skip_reason or "",
    )


def _people(entries: list[TimelineLine]) -> list[PersonLine]:
    counted: dict[str, int] = {}
    for entry in entries:
        counted[entry.person] = counted.get(entry.person, 0) + 1
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [PersonLine(name, count) for name, count in ordered]
