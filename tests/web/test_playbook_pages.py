"""The pages of playbooks: the editor, running, the inbox, and the health of queues."""

import io
import json

import pytest
from django.core.management import call_command

from soc.models import Connector, Playbook, PlaybookRun, StepRun
from tests.playbooks.factories import connector, playbook, started, step, worked
from tests.soc.factories import alert_in, within
from tests.web.test_desk import signed_in

ASK = step("ask", "approval", question="Block {{ alert.title }}?")
TAG = step("tag", "tag", add=["{{ alert.severity }}"])


def edit(client, row, **body):
    url = f"/admin/soc/playbook/{row.shown_id}/steps/"
    return client.post(url, {"version": row.version, **body}, follow=True).content.decode()


def steps_of(cast, row):
    return within(cast, lambda: Playbook.objects.get(pk=row.pk).steps)


@pytest.fixture
def made(acme):
    return within(acme, lambda: playbook(acme, ASK, TAG))


def test_a_step_is_added_by_its_form_and_saved_as_another_version(acme, made):
    desk = signed_in(acme, "manager")
    blank = desk.get(f"/admin/soc/playbook/{made.shown_id}/steps/?new=condition").content.decode()
    high = [{"field": "severity", "op": "at_least", "value": "high"}]
    form = {"kind": "condition", "place": 0, "key": "high", "name": "High?", "act": "save"}

    told = edit(desk, made, **form, **{"with.all": json.dumps(high), "on_failure": "end"})

    assert 'value="condition-1"' in blank
    assert "Steps saved." in told
    assert steps_of(acme, made)[2] == {
        "key": "high",
        "kind": "condition",
        "name": "High?",
        "with": {"all": high},
        "on_success": None,
        "on_failure": "end",
    }
    assert within(acme, lambda: Playbook.objects.get(pk=made.pk).number) == 2


def test_a_fault_names_the_step_and_what_was_typed_stays(acme, made):
    desk = signed_in(acme, "manager")

    told = edit(
        desk, made, act="save", place=2, kind="tag", key="tag", name="T", **{"with.add": "{{ x }}"}
    )

    assert "Step 2 (tag), with.add" in told
    assert "{{ x }}" in told
    assert steps_of(acme, made) == made.steps


def test_steps_move_and_go(acme, made):
    desk = signed_in(acme, "manager")

    edit(desk, made, act="down", place=1)
    moved = [each["key"] for each in steps_of(acme, made)]
    edit(desk, within(acme, lambda: Playbook.objects.get(pk=made.pk)), act="delete", place=1)

    assert moved == ["tag", "ask"]
    assert [each["key"] for each in steps_of(acme, made)] == ["ask"]


def test_checking_saves_nothing(acme, made):
    assert "hang together" in edit(signed_in(acme, "manager"), made, act="validate")
    assert within(acme, lambda: Playbook.objects.get(pk=made.pk).version) == made.version


def test_whoever_may_not_write_sees_no_editor(acme, made):
    desk = signed_in(acme, "responder")

    assert desk.get(f"/admin/soc/playbook/{made.shown_id}/steps/").status_code == 404
    page = desk.get(f"/admin/soc/playbook/{made.shown_id}/change/").content.decode()
    assert "Trial" in page
    assert "Edit steps" not in page


def test_a_run_from_the_alert_waits_in_the_inbox_of_another(acme, made):
    alert = within(acme, lambda: alert_in(acme, title="Beacon", severity="high"))
    responder, manager = signed_in(acme, "responder"), signed_in(acme, "manager")
    body = {"playbook_id": made.shown_id, "alert_id": alert.shown_id}
    responder.post("/admin/soc/playbook/start/", body)
    run = within(acme, lambda: worked(PlaybookRun.objects.get()))
    asked = within(acme, lambda: StepRun.objects.get(key="ask"))

    inbox = manager.get("/admin/soc/steprun/").content.decode()
    page = manager.get(f"/admin/soc/playbookrun/{run.shown_id}/change/").content.decode()
    empty = responder.get("/admin/soc/steprun/").content.decode()
    url = f"/admin/soc/steprun/{asked.shown_id}/answer/"
    told = manager.post(url, {"answer": "approve", "note": "yes"}, follow=True).content.decode()
    within(acme, lambda: worked(run))

    assert "Block Beacon?" in inbox
    assert "Approve 1 step" in page
    assert "Nothing waits on you." in empty
    assert "Answered." in told
    shown = responder.get(f"/admin/soc/alert/{alert.shown_id}/change/").content.decode()
    assert f"/admin/soc/playbookrun/{run.shown_id}/change/" in shown
    assert within(acme, lambda: PlaybookRun.objects.get().status) == "succeeded"


def test_an_ended_run_begins_again_from_a_step(acme):
    run = within(acme, lambda: started(acme, step("todo", "task", title="Look")))
    desk = signed_in(acme, "responder")

    desk.post(f"/admin/soc/playbookrun/{run.shown_id}/retry/", {"step": "todo", "note": ""})

    again = within(acme, lambda: PlaybookRun.objects.order_by("id").last())
    assert (again.retry_of_id, again.trigger) == (run.pk, "retry")


def test_a_file_goes_out_and_comes_in(acme, made):
    desk = signed_in(acme, "manager")
    file = desk.get(f"/admin/soc/playbook/{made.shown_id}/cacao/")

    desk.post("/admin/soc/playbook/import/", {"cacao": file.content.decode()})
    told = desk.post("/admin/soc/playbook/import/", {"cacao": "no JSON"}, follow=True)

    assert "attachment" in file.headers["Content-Disposition"]
    assert within(acme, Playbook.objects.count) == 2
    assert "Expected a dictionary" in told.content.decode()


def test_the_past_shows_what_would_have_matched(acme):
    wanted = [{"field": "severity", "op": "equals", "value": "high"}]
    row = within(acme, lambda: playbook(acme, trigger_conditions=wanted))
    within(acme, lambda: alert_in(acme, title="Beacon", severity="high"))

    page = signed_in(acme).get(f"/admin/soc/playbook/{row.shown_id}/past/").content.decode()

    assert "Would have run 1 time in the last 30 days" in page
    assert "Beacon" in page


def test_a_secret_is_typed_and_not_shown(acme):
    desk = signed_in(acme)
    row = within(acme, lambda: connector(acme, "https://fw.example.com", auth_scheme="bearer"))
    url = f"/admin/soc/connector/{row.shown_id}/"

    desk.post(f"{url}edit/", {"version": 1, "secret": "canary-5", "note": ""})
    desk.post(f"{url}check/")
    page = desk.get(f"{url}change/").content.decode()

    kept = within(acme, lambda: Connector.objects.get(pk=row.pk))
    assert (kept.secret is not None, kept.health) == (True, "checking")
    assert "canary-5" not in page


def test_the_health_of_queues_is_the_administrators_to_see(acme, made):
    within(acme, lambda: started(acme, TAG))
    told = io.StringIO()

    page = signed_in(acme).get("/admin/queues/")
    call_command("queue_health", stdout=told)

    assert page.status_code == 200
    assert "enrichment" in page.content.decode() or "Nothing waits" in page.content.decode()
    assert told.getvalue().startswith("workers=")
    assert signed_in(acme, "manager").get("/admin/queues/").status_code == 404
