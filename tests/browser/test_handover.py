"""A shift is handed over in a real browser: one person leaves, another comes."""

import pytest
from django.db import transaction

from core import tenancy
from tests import factories
from tests.soc.factories import alert_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(transactional_db):
    cast = factories.make_tenant("acme")
    with tenancy.tenant_scope(cast.tenant.pk), transaction.atomic():
        alert_in(cast, title="Beacon every minute", severity="critical")
    return cast


def test_a_shift_is_signed_out_by_one_and_signed_in_by_another(desk, acme):
    page = desk.page
    desk.sign_in(acme.people["responder"])
    page.get_by_role("link", name="Handover", exact=True).click()
    page.get_by_text("No handover yet.").wait_for()
    desk.sound()
    page.locator('[data-dialog="new"]').click()
    page.get_by_role("dialog").get_by_label("What the numbers do not say").fill("Watch ws-0417.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="What came").wait_for()
    assert "Beacon every minute" in page.locator("main").inner_text()
    desk.sound()

    page.get_by_role("button", name="Sign out").first.click()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Shift handover signed out.").wait_for()
    page.get_by_role("button", name="Sign in").first.click()
    page.keyboard.press("Control+Enter")
    page.get_by_text("You signed this out. Whoever takes over signs in.").wait_for()
    url = page.url

    other = page.context.browser.new_context(viewport={"width": 1366, "height": 900})
    desk.page = other.new_page()
    desk.sign_in(acme.people["analyst"])
    desk.page.goto(url)
    desk.page.locator(".summary", has_text="Watch ws-0417.").wait_for()
    desk.page.get_by_role("button", name="Sign in").first.click()
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("Shift handover signed in.").wait_for()
    assert f"{acme.people['analyst'].name} signed in" in desk.page.locator("main").inner_text()
    other.close()
