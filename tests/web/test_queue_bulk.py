"""Many alerts decided on at once, and all of it taken back."""

import re

import pytest

from core import tenancy
from core.models import AuditEvent
from soc.models import Alert, Investigation
from soc.services import alerts, links
from tests.soc.factories import alert_in, case_in
from tests.web.test_desk import QUEUE


def test_many_are_closed_and_given_away_in_one_decision_and_all_of_it_is_taken_back(
    desk, acme, clocked
):
    me = acme.people["tenant_admin"]
    ids = [row.shown_id for row in clocked]
    body = {"verb": "close", "ids": ids, "assignee": "me", "note": "noise"}
    body |= {"close_classification": "Undetermined"}

    closed = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()
    with tenancy.tenant_scope(acme.tenant.pk):
        after = set(Alert.objects.values_list("status", "assignee_id"))
    undone = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert "4 of 4 closed." in closed
    assert "Undo 4 alerts" in closed
    assert after == {("closed", me.pk)}
    assert "Undone: 4 of 4 as they were." in undone
    with tenancy.tenant_scope(acme.tenant.pk):
        assert set(Alert.objects.values_list("status", "assignee_id")) == {("open", None)}
        trail = AuditEvent.objects.filter(object_id__in=[row.pk for row in clocked])
        told = trail.exclude(verb="alert.create").values_list("verb", "correlation_id")
        assert {verb for verb, _ in told} >= {"alert.close", "alert.assign", "alert.undo"}
        assert len({each for verb, each in told if "sla" not in verb}) == 1


def test_the_whole_view_is_decided_on_by_its_filters_and_taken_back(
    desk, acme, clocked, monkeypatch
):
    monkeypatch.setattr("soc.admin.queue.PAGE", 1)
    page = desk.get(f"{QUEUE}?severity=high,critical,low").content.decode()
    url = re.search(r'data-whole="([^"]*)"', page)[1].replace("&amp;", "&")
    fields = dict(re.findall(r'<input type="hidden" name="(in|since)" value="([^"]*)"', page))
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, title="came later", severity="high")

    matching = desk.get(url).json()
    body = {"verb": "close", "whole": "yes", "close_classification": "Undetermined", **fields}
    told = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()
    with tenancy.tenant_scope(acme.tenant.pk):
        closed = set(Alert.objects.filter(status="closed").values_list("title", flat=True))
    undone = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert matching == {"count": 3, "is_cut": False}
    assert "3 of 3 closed." in told
    assert closed == {"hour", "quarter", "old without"}
    assert "Undone: 3 of 3 as they were." in undone


def test_a_whole_view_beyond_the_bound_is_cut_and_told(desk, clocked, monkeypatch):
    monkeypatch.setattr("soc.admin.queue_bulk.MAX_BULK", 2)

    matching = desk.get(f"{QUEUE}matching/?status=open").json()
    body = {"verb": "acknowledge", "whole": "yes", "in": "status=open"}
    told = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()

    assert matching == {"count": 2, "is_cut": True}
    assert "This view holds more than 2 alerts. The first 2 were taken." in told
    assert "2 of 2 acknowledged." in told
    assert desk.get(f"{QUEUE}matching/?clock=slow").status_code == 400


@pytest.mark.parametrize(("together", "cases"), [("yes", 1), ("", 3)])
def test_many_are_escalated_into_one_investigation_or_one_each(desk, acme, together, cases):
    with tenancy.tenant_scope(acme.tenant.pk):
        rows = [alert_in(acme, title=f"Alert {number}") for number in range(3)]
    body = {"verb": "escalate", "ids": [row.shown_id for row in rows], "together": together}

    told = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()

    assert "3 of 3 escalated." in told
    with tenancy.tenant_scope(acme.tenant.pk):
        found = list(Investigation.objects.all())
        assert len(found) == cases
        assert len({each.escalated_to_incident_id for each in found}) == cases
        held = links.current_alerts([each.pk for each in found])
        assert sum(len(pks) for pks in held.values()) == 3


