"""Tasks of investigations: life cycle, order, what is mandatory, and the closing that asks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from core.errors import BadInput, Conflict, MoveRefused, ScopeMissing
from core.scopes import ROLES
from soc.models import Alert, Task
from soc.services import investigations, links, tasks
from tests import factories
from tests.soc.casework import TASK_NEEDED, TASK_WAY, TASKS, task_in
from tests.soc.factories import CASES, alert_in, case_in

# Written by hand, so that a change of the table must change this too.
TASK_MOVES = {
    "start": ({"open"}, "in_progress"),
    "complete": ({"open", "in_progress"}, "done"),
    "skip": ({"open", "in_progress"}, "skipped"),
    "reopen": ({"done", "skipped"}, "open"),
}
WRITERS = {"analyst", "responder", "manager", "tenant_admin"}


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("status", list(TASK_WAY))
def test_every_verb_from_every_status_by_every_role(in_acme, status, role):
    case = case_in(in_acme)
    for verb, (sources, target) in TASK_MOVES.items():
        task, actor = task_in(in_acme, case, status), in_acme.actor(role)
        inputs = TASK_NEEDED.get(verb, {})
        if role not in WRITERS:
            with pytest.raises(ScopeMissing):
                tasks.perform(task, verb, actor=actor, **inputs)
        elif status not in sources:
            with pytest.raises(MoveRefused) as refusal:
                tasks.perform(task, verb, actor=actor, **inputs)
            assert set(refusal.value.allowed) == {
                each for each, (origins, _) in TASK_MOVES.items() if status in origins
            }
        else:
            assert tasks.perform(task, verb, actor=actor, **inputs).status == target


@pytest.mark.parametrize("verb", list(TASK_MOVES))
@pytest.mark.parametrize("status", list(TASK_WAY))
def test_a_mandatory_task_goes_every_way_but_is_not_skipped(in_acme, status, verb):
    task = task_in(in_acme, case_in(in_acme), "open" if status == "skipped" else status)
    task = tasks.update(task, {"mandatory": True}, actor=in_acme.actor("analyst"))
    may = task.status in TASK_MOVES[verb][0] and verb != "skip"
    inputs = TASK_NEEDED.get(verb, {})

    if may:
        assert tasks.perform(task, verb, actor=in_acme.actor(), **inputs).mandatory
    else:
        with pytest.raises(MoveRefused):
            tasks.perform(task, verb, actor=in_acme.actor(), **inputs)


def test_only_who_configures_makes_a_mandatory_task_optional(in_acme):
    task = task_in(in_acme, case_in(in_acme), mandatory=True)

    with pytest.raises(ScopeMissing):
        tasks.update(task, {"mandatory": False}, actor=in_acme.actor("responder"))
    with pytest.raises(ScopeMissing):
        tasks.delete(task, actor=in_acme.actor("responder"))

    optional = tasks.update(task, {"mandatory": False}, actor=in_acme.actor("manager"))
    assert not optional.mandatory


def test_an_ended_task_knows_when_and_by_whom_and_forgets_it_when_reopened(in_acme):
    task = task_in(in_acme, case_in(in_acme))

    done = tasks.perform(task, "complete", actor=in_acme.actor("responder"))
    again = tasks.perform(done, "reopen", actor=in_acme.actor("responder"))

    assert done.completed_by == in_acme.people["responder"].pk
    assert done.completed_at
    assert (again.completed_at, again.completed_by, again.status) == (None, None, "open")


def test_tasks_are_added_behind_the_others_and_reordered(in_acme):
    case = case_in(in_acme)
    one, two, three = (task_in(in_acme, case, title=name) for name in ("one", "two", "three"))

    tasks.reorder(three, actor=in_acme.actor("analyst"), position=1)
    first = [task.title for task in case.tasks.in_order()]
    tasks.reorder(three, actor=in_acme.actor("analyst"), position=99)

    assert first == ["three", "one", "two"]
    assert [task.title for task in case.tasks.in_order()] == ["one", "two", "three"]
    assert (one.position, two.position) == (1, 2)


@pytest.mark.parametrize("way", ["resolved", "contained"])
def test_tasks_are_added_at_any_time_before_the_closing(in_acme, way):
    assert task_in(in_acme, case_in(in_acme, way)).status == "open"


def test_nothing_is_done_with_the_tasks_of_a_closed_investigation(in_acme):
    case = case_in(in_acme)
    task, gone = task_in(in_acme, case), task_in(in_acme, case)
    actor = in_acme.actor()
    tasks.delete(gone, actor=actor)
    investigations.close(case, actor=actor, closure_reason="done")
    ways = [
        lambda: tasks.create({"investigation_id": case}, actor=actor),
        lambda: tasks.update(task, {"title": "x"}, actor=actor),
        lambda: tasks.perform(task, "complete", actor=actor),
        lambda: tasks.reorder(task, actor=actor, position=1),
        lambda: tasks.delete(task, actor=actor),
        lambda: tasks.restore(gone, actor=actor),
    ]

    for way in ways:
        with pytest.raises(Conflict, match="is closed"):
            way()


def test_closing_names_the_open_mandatory_tasks(in_acme):
    case = case_in(in_acme)
    task_in(in_acme, case, title="Isolate the host", mandatory=True)
    task_in(in_acme, case, title="Tidy up")

    with pytest.raises(Conflict) as refusal:
        investigations.close(case, actor=in_acme.actor(), closure_reason="done")

    assert "'Isolate the host'" in refusal.value.message
    assert "Tidy up" not in refusal.value.message
    assert refusal.value.field == "skip_open_tasks"


def test_closing_takes_tasks_and_alerts_along_when_told_so(in_acme):
    alert = alert_in(in_acme)
    case = case_in(in_acme, alert_ids=[alert.pk])
    task = task_in(in_acme, case, mandatory=True)
    done = task_in(in_acme, case, "done")

    investigations.close(
        case,
        actor=in_acme.actor("analyst"),
        closure_reason="false alarm",
        close_alerts_as="Duplicate",
        skip_open_tasks=True,
    )

    skipped = Task.objects.get(pk=task.pk)
    assert (skipped.status, skipped.skip_reason) == ("skipped", "false alarm")
    assert Task.objects.get(pk=done.pk).status == "done"
    assert Alert.objects.get(pk=alert.pk).close_classification == "Duplicate"


def test_optional_tasks_stay_open_when_nothing_is_said(in_acme):
    case = case_in(in_acme)
    task = task_in(in_acme, case)
    alert = alert_in(in_acme)
    investigations.update(case, {"alert_ids": [alert.pk]}, actor=in_acme.actor())
    held = links.shown_alerts_of(case)
    waiting, open_tasks = investigations.left_open(held, Task.objects.filter(investigation=case))

    investigations.close(case, actor=in_acme.actor(), closure_reason="done")

    assert ([row.pk for row in waiting], open_tasks) == ([alert.pk], [task])
    assert Task.objects.get(pk=task.pk).status == "open"


def test_a_deleted_task_is_restored(in_acme):
    task = task_in(in_acme, case_in(in_acme))

    tasks.delete(task, actor=in_acme.actor("analyst"))
    tasks.restore(Task.with_deleted.get(pk=task.pk), actor=in_acme.actor("analyst"))

    assert Task.objects.filter(pk=task.pk).exists()


def test_a_status_among_the_values_is_the_move_that_leads_there(in_acme):
    task = task_in(in_acme, case_in(in_acme))
    actor = in_acme.actor("analyst")

    started = tasks.update(task, {"status": "in_progress", "title": ""}, actor=actor)
    skipped = tasks.update(started, {"status": "skipped", "skip_reason": "why"}, actor=actor)

    assert (started.status, started.title) == ("in_progress", "Untitled task")
    assert (skipped.status, skipped.skip_reason) == ("skipped", "why")


def test_a_task_stays_in_its_investigation(in_acme):
    one, two = case_in(in_acme), case_in(in_acme)
    task = task_in(in_acme, one)

    with pytest.raises(BadInput, match="stays in its investigation"):
        tasks.update(task, {"investigation_id": two}, actor=in_acme.actor())
    same = tasks.update(task, {"investigation_id": one, "tags": ["a"]}, actor=in_acme.actor())
    assert same.tags == ["a"]


def test_tasks_over_rest_with_verbs_and_filters(api, acme, in_acme):
    case = case_in(in_acme)
    soon, later = (timezone.now() + timedelta(hours=hours) for hours in (1, 5))
    analyst = acme.people["analyst"].shown_id
    body = {
        "investigation_id": case.shown_id,
        "title": "Call",
        "due_at": soon.isoformat(),
        "assignee_id": analyst,
    }
    one = api.post(TASKS, body).json()
    two = api.post(
        TASKS,
        {
            "investigation_id": case.shown_id,
            "mandatory": True,
            "due_at": later.isoformat(),
            "assignee_id": acme.people["tenant_admin"].shown_id,
        },
    ).json()
    for verb in ("start", "complete", "reopen"):
        moved = api.post(f"{TASKS}/{one['id']}/{verb}")
        assert moved.status_code == 200, moved.content
    api.post(f"{TASKS}/{two['id']}/reorder", {"position": 1})

    def found(query):
        return [row["id"] for row in api.get(f"{TASKS}?{query}").json()["results"]]

    assert found(f"investigation_id={case.shown_id}") == [two["id"], one["id"]]
    assert found(f"assignee_id={analyst}") == [one["id"]]
    assert found("assignee_id=me") == [two["id"]]
    assert found(f"assignee_id=me,{analyst}") == [two["id"], one["id"]]
    assert found("mandatory=true") == [two["id"]]
    assert found("status=open,done&mandatory=false") == [one["id"]]
    due = (soon + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert found(f"due_before={due}") == [one["id"]]
    assert found(f"due_after={due}") == [two["id"]]
    assert api.get(f"{TASKS}/{two['id']}").json()["position"] == 1
    assert api.post(f"{TASKS}/{two['id']}/skip", {"skip_reason": "x"}).status_code == 409
    assert api.post(f"{TASKS}/{one['id']}/skip").status_code == 422


def test_a_task_needs_an_investigation_of_this_tenant(api, globex):
    theirs = factories.client_for(globex).post(CASES, {}).json()["id"]

    assert api.post(TASKS, {}).json()["field"] == "investigation_id"
    assert api.post(TASKS, {"investigation_id": theirs}).status_code == 400


def test_the_closing_over_rest_is_409_naming_the_task_until_told(api, in_acme):
    case = case_in(in_acme)
    task_in(in_acme, case, title="Isolate", mandatory=True)
    url = f"{CASES}/{case.shown_id}/close"

    refused = api.post(url, {"closure_reason": "done"})
    closed = api.post(url, {"closure_reason": "done", "skip_open_tasks": True})

    assert refused.status_code == 409
    assert "Isolate" in refused.json()["detail"]
    assert closed.json()["status"] == "closed"


def test_a_list_of_tasks_takes_as_many_queries_for_twenty_as_for_two(api, in_acme):
    case = case_in(in_acme)
    counts = []
    for more in (2, 18):
        with tenancy.tenant_scope(in_acme.tenant.pk):
            for _ in range(more):
                task_in(in_acme, case)
        with CaptureQueriesContext(connection) as seen:
            assert api.get(TASKS).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]
