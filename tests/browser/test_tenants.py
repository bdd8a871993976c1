"""Several tenants in a real browser: read over all, then switch to act in one."""

import pytest
from django.db import transaction

from core import tenancy
from tests import factories
from tests.soc.factories import alert_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEACON = {"type": "ip", "value": "203.0.113.66"}


@pytest.fixture
def person(transactional_db):
    """An analyst of two tenants, each with an alert that knows the same address."""
    acme, globex = factories.make_tenant("acme"), factories.make_tenant("globex")
    person = acme.people["analyst"]
    for cast in (acme, globex):
        with tenancy.tenant_scope(cast.tenant.pk), transaction.atomic():
            title = f"Beacon at {cast.tenant.name}"
            alert_in(cast, title=title, severity="critical", indicators=[BEACON])
    with tenancy.tenant_scope(globex.tenant.pk), transaction.atomic():
        factories.join(person, "analyst")
    return person


def test_what_waits_is_read_over_all_tenants_and_acted_on_in_one(desk, person):
    page = desk.page
    desk.sign_in(person)
    page.get_by_role("link", name="Tenants", exact=True).click()
    page.get_by_role("button", name="Beacon at Globex").wait_for()
    rows = page.locator("table.across tbody tr")
    assert rows.count() == 2
    assert "2 tenants" in rows.first.inner_text()
    assert page.locator("table.across input[type=checkbox]").count() == 0
    desk.sound()

    page.get_by_role("button", name="Beacon at Globex").click()
    page.get_by_text("You work in Globex now.").wait_for()
    page.get_by_role("heading", name="Beacon at Globex").wait_for()
    desk.sound()
    page.goto(f"{desk.base}/admin/soc/alert/")
    page.get_by_role("link", name="Beacon at Globex").wait_for()
    assert page.get_by_role("link", name="Beacon at Acme").count() == 0

    page.get_by_label("Tenant", exact=True).select_option(label="Acme")
    page.get_by_text("You work in Acme now.").wait_for()
    desk.sound()
