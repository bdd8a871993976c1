"""What people typed is put back where it was refused or not answered, beside what others saved."""

import pytest

from core import tenancy
from grc.services import assets, incidents
from soc.services import alerts, investigations
from tests.grc.test_incidents import incident_in
from tests.soc.factories import alert_in, case_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_ANSWERED = "This was not answered"


@pytest.fixture
def case(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        return case_in(acme, "in_progress", title="Credential theft")


@pytest.fixture
def alert(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        return alert_in(acme, title="Beacon every minute")


def page_of(desk, row):
    meta = row._meta
    desk.page.goto(f"{desk.base}/admin/{meta.app_label}/{meta.model_name}/{row.shown_id}/change/")
    return desk.page


def test_a_refused_event_is_open_again_with_all_that_was_typed(desk, acme, case):
    desk.sign_in(acme.people["responder"])
    page = page_of(desk, case)
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What happened").fill("The user left the desk")
    dialog.get_by_label("Happened", exact=True).fill("half past nine")
    page.keyboard.press("Control+Enter")

    dialog.get_by_role("alert").wait_for()
    assert dialog.get_by_label("What happened").input_value() == "The user left the desk"
    assert dialog.get_by_label("Happened", exact=True).input_value() == "half past nine"
    desk.sound()
    dialog.get_by_label("Happened", exact=True).fill("2026-11-20T09:30:00Z")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Event added.").wait_for()
    assert page.get_by_role("dialog").count() == 0


def test_an_edit_that_came_second_is_put_back_beside_what_was_saved(desk, acme, case):
    desk.sign_in(acme.people["responder"])
    page = page_of(desk, case)
    page.locator('[data-dialog="edit"]').click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title", exact=True).fill("Theft of credentials")
    with tenancy.tenant_scope(acme.tenant.pk):
        changes = {"title": "Stolen password", "description": "Seen on ws-0417"}
        investigations.update(case, changes, actor=acme.actor())
    page.keyboard.press("Control+Enter")

    dialog.get_by_role("alert").wait_for()
    assert dialog.get_by_label("Title", exact=True).input_value() == "Theft of credentials"
    assert dialog.get_by_text("Saved by now: Stolen password").is_visible()
    assert dialog.get_by_label("Description").input_value() == "Seen on ws-0417"
    desk.sound()


def test_choices_among_many_are_put_back_too(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        server, site = (
            assets.create({"name": name, "criticality": "high"}, actor=acme.actor())
            for name in ("srv-files-02", "Datacentre Bonn")
        )
        assets.update(site, {"parent_id": server}, actor=acme.actor())
    desk.sign_in(acme.people["tenant_admin"])
    page = page_of(desk, server)
    page.locator('[data-dialog="edit"]').click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Datacentre Bonn").check()  # in a circle
    dialog.get_by_label("Criticality").select_option("low")
    page.keyboard.press("Control+Enter")

    dialog.get_by_role("alert").wait_for()
    assert dialog.get_by_label("Datacentre Bonn").is_checked()
    assert dialog.get_by_label("Criticality").input_value() == "low"
    desk.sound()


def test_a_decision_on_many_is_open_again_with_its_alerts_chosen(desk, acme, alert):
    desk.sign_in(acme.people["analyst"])
    page = desk.page
    page.goto(f"{desk.base}/admin/soc/alert/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("button", name="Close…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Inaccurate Data").check()
    note = dialog.get_by_label("Note")
    note.evaluate("field => field.removeAttribute('maxlength')")
    note.fill("x" * 20_001)
    page.keyboard.press("Control+Enter")

    dialog.get_by_role("alert").wait_for()
    assert dialog.get_by_label("Inaccurate Data").is_checked()
    assert len(note.input_value()) == 20_001
    assert "1 alert becomes closed" in dialog.inner_text()
    desk.sound()
    note.fill("Known scanner")
    page.keyboard.press("Control+Enter")
    page.get_by_text("1 of 1 closed.").wait_for()


def test_a_text_whose_form_is_gone_is_shown_beside_the_refusal(desk, acme, alert):
    desk.sign_in(acme.people["analyst"])
    page = page_of(desk, alert)
    page.get_by_role("button", name="Close").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Inaccurate Data").check()
    dialog.get_by_label("Note").fill("A known scanner of ours")
    with tenancy.tenant_scope(acme.tenant.pk):
        values = {"close_classification": "Undetermined"}
        alerts.perform(alert, "close", actor=acme.actor(), **values)
    page.keyboard.press("Control+Enter")

    page.get_by_text("What you had typed").wait_for()
    assert "A known scanner of ours" in page.locator(".typed").inner_text()
    assert page.get_by_role("dialog").count() == 0
    desk.sound()


def test_a_decision_is_not_open_for_alerts_that_nobody_chose(desk, acme, alert):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, title="Another one")
    desk.sign_in(acme.people["analyst"])
    page = desk.page
    page.goto(f"{desk.base}/admin/soc/alert/")
    page.locator("tr[data-row]", has_text="Beacon every minute").locator("[name=ids]").check()
    page.get_by_role("button", name="Close…").click()
    page.get_by_role("dialog").get_by_label("Inaccurate Data").check()
    page.get_by_role("dialog").get_by_label("Note").fill("A known scanner of ours")
    page.context.clear_cookies(name="sessionid")
    with tenancy.tenant_scope(acme.tenant.pk):
        alerts.perform(alert, "close", actor=acme.actor(), close_classification="Undetermined")
    page.keyboard.press("Control+Enter")
    page.get_by_label("Password").wait_for()
    desk.answer_sign_in(acme.people["analyst"])

    page.get_by_text("What you had typed").wait_for()
    assert NOT_ANSWERED in page.locator(".typed").inner_text()
    assert page.get_by_role("dialog").count() == 0
    assert page.locator("[name=ids]:checked").count() == 0


def test_links_and_edit_of_an_incident_are_two_forms(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        incident = incident_in(acme, title="Ransomware")
    desk.sign_in(acme.people["tenant_admin"])
    page = page_of(desk, incident)
    page.locator('[data-dialog="edit"]').click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title", exact=True).fill("Ransomware on the file server")
    with tenancy.tenant_scope(acme.tenant.pk):
        incidents.update(incident, {"title": "Encrypted files"}, actor=acme.actor())
    page.keyboard.press("Control+Enter")

    dialog.get_by_role("alert").wait_for()
    assert dialog.get_by_label("Title", exact=True).input_value() == "Ransomware on the file server"


def test_a_comment_waits_for_whoever_has_to_sign_in_again(desk, acme, alert):
    analyst = acme.people["analyst"]
    desk.sign_in(analyst)
    page = page_of(desk, alert)
    page.get_by_label("Comment", exact=True).fill("The host calls home")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Comment").click()
    page.get_by_label("Password").wait_for()
    desk.answer_sign_in(analyst)

    page.get_by_text(NOT_ANSWERED).wait_for()
    assert page.get_by_label("Comment", exact=True).input_value() == "The host calls home"
    desk.sound()
    page.get_by_role("button", name="Comment").click()
    page.locator(".comments", has_text="The host calls home").wait_for()
    assert page.get_by_label("Comment", exact=True).input_value() == ""
    page.reload()
    assert page.get_by_label("Comment", exact=True).input_value() == ""


def test_what_one_person_typed_is_not_shown_to_the_next(desk, acme, alert):
    desk.sign_in(acme.people["analyst"])
    page = page_of(desk, alert)
    page.get_by_label("Comment", exact=True).fill("The host calls home")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Comment").click()
    page.get_by_label("Password").wait_for()
    desk.answer_sign_in(acme.people["responder"])

    page.get_by_role("heading", name="Beacon every minute").wait_for()
    assert page.get_by_label("Comment", exact=True).input_value() == ""
    assert page.evaluate("sessionStorage.length") == 0
