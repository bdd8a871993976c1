"""The whole line in a real browser: from the queue to the incident and its history."""

import orjson
import pytest

from core import tenancy
from core.actors import system
from soc.intake.envelope import split
from soc.services import intake
from tests import factories
from tests.soc.test_intake import eve

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(transactional_db):
    cast = factories.make_tenant("acme")
    records = [
        eve("ET MALWARE Cobalt Strike Beacon", flow=1),
        eve("ET SCAN Port 445", flow=2, alert={"signature": "ET SCAN Port 445", "severity": 3}),
    ]
    with tenancy.tenant_scope(cast.tenant.pk):
        actor = system(cast.tenant.pk)
        intake.take(split(orjson.dumps(records)), actor=actor, format="suricata")
    return cast


def test_from_the_queue_to_the_incident_and_who_did_what(desk, acme):
    page = desk.page
    responder = acme.people["responder"]
    desk.sign_in(responder)
    page.get_by_role("link", name="Queue", exact=True).click()
    page.locator("tr[data-row]").nth(1).wait_for()
    assert page.locator("tr[data-row]").count() == 2

    page.get_by_label("High").check()
    page.wait_for_url("**severity=high**")
    assert page.locator("tr[data-row]").count() == 1
    assert desk.no_sideways_scroll()
    page.get_by_role("link", name="ET MALWARE Cobalt Strike Beacon").click()
    page.wait_for_url("**/change/**")  # a key pressed before the page is there is lost

    page.keyboard.press("a")
    page.get_by_role("dialog").get_by_label("Note").fill("Looking at it")
    page.get_by_role("dialog").get_by_role("button", name="Acknowledge").click()
    page.get_by_text("Alert acknowledged.").wait_for()

    page.get_by_role("button", name="Escalate").click()
    page.get_by_role("dialog").get_by_label("Note").fill("Calls home every minute")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Alert escalated.").wait_for()
    page.get_by_role("tab", name="History").click()
    story = page.get_by_role("tabpanel").inner_text()
    assert f"{responder.name} escalated" in story
    assert "Calls home every minute" in story
    assert "acknowledged" in story
    assert desk.no_sideways_scroll()

    page.get_by_role("link", name="INC-").click()
    page.get_by_role("heading", name="ET MALWARE Cobalt Strike Beacon").wait_for()
    incident = page.locator("main").inner_text()
    assert "INV-" in incident
    page.get_by_role("button", name="Close").click()
    page.get_by_text("is still open").wait_for()
    desk.sound()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="History", exact=True).click()
    page.get_by_role("heading", name="History").wait_for()
    assert f"{responder.name} opened" in page.locator("main").inner_text()


def test_two_alerts_are_closed_in_one_dialog_by_keys_alone(desk, acme):
    page = desk.page
    desk.sign_in(acme.people["analyst"])
    page.goto(f"{desk.base}/admin/soc/alert/")

    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Close…").click()
    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")

    page.get_by_text("2 of 2 closed.").wait_for()
    page.get_by_text("Nothing waits in this view").wait_for()


def test_hostile_text_is_shown_as_text(desk, acme):
    hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
    with tenancy.tenant_scope(acme.tenant.pk):
        record = {"title": hostile, "hostname": hostile, "user": hostile, "severity": hostile}
        actor = system(acme.tenant.pk)
        outcome = intake.take(split(orjson.dumps(record)), actor=actor, format="generic")[0]
    desk.sign_in(acme.people["analyst"])
    page = desk.page

    for path in ("soc/alert/", f"soc/alert/{outcome.id}/change/"):
        page.goto(f"{desk.base}/admin/{path}")
        assert page.title() != "1"
        assert "<img src=x" in page.locator("body").inner_text()
