"""The queue over all tenants of one's own: read only, and nothing of anybody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.models import Membership
from core.services import people
from soc.models import Alert
from soc.querysets import OPEN_ALERTS
from tests import factories
from tests.soc.factories import WAY, alert_in
from tests.web.test_desk import signed_in

PAGE = "/admin/tenants/"
BEACON = {"type": "ip", "value": "203.0.113.66"}


@pytest.fixture
def casts(db):
    """Three tenants with an alert each; the analyst of the first works in the second too."""
    found = {slug: factories.make_tenant(slug) for slug in ("acme", "globex", "initech")}
    person = found["acme"].people["analyst"]
    with tenancy.tenant_scope(found["globex"].tenant.pk):
        factories.join(person, "viewer")
    for slug, cast in found.items():
        with tenancy.tenant_scope(cast.tenant.pk):
            alert_in(cast, title=f"Beacon at {slug}", severity="high", indicators=[BEACON])
    return found


def page_of(casts, path=PAGE):
    return signed_in(casts["acme"], "analyst").get(path)


def test_it_shows_ones_own_tenants_and_no_other(casts):
    page = page_of(casts).content.decode()

    for slug, shown in (("acme", True), ("globex", True), ("initech", False)):
        assert (f"Beacon at {slug}" in page) is shown, slug
    assert "2 tenants" in page  # of three that know the address, the third is not ours
    assert 'type="checkbox"' not in page


@pytest.mark.parametrize("out", ["membership", "tenant"])
def test_a_place_that_ended_is_gone_at_once(casts, out):
    globex = casts["globex"]
    with tenancy.tenant_scope(globex.tenant.pk):
        if out == "tenant":
            globex.tenant.is_active = False
            globex.tenant.save()
        else:
            row = Membership.objects.get(person=casts["acme"].people["analyst"])
            people.deactivate(row, actor=globex.actor("tenant_admin"))

    answer = page_of(casts)

    assert answer.status_code == 302  # one tenant is left, which has its own queue


def test_opening_an_alert_switches_to_its_tenant(casts):
    client = signed_in(casts["acme"], "analyst")
    globex = casts["globex"]
    with tenancy.tenant_scope(globex.tenant.pk):
        alert = Alert.objects.get()
    url = f"/admin/soc/alert/{alert.shown_id}/change/"
    assert client.get(url).status_code == 404

    body = {"tenant": str(globex.tenant.pk), "next": url}
    page = client.post("/admin/tenant/", body, follow=True)

    assert "Beacon at globex" in page.content.decode()
    assert "You work in Globex now." in page.content.decode()


def test_the_tenant_of_the_session_stays(casts):
    client = signed_in(casts["acme"], "analyst")
    client.get(PAGE)

    page = client.get("/admin/soc/alert/").content.decode()

    assert "Beacon at acme" in page
    assert "Beacon at globex" not in page


def test_it_takes_as_many_queries_for_20_alerts_as_for_2(casts):
    counts = []
    for many in (1, 20):
        for slug in ("acme", "globex"):
            with tenancy.tenant_scope(casts[slug].tenant.pk):
                for number in range(many):
                    alert_in(casts[slug], title=f"Alert {number}", indicators=[BEACON])
        page_of(casts)
        with CaptureQueriesContext(connection) as captured:
            page_of(casts)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_it_takes_as_many_queries_for_five_tenants_as_for_two(casts):
    counts = []
    for more in ((), ("umbrella", "hooli", "stark")):
        for slug in more:
            cast = factories.make_tenant(slug)
            with tenancy.tenant_scope(cast.tenant.pk):
                factories.join(casts["acme"].people["analyst"], "viewer")
                alert_in(cast, title=f"Beacon at {slug}", indicators=[BEACON])
        client = signed_in(casts["acme"], "analyst")
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(PAGE)
        counts.append(sum("SAVEPOINT" not in each["sql"] for each in captured))
    assert "5 tenants" in page.content.decode()
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize("status", WAY)
def test_it_shows_what_waits_and_nothing_else(casts, status):
    with tenancy.tenant_scope(casts["globex"].tenant.pk):
        alert_in(casts["globex"], status, title="Moved on")

    page = page_of(casts)

    assert ("Moved on" in page.content.decode()) is (status in OPEN_ALERTS)
    waiting = {each["place"].slug: each["waiting"] for each in page.context["tenants"]}
    assert waiting["globex"] == 1 + (status in OPEN_ALERTS)


def test_tenants_are_found_by_a_part_of_their_names(casts):
    found = page_of(casts, f"{PAGE}?tenant=GLOB")
    nothing = page_of(casts, f"{PAGE}?tenant=%3Cb%3Einitech&show=late").content.decode()

    assert [each["place"].slug for each in found.context["tenants"]] == ["globex"]
    assert "Beacon at acme" not in found.content.decode()
    assert [row["shared_by"] for row in found.context["rows"]] == [2]  # of all that are one's own
    assert "None of your tenants is called so." in nothing
    assert "<b>initech" not in nothing


def test_of_many_tenants_the_urgent_have_cards_and_the_rest_is_found_by_name(casts, monkeypatch):
    monkeypatch.setattr("socplatform.tenants_page.MOST_CARDS", 1)
    many = page_of(casts)
    monkeypatch.setattr("soc.services.across.MOST_TENANTS", 1)
    more = page_of(casts)

    assert "The 1 most urgent of 2 tenants have a card" in many.content.decode()
    assert "Beacon at globex" in many.content.decode()
    assert "1 more of your tenants are not read here." in more.content.decode()
    assert "Beacon at globex" in page_of(casts, f"{PAGE}?tenant=globex").content.decode()
