"""Rows of case work, made by the services."""

from core.services import teams
from grc.services import incidents
from soc.services import comments, tasks, templates, timeline
from tests.soc.factories import alert_in, case_in

TASKS = "/api/v1/soc/tasks"
TEMPLATES = "/api/v1/soc/templates"
TEAMS = "/api/v1/core/teams"
ENTRIES = "/api/v1/soc/timeline-entries"
COMMENTS = "/api/v1/soc/comments"

TASK_WAY = {
    "open": [],
    "in_progress": [("start", {})],
    "done": [("complete", {})],
    "skipped": [("skip", {"skip_reason": "not needed"})],
}
TASK_NEEDED = {"skip": {"skip_reason": "not needed"}}


def task_in(cast, case, status="open", **values):
    actor = cast.actor("analyst")
    task = tasks.create({"investigation_id": case, **values}, actor=actor)
    for verb, inputs in TASK_WAY[status]:
        task = tasks.perform(task, verb, actor=actor, **inputs)
    return task


def entry_in(cast, case, text="The mail came in.", **values):
    body = {"investigation_id": case, "text": text, **values}
    return timeline.create(body, actor=cast.actor("analyst"))


def comment_on(cast, case, text="Called the user.", role="analyst"):
    return comments.add(case, actor=cast.actor(role), text=text)


def template_in(cast, *drafts, **values):
    body = {"name": "Phishing", "tasks": list(drafts), **values}
    return templates.create(body, actor=cast.actor("manager"))


def team_in(cast, name="Night shift", members=()):
    ids = [cast.people[role].pk for role in members]
    return teams.create({"name": name, "member_ids": ids}, actor=cast.actor())


def incident_in(cast, **values):
    return incidents.create(values, actor=cast.actor())


def full_case(cast, *, alerts=2):
    """An investigation with alerts, tasks, a comment and an event."""
    held = [alert_in(cast, title=f"alert {number}") for number in range(alerts)]
    case = case_in(cast, "in_progress", title="Beacon", alert_ids=[row.pk for row in held])
    task_in(cast, case, title="Isolate the host", mandatory=True)
    task_in(cast, case, "done", title="Call the user")
    comment_on(cast, case)
    entry_in(cast, case)
    return case, held
