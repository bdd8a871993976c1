"""One's own clock, look and keys, on the desk only."""

import re
from datetime import UTC, datetime

import pytest

from core import tenancy
from core.models import AuditEvent, Person
from core.services import preferences
from soc.services import queue_columns
from tests.soc.factories import alert_in
from tests.web.test_desk import signed_in

URL = "/admin/preferences/"
AT = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)


@pytest.fixture
def desk(acme):
    return signed_in(acme, "analyst")


def head_of(page):
    return re.search(r"<html[^>]*>", page.content.decode())[0]


def test_pages_read_by_the_persons_clock_and_the_api_by_utc(acme, desk, api):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert = alert_in(acme, occurred_at=AT.isoformat())
    desk.post(URL, {"time_zone": "Asia/Tokyo"})

    page = desk.get(f"/admin/soc/alert/{alert.shown_id}/change/").content.decode()

    assert "2026-01-16T08:30:00+09:00" in page
    assert "JST" in page
    told = api.get(f"/api/v1/soc/alerts/{alert.shown_id}").json()["occurred_at"]
    assert told.startswith("2026-01-15T23:30:00")


def test_theme_density_and_keys_are_on_the_page_when_it_comes(desk):
    desk.post(URL, {"theme": "dark", "density": "compact", "keys": "off"})

    head = head_of(desk.get("/admin/"))

    assert 'class="density-compact dark"' in head
    assert 'data-theme="dark"' in head
    assert 'data-keys="off"' in head


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "Europe/Vilnius\x00"},
        {"theme": "pink"},
        {"density": ""},
        {},
    ],
)
def test_what_is_no_preference_is_refused_and_changes_nothing(acme, desk, body):
    answer = desk.post(URL, body, follow=True)

    person = Person.objects.get(pk=acme.people["analyst"].pk)
    assert b'class="message error"' in answer.content
    assert (person.time_zone, person.theme, person.density) == ("UTC", "system", "normal")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_changing_the_theme_never_leads_away(desk, target):
    assert desk.post(URL, {"theme": "dark", "next": target})["Location"] == URL


def test_the_change_is_told_in_the_audit(acme, desk):
    desk.post(URL, {"theme": "light"})

    with tenancy.tenant_scope(acme.tenant.pk):
        event = AuditEvent.objects.get(verb="person.change_preferences")
    assert event.details == {"before": {"theme": "system"}, "after": {"theme": "light"}}


def test_a_zone_that_was_dropped_since_is_read_as_utc(acme):
    person = Person(time_zone="Europe/Atlantis")

    assert preferences.zone_of(person).key == "UTC"


def test_nobody_sets_the_preferences_of_another(acme):
    with tenancy.tenant_scope(acme.tenant.pk), pytest.raises(preferences.BadInput):
        preferences.change(
            acme.people["viewer"], {"theme": "dark"}, actor=acme.actor("tenant_admin")
        )


def heads(page):
    return re.findall(r"<th[^>]*>([^<]+)</th>", page.content.decode().partition("<tbody>")[0])


def test_the_queue_shows_the_columns_that_a_person_chose_and_the_usual_ones_again(acme, desk):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, category="phishing")
    usual = heads(desk.get("/admin/soc/alert/"))

    desk.post("/admin/soc/alert/columns/", {"columns": ["category", "severity", "status"]})
    chosen = desk.get("/admin/soc/alert/")
    of_another = heads(signed_in(acme, "responder").get("/admin/soc/alert/"))
    desk.post("/admin/soc/alert/columns/", {"usual": ""})

    assert heads(chosen) == ["Severity", "Alert", "Category", "Status"]
    assert "<td>Phishing</td>" in chosen.content.decode()
    assert usual == of_another == heads(desk.get("/admin/soc/alert/"))
    assert len(usual) == 1 + len(queue_columns.USUAL)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (list(queue_columns.COLUMNS), "Let go of 2."),
        (["password"], "Use some of: severity"),
    ],
)
def test_columns_that_would_not_fit_or_are_none_are_refused(acme, desk, columns, told):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme)
    usual = heads(desk.get("/admin/soc/alert/"))

    page = desk.post("/admin/soc/alert/columns/", {"columns": columns}, follow=True)

    assert told in page.content.decode()
    assert heads(page) == usual
