"""The commonest work in a real browser: triage one, triage fifty, escalate; counted in clicks and
keys.
"""

from contextlib import contextmanager

import pytest
from django.db import transaction

from core import tenancy
from grc.models import Incident
from soc.models import Alert
from soc.services import alerts
from tests import factories
from tests.browser.counting import Journey
from tests.sla.factories import definition
from tests.soc.factories import alert_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTE = "Lockout noise after the change of the password policy."


@contextmanager
def inside(cast):
    with tenancy.tenant_scope(cast.tenant.pk), transaction.atomic():
        yield


@pytest.fixture
def acme(transactional_db):
    cast = factories.make_tenant("acme")
    with inside(cast):
        definition(cast, levels=["critical"], acknowledge_minutes=15)
        alert_in(cast, title="No clock", severity="low", host={"name": "ws-2"})
        alert_in(cast, title="Beacon", severity="critical", host={"name": "ws-1"})
    return cast


@pytest.fixture
def fifty(acme):
    with inside(acme):
        for number in range(47):
            alert_in(acme, title=f"Lockout {number}", severity="medium")
        alert_in(acme, "closed", title="Closed by somebody")
        return alert_in(acme, "acknowledged", title="Acknowledged already")


def statuses(cast):
    with inside(cast):
        return sorted(Alert.objects.values_list("status", flat=True))


def to_the_queue(desk, journey):
    journey.click(desk.page.get_by_role("link", name="Queue", exact=True))
    desk.page.locator("tr[data-row]").first.wait_for()


def test_triage_one_by_hand_and_the_next_by_keys(desk, acme):
    page = desk.page
    desk.sign_in(acme.people["analyst"])
    first = Journey(page, "first triage action after sign-in")
    to_the_queue(desk, first)
    desk.sound()
    first.click(page.locator("tr[data-row] [name=ids]").first)
    first.click(page.get_by_role("button", name="Acknowledge a"))
    page.get_by_text("1 of 1 acknowledged.").wait_for()
    first.told()
    assert page.locator("tr.focus .title").inner_text() == "No clock"

    by_hand = Journey(page, "close one by hand")
    by_hand.click(page.locator("tr[data-row] [name=ids]").first)
    by_hand.click(page.get_by_role("button", name="Close…"))
    by_hand.click(page.get_by_text("False Positive - Incorrect"))
    by_hand.write(NOTE)
    desk.sound()
    by_hand.click(page.get_by_role("button", name="Close 1 alert"))
    page.get_by_text("1 of 1 closed.").wait_for()
    by_hand.told()

    by_keys = Journey(page, "close one by keys")
    by_keys.press("j", "c", "3")
    by_keys.write(NOTE)
    by_keys.press("Control+Enter")
    page.get_by_text("Nothing waits in this view").wait_for()
    by_keys.told()

    assert first.clicks <= 3
    assert by_hand.clicks <= 4
    assert by_keys.keys <= 6
    with inside(acme):
        assert set(Alert.objects.values_list("status", "verdict")) == {("closed", "false_positive")}


def test_triage_fifty_in_one_dialog_and_take_it_back(desk, acme, fifty):
    page = desk.page
    desk.sign_in(acme.people["analyst"])
    page.goto(f"{desk.base}/admin/soc/alert/?ordering=-created_at")
    before = statuses(acme)
    assert page.locator("tr[data-row]").count() == 50
    with inside(acme):
        alert_in(acme, title="Came meanwhile")
        others = acme.actor("responder")
        alerts.perform(fifty, "triage", actor=others)

    journey = Journey(page, "triage fifty")
    journey.click(page.get_by_label("Select all on this page"))
    journey.press("c", "2")
    journey.write(NOTE)
    page.get_by_text("50 alerts become closed.").wait_for()
    desk.sound()
    journey.press("Control+Enter")
    page.get_by_text("49 of 50 closed.").wait_for()
    journey.told()
    assert page.get_by_text(f"1 was taken into triage by {others.name}.").count() == 1
    assert statuses(acme).count("closed") == 50

    page.keyboard.press("u")
    page.get_by_text("Undone: 49 of 49 as they were.").wait_for()
    changed = [word for word in before if word != "acknowledged"]
    assert statuses(acme) == sorted([*changed, "open", "triaging"])


def test_escalate_from_the_page_of_an_alert_and_go_on(desk, acme):
    page = desk.page
    desk.sign_in(acme.people["responder"])
    journey = Journey(page, "escalate")
    to_the_queue(desk, journey)
    journey.press("j", "Enter")
    page.get_by_role("heading", name="Beacon").wait_for()
    desk.sound()
    journey.press("e")
    page.get_by_role("dialog").get_by_label("Note").fill("Calls home every minute")
    journey.press("Control+Enter")
    page.get_by_text("Alert escalated.").wait_for()
    journey.told()

    page.keyboard.press("j")
    page.get_by_role("heading", name="No clock").wait_for()
    page.keyboard.press("k")
    page.get_by_role("heading", name="Beacon").wait_for()
    with inside(acme):
        assert Incident.objects.count() == 1


def test_a_row_is_peeked_into_and_keys_are_listed_and_can_be_off(desk, acme):
    page = desk.page
    desk.sign_in(acme.people["analyst"])
    page.goto(f"{desk.base}/admin/soc/alert/")

    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.locator("#peek").get_by_role("heading", name="Beacon").wait_for()
    desk.sound()
    page.keyboard.press("j")
    page.locator("#peek").get_by_role("heading", name="No clock").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="All keys").wait_for()
    desk.sound()
    page.keyboard.press("Escape")
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("?")

    assert page.locator("dialog[open]").count() == 0
    assert page.locator("#peek").is_hidden()


def test_new_alerts_wait_behind_a_button_and_changed_rows_are_marked(desk, acme):
    page = desk.page
    page.clock.install()
    desk.sign_in(acme.people["analyst"])
    page.goto(f"{desk.base}/admin/soc/alert/")
    page.locator("tr[data-row]").first.wait_for()
    with inside(acme):
        alert_in(acme, title="Just arrived")
        alerts.perform(Alert.objects.get(title="Beacon"), "triage", actor=acme.actor("responder"))

    page.clock.run_for(11_000)
    page.get_by_role("button", name="1 new, press . to show").wait_for()
    page.get_by_text("→ triaging").wait_for()
    assert page.locator("tr[data-row]").count() == 2
    page.keyboard.press(".")

    page.get_by_role("link", name="Just arrived").wait_for()