def test_an_alert_with_an_open_investigation_stays_there_when_all_go_into_one(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        first, held = alert_in(acme, title="first"), alert_in(acme, title="held")
        case = case_in(acme, alert_ids=[held.pk])
    body = {"verb": "escalate", "ids": [first.shown_id, held.shown_id], "together": "yes"}

    desk.post(f"{QUEUE}bulk/", body)

    with tenancy.tenant_scope(acme.tenant.pk):
        now = links.current_investigations([first.pk, held.pk])
        assert now[held.pk] == case != now[first.pk]


def test_what_somebody_else_took_is_left_and_told(desk, acme, clocked):
    first, second = clocked[:2]
    with tenancy.tenant_scope(acme.tenant.pk):
        taker = acme.actor("responder")
        alerts.assign(first, actor=taker, assignee_id=taker.person_id)
    seen = [f"{row.shown_id}|open|" for row in (first, second)]
    body = {"verb": "acknowledge", "ids": [first.shown_id, second.shown_id], "seen": seen}

    page = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()

    assert f"1 of 2 acknowledged. 1 was taken by {taker.name}." in page


def test_undoing_an_escalation_says_where_the_alerts_still_are(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        rows = [alert_in(acme, title=f"one of {number}") for number in range(3)]
    many = {"verb": "escalate", "ids": [row.shown_id for row in rows[:2]], "together": "yes"}
    desk.post(f"{QUEUE}bulk/", many)
    desk.post(f"{QUEUE}{rows[2].shown_id}/move/escalate/", {})

    one = desk.post(f"{QUEUE}{rows[2].shown_id}/undo/", follow=True).content.decode()
    all_ = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    for page in (one, all_):
        assert len(re.findall(r"Still in INV-[\d-]+ one of \d\. If that should not be", page)) == 1
    with tenancy.tenant_scope(acme.tenant.pk):
        assert set(Alert.objects.values_list("status", flat=True)) == {"open"}


def test_an_undo_leaves_what_somebody_else_has_changed_since(desk, acme, clocked):
    first, second = clocked[:2]
    ids = [first.shown_id, second.shown_id]
    desk.post(f"{QUEUE}bulk/", {"verb": "assign", "ids": ids, "assignee": "me"})
    with tenancy.tenant_scope(acme.tenant.pk):
        alerts.assign(first, actor=acme.actor("responder"), assignee_id=None)

    page = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert "Undone: 1 of 2 as they were." in page
    assert "Somebody else changed this since." in page
    again = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()
    assert "There is nothing to undo any more." in again


def test_an_undo_leaves_what_one_has_moved_on_oneself(desk, acme, clocked):
    """It would take back the closing, and say that the alert is as it was before the bulk move."""
    first, second = clocked[:2]
    desk.post(f"{QUEUE}bulk/", {"verb": "acknowledge", "ids": [first.shown_id, second.shown_id]})
    closing = {"close_classification": "Undetermined", "note": "seen"}
    desk.post(f"{QUEUE}{first.shown_id}/move/close/", closing)

    page = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert "Undone: 1 of 2 as they were." in page
    assert "You changed this again since." in page
    with tenancy.tenant_scope(acme.tenant.pk):
        kept = dict(Alert.objects.values_list("pk", "status"))
        assert (kept[first.pk], kept[second.pk]) == ("closed", "open")


def test_an_undo_speaks_only_of_cases_of_what_it_undid(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        rows = [alert_in(acme, title=title) for title in ("mine", "changed since")]
    desk.post(f"{QUEUE}bulk/", {"verb": "escalate", "ids": [row.shown_id for row in rows]})
    with tenancy.tenant_scope(acme.tenant.pk):
        taker = acme.actor("responder")
        row = Alert.objects.get(pk=rows[1].pk)
        alerts.assign(row, actor=taker, assignee_id=taker.person_id)

    page = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert "Undone: 1 of 2 as they were." in page
    assert re.findall(r"Still in INV-[\d-]+ (.+?)\. If", page) == ["mine"]


def test_an_undo_names_three_cases_and_counts_the_others(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        rows = [alert_in(acme, title=f"n{number}") for number in range(5)]
    desk.post(f"{QUEUE}bulk/", {"verb": "escalate", "ids": [row.shown_id for row in rows]})

    page = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert re.search(r"Still in (INV-[\d-]+ n\d(, )?){3} and 2 more\. If", page)
