"""Case work in the admin: tasks, events, alerts in and out, templates, merges, teams, reports."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.models import Team
from soc.models import Comment, InvestigationMerge, Task, Template, TimelineEntry
from soc.services import investigations, links
from tests.soc.casework import comment_on, entry_in, full_case, task_in, template_in
from tests.soc.factories import alert_in, case_in
from tests.web.test_desk import signed_in

CASE = "/admin/soc/investigation/"


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def case(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        return full_case(acme)[0]


def post(client, path, **body):
    return client.post(path, body, follow=True).content.decode()


def page_of(client, case):
    return client.get(f"{CASE}{case.shown_id}/change/").content.decode()


def within(acme):
    return tenancy.tenant_scope(acme.tenant.pk)


def test_the_page_shows_tasks_timeline_and_what_a_closing_leaves_open(desk, case):
    page = page_of(desk, case)

    assert "Isolate the host" in page
    assert "The mail came in." in page
    assert "Still open: alerts 2, tasks 1, 1 of them mandatory." in page
    assert f"/api/v1/soc/investigations/{case.shown_id}/report" in page


def test_a_task_is_added_edited_moved_reordered_skipped_and_deleted(desk, acme, case):
    added = post(
        desk,
        f"{CASE}{case.shown_id}/task/",
        title="Look at the mail",
        mandatory="False",
        due_at="2030-01-01T00:00:00Z",
        assignee_id=acme.people["analyst"].shown_id,
    )
    with within(acme):
        task = Task.objects.get(title="Look at the mail")
    url = f"/admin/soc/task/{task.shown_id}"
    edited = post(desk, f"{url}/edit/", title="Read the mail", version=task.version)
    post(desk, f"{url}/reorder/", position="1")
    bad = post(desk, f"{url}/reorder/", position="first")
    started = post(desk, f"{url}/move/start/")
    unsaid = post(desk, f"{url}/move/skip/")
    skipped = post(desk, f"{url}/move/skip/", skip_reason="It is gone")

    assert "Task added." in added
    assert "Task changed." in edited
    assert "Task started." in started
    assert "position:" in bad
    assert "To skip, give skip_reason." in unsaid
    assert "Skipped: It is gone" in skipped
    with within(acme):
        task = Task.objects.get(pk=task.pk)
    assert (task.title, task.position, task.status) == ("Read the mail", 1, "skipped")
    gone = post(desk, f"{url}/delete/", version=task.version)
    assert "Deleted." in gone


def test_a_closed_investigation_has_no_buttons_for_tasks(desk, acme, case):
    with within(acme):
        investigations.close(case, actor=acme.actor(), closure_reason="d", skip_open_tasks=True)

    page = page_of(desk, case)

    assert "Isolate the host" in page
    assert 'data-dialog="new-task"' not in page
    assert "/admin/soc/task/" not in page


def test_an_event_is_added_corrected_and_deleted(desk, acme, case):
    url = f"{CASE}{case.shown_id}/event/"

    added = post(
        desk, url, text="A call came", occurred_at="2026-01-01T00:00:00Z", kind="communication"
    )
    refused = post(desk, url, text="", kind="event")
    with within(acme):
        entry = TimelineEntry.objects.get(text="A call came")
    edit = f"/admin/soc/timelineentry/{entry.shown_id}"
    changed = post(desk, f"{edit}/edit/", text="Two calls came", version=entry.version)

    assert "Event added." in added
    assert "A call came" in added
    assert "text:" in refused
    assert "Two calls came" in changed
    assert "Deleted." in post(desk, f"{edit}/delete/", version=entry.version + 1)


def test_alerts_are_taken_in_moved_and_taken_out(desk, acme, case):
    with within(acme):
        free, taken = alert_in(acme, title="Free"), alert_in(acme, title="Taken")
        case_in(acme, alert_ids=[taken.pk])
    url = f"{CASE}{case.shown_id}"
    texts = f"{free.shown_id}, {taken.shown_id}"

    refused = post(desk, f"{url}/take_in/", alert_ids=texts)
    added = post(desk, f"{url}/take_in/", alert_ids=texts, move="true")
    out = post(desk, f"{url}/take_out/", alert_ids=free.shown_id)

    assert "Take it out there first" in refused
    assert "Alerts added." in added
    assert "Taken out." in out
    with within(acme):
        held = links.current_alerts([case.pk])[case.pk]
    assert taken.pk in held
    assert free.pk not in held
    assert "is not known here" in post(desk, f"{url}/take_in/", alert_ids="alr_x")


def test_a_merge_is_made_and_undone_with_buttons(desk, acme, case):
    with within(acme):
        source, _ = full_case(acme)
    url = f"{CASE}{case.shown_id}"

    merged = post(desk, f"{url}/merge/", source_ids=[source.shown_id], note="one story")
    with within(acme):
        merge = InvestigationMerge.objects.get()
    other = page_of(desk, source)
    undone = post(desk, f"{url}/unmerge/", merge_id=str(merge.pk))

    assert "Merged. It can be undone here" in merged
    assert source.investigation_number in merged
    assert "Merged into" in other
    assert "Undone: every row is as before the merge." in undone
    assert "undone already" in post(desk, f"{url}/unmerge/", merge_id=str(merge.pk))


def test_a_template_is_written_as_lines_and_applied(desk, acme, case):
    made = post(
        desk,
        "/admin/soc/template/add/",
        name="Phishing",
        priority="high",
        tasks="! Isolate (2 h)\n\nCall the user",
    )
    with within(acme):
        template = Template.objects.get()
    applied = post(desk, f"{CASE}{case.shown_id}/template/", template_id=template.shown_id)
    changed = post(
        desk,
        f"/admin/soc/template/{template.shown_id}/edit/",
        tasks="Call the user",
        version=template.version,
    )
    begun = post(desk, f"{CASE}add/", title="New one", template_id=template.shown_id)

    assert "Isolate" in made
    assert template.tasks[0] == {
        "title": "Isolate",
        "description": "",
        "mandatory": True,
        "due_after_hours": 2.0,
    }
    assert "Its tasks are added." in applied
    assert "Template changed." in changed
    assert "Call the user" in begun
    assert "Give it a name." in post(desk, "/admin/soc/template/add/", name="")


def test_a_description_stays_when_the_lines_of_a_template_are_edited(desk, acme):
    with within(acme):
        template = template_in(acme, {"title": "Look", "description": "With headers"})

    url = f"/admin/soc/template/{template.shown_id}/edit/"
    post(desk, url, tasks="Look (1.5 h)\nCall", version=template.version)

    with within(acme):
        first, second = Template.objects.get().tasks
    assert (first["description"], first["due_after_hours"]) == ("With headers", 1.5)
    assert second["description"] == ""


def test_an_author_edits_and_deletes_a_comment_and_nobody_else_sees_the_button(desk, acme, case):
    with within(acme):
        comment = comment_on(acme, case, role="tenant_admin")
        alert_comment = comment_on(acme, alert_in(acme), role="tenant_admin")
    url = f"/admin/soc/comment/{comment.shown_id}"

    page = page_of(desk, case)
    other = page_of(signed_in(acme, "responder"), case)
    changed = post(desk, f"{url}/edit/", text="Better", version=comment.version)
    on_alert = desk.get(f"/admin/soc/comment/{alert_comment.shown_id}/change/")

    assert f"comment-{comment.shown_id}" in page
    assert f"comment-{comment.shown_id}" not in other
    assert "Better" in changed
    assert on_alert.url.startswith("/admin/soc/alert/")
    assert "Deleted." in post(desk, f"{url}/delete/", version=comment.version + 1)
    with within(acme):
        assert not Comment.objects.filter(pk=comment.pk).exists()


@pytest.mark.parametrize("word", ["task", "timelineentry", "comment"])
def test_parts_are_listed_and_added_only_where_they_stand(desk, acme, case, word):
    assert desk.get(f"/admin/soc/{word}/").status_code == 200
    assert desk.post(f"/admin/soc/{word}/add/", {}).status_code == 404


def test_lists_of_parts_say_whose_and_where_they_are(desk, acme, case):
    with within(acme):
        comment_on(acme, case, role="analyst")
        task_in(acme, case, title="Call the user")
        task_in(acme, case, title="Mine", assignee_id=acme.people["tenant_admin"].pk)
        entry_in(acme, case, text="A call came")

    comments = desk.get("/admin/soc/comment/").content.decode()
    mine = desk.get("/admin/soc/task/?status=open,in_progress&assignee_id=me")
    events = desk.get("/admin/soc/timelineentry/").content.decode()

    assert "Analyst of acme" in comments
    assert str(case) in comments
    assert [item["row"].title for item in mine.context["rows"]] == ["Mine"]
    assert 'class="active" aria-current="true">Mine</a>' in mine.content.decode()
    assert "A call came" in events


def test_teams_are_made_changed_and_deleted(desk, acme, case):
    analyst = acme.people["analyst"].shown_id
    made = post(desk, "/admin/core/team/new/", name="Night", member_ids=[analyst])
    with within(acme):
        team = Team.objects.get()
    url = f"/admin/core/team/{team.shown_id}/do"
    changed = post(desk, f"{url}/update/", name="Day", member_ids=[analyst])
    owned = post(
        desk, f"{CASE}{case.shown_id}/edit/", team_group_id=team.shown_id, version=case.version
    )
    refused = post(desk, f"{url}/delete/")

    assert "Analyst of acme" in made
    assert "Day" in changed
    assert "Team <b>Day</b>" in owned
    assert "This team owns" in refused
    viewer = signed_in(acme, "manager")
    assert viewer.get("/admin/core/team/").status_code == 404
    assert viewer.post("/admin/core/team/new/", {}).status_code == 404


def test_a_reader_sees_no_button(acme, case):
    page = page_of(signed_in(acme, "viewer"), case)

    for word in ("new-task", "new-event", "take-in", "merge", "apply"):
        assert f'data-dialog="{word}"' not in page


def test_the_report_opens_in_the_browser_of_who_is_signed_in(desk, case):
    answer = desk.get(
        f"/api/v1/soc/investigations/{case.shown_id}/report", headers={"accept": "text/html"}
    )

    assert answer.status_code == 200
    assert "Isolate the host" in answer.content.decode()


def test_the_page_takes_as_many_queries_for_many_tasks_as_for_few(desk, acme, case):
    page_of(desk, case)  # the first request also chooses the tenant
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            page_of(desk, case)
        counts.append(len(seen))
        with within(acme):
            for _ in range(8):
                task_in(acme, case)
                entry_in(acme, case)

    assert counts[0] == counts[1]
