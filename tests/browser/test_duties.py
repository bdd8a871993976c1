"""The end of the demo's chain in a real browser: running clocks, a draft, and what locks Close."""

import pytest

from core.models import Person
from tests import factories
from tests.demo.conftest import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demo(transactional_db, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", factories.PASSWORD)
    load()


def test_the_chain_ends_in_running_clocks_and_a_draft_that_can_be_written_in(demo, desk):
    page = desk.page
    desk.sign_in(Person.objects.get(email="compliance@acme.test"))
    page.goto(f"{desk.base}/admin/grc/incident/")
    page.get_by_role("link", name="Ransomware on the file server").click()

    card = page.locator(".duty", has_text="NIS2 Early warning")
    card.get_by_text("Europe/Berlin").wait_for()
    assert "Directive (EU) 2022/2555, Art 23(4)(a)" in card.inner_text()
    assert page.locator(".duty").count() == 3
    assert "It gives no legal advice." in page.locator("body").inner_text()
    desk.sound()

    page.get_by_role("button", name="Close", exact=True).click()
    assert "is due" in page.get_by_role("dialog").inner_text() or "are due" in (
        page.get_by_role("dialog").inner_text()
    )
    page.keyboard.press("Escape")

    card.get_by_role("link", name="Open draft").click()
    page.get_by_label("Cross-border impact").fill("None known so far.")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("Submission changed.").wait_for()
    assert page.get_by_label("Cross-border impact").input_value() == "None known so far."
    page.get_by_role("button", name="Ask for approval").click()
    page.get_by_role("dialog").get_by_role("button", name="Ask for approval").click()
    page.get_by_text("Submission submitted.").wait_for()
    assert page.get_by_label("Cross-border impact").get_attribute("readonly") is not None
    desk.sound()
