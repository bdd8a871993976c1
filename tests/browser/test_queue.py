"""The queue in a real browser: a whole view decided on, its columns, many alerts into one case."""

import pytest

from soc.models import Investigation
from soc.services import queue_columns
from tests import factories
from tests.browser.counting import Journey
from tests.browser.test_triage import inside, statuses, to_the_queue
from tests.soc.factories import alert_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(transactional_db):
    """More alerts than a page shows."""
    cast = factories.make_tenant("acme")
    with inside(cast):
        for number in range(55):
            values = {"severity": "critical", "category": "phishing", "user": "svc-backup-prod"}
            alert_in(cast, title=f"Beacon to a new domain {number}", host="srv-0417", **values)
    return cast


@pytest.fixture
def queue(desk, acme):
    desk.sign_in(acme.people["responder"])
    desk.page.goto(f"{desk.base}/admin/soc/alert/?severity=critical")
    return desk


def test_all_of_a_view_is_acknowledged_and_undone(queue, acme):
    page = queue.page
    whole = page.get_by_role("button", name="Select all in this view")

    page.get_by_label("Select all on this page").check()
    whole.click()
    page.get_by_text("all of this view").wait_for()
    queue.sound()
    page.get_by_role("button", name="Acknowledge a").click()
    page.get_by_text("55 of 55 acknowledged.").wait_for()
    done = statuses(acme)
    page.get_by_role("button", name="Undo 55 alerts").click()
    page.get_by_text("Undone: 55 of 55 as they were.").wait_for()

    assert done == ["acknowledged"] * 55
    assert statuses(acme) == ["open"] * 55


def test_one_box_less_is_no_whole_view_any_more(queue):
    page = queue.page
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Select all in this view").click()
    page.get_by_text("all of this view").wait_for()

    page.locator("tr[data-row] [name=ids]").first.uncheck()

    assert page.locator(".tool-bulk b").inner_text() == "49 selected"
    assert page.locator("[data-whole-told]").inner_text() == ""


def test_three_are_escalated_into_one_investigation(queue, acme):
    page = queue.page
    for place in range(3):
        page.locator("tr[data-row] [name=ids]").nth(place).check()

    page.get_by_role("button", name="Escalate… e").click()
    page.get_by_label("One investigation for all").check()
    page.get_by_text("They go into one investigation.").wait_for()
    queue.sound()
    page.get_by_role("button", name="Escalate 3 alerts").click()
    page.get_by_text("3 of 3 escalated.").wait_for()

    with inside(acme):
        assert Investigation.objects.count() == 1


def test_the_widest_columns_fit_a_screen_of_1366(desk, acme):
    widest = [each for each in queue_columns.COLUMNS if each not in ("age", "rule")]
    desk.sign_in(acme.people["analyst"])
    to_the_queue(desk, Journey(desk.page, "to the queue"))
    page = desk.page

    page.get_by_role("button", name="Columns…").click()
    desk.sound()
    for name in ("age", "rule"):
        page.locator(f"#columns [value={name}]").uncheck()
    for name in ("category", "malice"):
        page.locator(f"#columns [value={name}]").check()
    page.get_by_role("button", name="Show these").click()
    page.get_by_text("The queue shows these columns from now on.").wait_for()

    desk.sound()
    assert page.locator("thead th:not(.check)").count() == 1 + len(widest)
    assert page.locator("td.title").first.bounding_box()["width"] >= 100
