"""Investigations in a real browser: worked through, merged and undone, closed with a report."""

import pytest
from django.db import transaction

from core import tenancy
from soc.models import Investigation
from soc.services import relations
from tests.soc.factories import alert_in, case_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEACON = {"type": "ip", "value": "203.0.113.66"}


@pytest.fixture
def cases(acme):
    """Two open investigations whose alerts share a host and an address, and an alert in none."""
    with tenancy.tenant_scope(acme.tenant.pk):
        one, other, loose = (
            alert_in(
                acme,
                title=title,
                severity="high",
                host={"hostname": "ws-0417"},
                user={"name": "e.maddox"},
                indicators=[BEACON],
            )
            for title in ("Beacon every minute", "Memory of lsass read", "Archive before upload")
        )
        found = [
            case_in(acme, "in_progress", title="Credential theft", alert_ids=[one.pk]),
            case_in(acme, "in_progress", title="Beacon to a rare address", alert_ids=[other.pk]),
        ]
        relations.relate(
            [(one.pk, other.pk)],
            kind="correlated",
            reason="the same host ws-0417",
            actor=acme.actor(),
        )
        return [*found, loose]


def open_case(desk, case):
    desk.page.goto(f"{desk.base}/admin/soc/investigation/{case.shown_id}/change/")


def test_an_investigation_is_worked_on_at_its_desk(desk, acme, cases):
    case, _, loose = cases
    page = desk.page
    desk.sign_in(acme.people["responder"])
    page.get_by_role("link", name="Investigate", exact=True).click()
    page.get_by_role("link", name="Credential theft").click()
    page.get_by_role("heading", name="What shares what").wait_for()
    assert "203.0.113.66" in page.locator(".entities").text_content()
    page.get_by_text("As a table").click()
    assert "ws-0417" in page.locator(".as-table").inner_text()
    desk.sound()

    page.locator('[data-dialog="take-in"]').click()
    page.get_by_label("Ids of alerts").fill(loose.shown_id)
    page.keyboard.press("Control+Enter")
    page.get_by_text("Alerts added.").wait_for()
    assert page.locator("#alerts tbody tr").count() == 2

    page.keyboard.press("n")
    page.get_by_role("dialog").get_by_label("What happened").fill("The user left the desk")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Event added.").wait_for()
    assert "The user left the desk" in page.locator("#timeline").inner_text()

    page.locator('[data-dialog="new-task"]').click()
    page.get_by_role("dialog").get_by_label("Title").fill("Image the memory of ws-0417")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Task added.").wait_for()
    page.locator('[data-dialog="new-finding"]').click()
    page.get_by_role("dialog").get_by_label("Title").fill("lsass-handle-trace.etl")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="lsass-handle-trace.etl").wait_for()
    desk.sound()
    open_case(desk, case)
    assert "lsass-handle-trace.etl" in page.locator("#evidence").inner_text()
    page.get_by_placeholder("Write a comment").fill("Both addresses are blocked.")
    page.get_by_role("button", name="Comment", exact=True).click()
    page.locator("#comments p", has_text="Both addresses are blocked.").wait_for()
    desk.sound()


def test_two_investigations_are_merged_and_it_is_undone(desk, acme, cases):
    case, other, _ = cases
    page = desk.page
    desk.sign_in(acme.people["responder"])
    open_case(desk, case)
    offer = page.locator(".offer")
    assert other.investigation_number in offer.inner_text()
    assert "the same host ws-0417" in offer.inner_text()

    page.locator('[data-dialog="merge"]').click()
    page.locator(f'select[name=source_ids] option[value="{other.shown_id}"]').wait_for(
        state="attached"
    )
    page.locator("select[name=source_ids]").select_option(other.shown_id)
    page.keyboard.press("Control+Enter")
    page.get_by_text("Merged. It can be undone here").wait_for()
    assert page.locator("#alerts tbody tr").count() == 2
    desk.sound()

    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_text("Undone: every row is as before the merge.").wait_for()
    assert page.locator("#alerts tbody tr").count() == 1
    with tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
        assert Investigation.objects.get(pk=other.pk).status == "in_progress"
    desk.sound()


def test_an_investigation_is_closed_with_its_alerts_and_its_report_read(desk, acme, cases):
    case = cases[0]
    page = desk.page
    desk.sign_in(acme.people["responder"])
    open_case(desk, case)

    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    assert "Still open: alerts 1" in dialog.inner_text()
    for box in dialog.get_by_role("checkbox").all():
        box.check()
    dialog.get_by_label("Reason").fill("Contained on one laptop")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Investigation closed.").wait_for()
    desk.sound()

    page.get_by_role("link", name="Report", exact=True).click()
    page.get_by_role("heading", name="Credential theft").wait_for()
    assert "Contained on one laptop" in page.locator("body").inner_text()
    desk.sound()
