"""Clocks, definitions and calendars over REST, the seed fields of the investigation, the pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import ids, tenancy
from soc.models import SLAClock
from soc.services import clocks
from tests import factories
from tests.sla.factories import CALENDARS, DEFINITIONS
from tests.soc.factories import ALERTS, CASES, made

CONTAIN = {"applies_to": "investigation", "levels": ["high"], "contain_minutes": 60}


@pytest.fixture
def sla(manager):
    return written(manager, DEFINITIONS, name="Cases", is_active=True, **CONTAIN)


def written(client, url, **values):
    answer = client.post(url, values)
    assert answer.status_code == 201, answer.content
    return answer.json()


def started(cast, *rows):
    with tenancy.tenant_scope(cast.tenant.pk):
        pks = [ids.read("alr", row["id"]) for row in rows]
        clocks.refresh("alert", pks, actor=cast.actor())


@pytest.mark.parametrize("url", [DEFINITIONS, CALENDARS])
def test_an_empty_body_makes_one_that_reads_back(manager, url):
    row = written(manager, url)

    assert manager.get(f"{url}/{row['id']}").json() == row
    assert [each["id"] for each in manager.get(url).json()["results"]] == [row["id"]]


@pytest.mark.parametrize("url", [DEFINITIONS, CALENDARS])
def test_one_is_changed_deleted_and_restored_with_a_history(manager, url):
    row = f"{url}/{written(manager, url)['id']}"

    manager.patch(row, {"name": "Another", "note": "because"})
    manager.delete(row)
    back = manager.post(f"{row}/restore", {})

    verbs = [
        entry["verb"].split(".")[1] for entry in manager.get(f"{row}/history").json()["results"]
    ]
    assert (back.status_code, back.json()["name"]) == (200, "Another")
    assert verbs == ["restore", "delete", "update", "create"]


@pytest.mark.parametrize("url", [DEFINITIONS, CALENDARS])
def test_an_analyst_reads_and_does_not_write(acme, manager, url):
    row = written(manager, url)
    analyst = factories.client_for(acme, "analyst")

    assert analyst.get(f"{url}/{row['id']}").status_code == 200
    assert analyst.post(url, {}).status_code == 403
    assert analyst.patch(f"{url}/{row['id']}", {}).status_code == 403


def test_a_calendar_of_another_tenant_is_refused_like_an_unknown_one(manager, globex):
    theirs = written(factories.client_for(globex), CALENDARS)

    answer = manager.post(DEFINITIONS, {"calendar_id": theirs["id"]})

    assert (answer.status_code, theirs["id"] in answer.json()["detail"]) == (400, True)


def test_the_clocks_of_an_alert_say_what_they_count(acme, manager):
    written(manager, DEFINITIONS, levels=["critical"], acknowledge_minutes=15, is_active=True)
    alert = made(manager, severity="critical")
    started(acme, alert)

    (clock,) = manager.get(f"{ALERTS}/{alert['id']}/clocks").json()["results"]

    assert (clock["kind"], clock["state"], clock["minutes"]) == ("acknowledge", "running", 15)
    assert clock["explanation"].startswith("15 minutes from ")


def test_alerts_are_found_by_their_clocks(acme, manager):
    written(manager, DEFINITIONS, levels=["critical"], acknowledge_minutes=15, is_active=True)
    alert, other = made(manager, severity="critical"), made(manager, severity="low")
    started(acme, alert, other)

    def found(**params):
        return [row["id"] for row in manager.get(ALERTS, params).json()["results"]]

    now = timezone.now()
    assert found(sla="running") == [alert["id"]] == found(sla="breached,running")
    assert found(sla="at_risk") == [] == found(sla="breached")
    assert found(due_before=(now + timedelta(hours=1)).isoformat()) == [alert["id"]]
    assert found(due_before=now.isoformat()) == []
    assert manager.get(ALERTS, {"sla": "soon"}).status_code == 400


@pytest.mark.parametrize(
    ("after", "before", "is_found"),
    [(-1, 1, True), (-2, -1, False), (1, 2, False), (None, 1, True), (-1, None, True)],
)
def test_alerts_are_found_by_when_a_clock_that_was_late_was_due(
    acme, manager, after, before, is_found
):
    written(manager, DEFINITIONS, levels=["critical"], acknowledge_minutes=15, is_active=True)
    alert = made(manager, severity="critical")
    started(acme, alert)
    with tenancy.tenant_scope(acme.tenant.pk):
        due = timezone.now() - timedelta(days=3)
        SLAClock.objects.update(state="breached", due_at=due, breached_at=due)
    ends = {"breached_after": after, "breached_before": before}
    params = {n: (due + timedelta(days=d)).isoformat() for n, d in ends.items() if d is not None}

    found = manager.get(ALERTS, params).json()["results"]

    assert [row["id"] for row in found] == ([alert["id"]] if is_found else [])


def test_an_investigation_names_the_definition_that_governs_it(manager, sla):
    urgent = written(manager, CASES, priority="high")
    plain = written(manager, CASES)

    assert (urgent["sla_definition_id"], plain["sla_definition_id"]) == (sla["id"], None)
    assert plain["sla_tracker"] is None


def test_the_tracker_holds_its_clocks(manager, sla):
    case = written(manager, CASES, priority="high")

    tracker = manager.get(f"{CASES}/{case['id']}").json()["sla_tracker"]

    (clock,) = tracker["clocks"]
    assert tracker["definition_id"] == sla["id"]
    assert (clock["kind"], clock["state"], clock["stopped_at"]) == ("contain", "running", None)
    assert clock["remaining_minutes"] in (59, 60)
    assert manager.get(f"{CASES}/{case['id']}/clocks").json()["results"][0]["kind"] == "contain"


def test_a_definition_is_chosen_and_left_to_the_priority_again(manager, sla):
    case = written(manager, CASES, sla_definition_id=sla["id"])

    back = manager.patch(f"{CASES}/{case['id']}", {"sla_definition_id": None}).json()

    assert (case["sla_definition_id"], back["sla_definition_id"]) == (sla["id"], None)
    assert back["sla_tracker"]["clocks"][0]["state"] == "cancelled"


def test_a_definition_of_alerts_or_of_another_tenant_is_refused(manager, globex):
    of_alerts = written(manager, DEFINITIONS)
    theirs = written(factories.client_for(globex), DEFINITIONS, **CONTAIN)

    for row in (of_alerts, theirs):
        answer = manager.post(CASES, {"sla_definition_id": row["id"]})
        assert (answer.status_code, "sla_definition_id" in answer.content.decode()) == (400, True)


def test_investigations_are_found_by_what_governs_them(manager, sla):
    urgent, plain = written(manager, CASES, priority="high"), written(manager, CASES)
    chosen = written(manager, CASES, sla_definition_id=sla["id"])

    def found(value):
        rows = manager.get(CASES, {"sla_definition_id": value}).json()["results"]
        return {row["id"] for row in rows}

    assert found(sla["id"]) == {urgent["id"], chosen["id"]}
    assert found("none") == {plain["id"]}


def test_lists_cost_as_many_queries_for_twenty_as_for_two(acme, manager, sla):
    written(manager, DEFINITIONS, levels=["critical"], acknowledge_minutes=15, is_active=True)
    desk = Client()
    desk.force_login(acme.people["manager"])
    urls = [(manager, CASES), (manager, DEFINITIONS), (desk, "/admin/soc/alert/")]

    def cost():
        counts = []
        for client, url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.append(len(captured))
        return counts

    def more(count):
        for _ in range(count):
            written(manager, CASES, priority="high")
            written(manager, DEFINITIONS, name=f"SLA {timezone.now()}")
        started(acme, *[made(manager, severity="critical") for _ in range(count)])

    more(2)
    few = cost()
    more(18)

    assert cost() == few


def test_the_pages_show_clocks(acme, manager, sla):
    written(manager, DEFINITIONS, levels=["critical"], acknowledge_minutes=15, is_active=True)
    alert, case = made(manager, severity="critical"), written(manager, CASES, priority="high")
    started(acme, alert)
    desk = Client()
    desk.force_login(acme.people["manager"])

    pages = {
        "/admin/soc/alert/": "clock-running",
        f"/admin/soc/alert/{alert['id']}/change/": "To acknowledge",
        f"/admin/soc/investigation/{case['id']}/change/": "60 minutes from",
        "/admin/soc/sladefinition/": "Cases",
        f"/admin/soc/sladefinition/{sla['id']}/change/": "Minutes to contain",
        "/admin/soc/businesscalendar/": "No calendars yet",
        "/admin/library/": "Business calendars",
    }
    for url, word in pages.items():
        assert word in desk.get(url).content.decode(), url
    manager.post(f"{CASES}/{case['id']}/start", {})
    manager.post(f"{CASES}/{case['id']}/hold", {"pause_reason": "the supplier"})
    manager.post(f"{CASES}/{case['id']}/close", {"closure_reason": "done"})
    ended = desk.get(f"/admin/soc/investigation/{case['id']}/change/").content.decode()
    assert "clock-met" in ended


def test_a_definition_is_written_in_the_desk(acme):
    desk = Client()
    desk.force_login(acme.people["manager"])

    desk.post("/admin/soc/businesscalendar/add/", {"name": "Office", "holidays": "2026-12-25"})
    made_one = desk.post(
        "/admin/soc/sladefinition/add/",
        {"name": "Urgent", "applies_to": "alert", "levels": "critical, high"},
        follow=True,
    ).content.decode()

    assert "Urgent" in made_one
    assert "critical" in made_one
