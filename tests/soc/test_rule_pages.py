"""The pages of detection rules, and the rule on the page of an alert."""

import pytest
from django.test import Client

from soc.models import DetectionRule
from soc.services import alerts
from tests.soc.factories import alert_in, within

RULES = "/admin/soc/detectionrule/"


@pytest.fixture
def browser(acme):
    client = Client()
    client.force_login(acme.people["manager"], backend="core.permissions.PersonBackend")
    return client


@pytest.fixture
def fired(acme):
    """An alert of a rule that was a false positive."""

    def make():
        alert = alert_in(acme, source_name="edr", rule_key="r-1", rule_name="Beaconing")
        given = {"close_classification": "False Positive - Inaccurate Data"}
        return alerts.perform(alert, "close", actor=acme.actor(), **given)

    return within(acme, make)


def test_the_list_is_a_table_of_quality(browser, fired):
    page = browser.get(RULES).content.decode()

    assert "Beaconing" in page
    assert "100 %" in page
    assert "1 false positive: inaccurate data" in page


def test_a_rule_that_never_fired_shows_dashes(browser, acme):
    browser.post(f"{RULES}add/", {"name": "Quiet", "source_name": "edr"})

    page = browser.get(RULES).content.decode()
    assert "Quiet" in page
    assert "–" in page


def test_the_page_of_a_rule_has_its_quality_and_leads_to_its_alerts(browser, acme, fired):
    rule = within(acme, DetectionRule.objects.get)

    page = browser.get(f"{RULES}{rule.shown_id}/change/").content.decode()

    assert "100 % of 1 closed alert was a false positive." in page
    assert f"?detection_rule_id={rule.shown_id}" in page
    assert "inaccurate data" in page


def test_a_stub_is_filled_in_with_the_dialog(browser, acme, fired):
    rule = within(acme, DetectionRule.objects.get)
    given = {"version": rule.version, "severity": "high", "mitre_techniques": "t1071"}

    browser.post(f"{RULES}{rule.shown_id}/edit/", given)

    changed = within(acme, DetectionRule.objects.get)
    assert (changed.severity, changed.mitre_techniques) == ("high", ["T1071"])
    assert not changed.is_stub


def test_the_page_of_an_alert_says_how_good_its_rule_is(browser, acme, fired):
    rule = within(acme, DetectionRule.objects.get)

    page = browser.get(f"/admin/soc/alert/{fired.shown_id}/change/").content.decode()

    assert f"{RULES}{rule.shown_id}/change/" in page
    assert "100 % of 1 closed alert was a false positive." in page


def test_an_alert_without_a_rule_names_none(browser, acme):
    alert = within(acme, lambda: alert_in(acme))

    page = browser.get(f"/admin/soc/alert/{alert.shown_id}/change/").content.decode()

    assert RULES not in page
