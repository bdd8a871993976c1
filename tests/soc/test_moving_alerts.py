"""Alerts moved into and out of investigations, one at a time, many at once."""

import pytest

from core.errors import Conflict, ScopeMissing
from soc.models import InvestigationAlert
from soc.services import investigations, links
from tests import factories
from tests.soc.factories import CASES, alert_in, case_in


def held(case):
    return set(links.current_alerts([case.pk]).get(case.pk, []))


def test_alerts_are_added_and_removed_over_rest_with_a_note(api, in_acme):
    one, two = alert_in(in_acme), alert_in(in_acme)
    url = f"{CASES}/{case_in(in_acme).shown_id}"

    added = api.post(f"{url}/alerts/add", {"alert_ids": [one.shown_id, two.shown_id]}).json()
    removed = api.post(f"{url}/alerts/remove", {"alert_ids": [one.shown_id], "note": "noise"})

    assert set(added["alert_ids"]) == {one.shown_id, two.shown_id}
    assert removed.json()["alert_ids"] == [two.shown_id]
    entry = api.get(f"{url}/history").json()["results"][0]
    assert (entry["verb"], entry["note"]) == ("investigation.remove_alert", "noise")


def test_an_alert_of_another_open_investigation_is_moved_only_when_told_so(api, in_acme):
    alert = alert_in(in_acme)
    first, second = case_in(in_acme, alert_ids=[alert.pk]), case_in(in_acme)
    url = f"{CASES}/{second.shown_id}/alerts/add"

    refused = api.post(url, {"alert_ids": [alert.shown_id]})
    moved = api.post(url, {"alert_ids": [alert.shown_id], "move": True, "note": "belongs here"})

    assert refused.status_code == 409
    assert first.investigation_number in refused.json()["detail"]
    assert moved.json()["alert_ids"] == [alert.shown_id]
    assert api.get(f"{CASES}/{first.shown_id}").json()["alert_ids"] == []


def test_a_move_leaves_both_links_as_rows(in_acme):
    alert = alert_in(in_acme)
    first, second = case_in(in_acme, alert_ids=[alert.pk]), case_in(in_acme)

    links.add_alerts(second, [alert.pk], actor=in_acme.actor("analyst"), move=True)

    old, new = InvestigationAlert.objects.order_by("id")
    assert (old.investigation_id, old.left_by) == (first.pk, in_acme.people["analyst"].pk)
    assert (new.investigation_id, new.left_at) == (second.pk, None)


def test_an_alert_of_a_closed_investigation_is_free(in_acme):
    alert = alert_in(in_acme)
    first = case_in(in_acme, alert_ids=[alert.pk])
    investigations.close(first, actor=in_acme.actor(), closure_reason="done")
    second = case_in(in_acme)

    links.add_alerts(second, [alert.pk], actor=in_acme.actor("analyst"))
    links.add_alerts(second, [alert.pk], actor=in_acme.actor("analyst"))

    assert held(second) == {alert.pk}
    assert InvestigationAlert.objects.count() == 2


def test_nothing_is_added_to_what_is_not_open(in_acme):
    for status in ("resolved", "closed"):
        with pytest.raises(Conflict, match="not open any more"):
            links.add_alerts(
                case_in(in_acme, status), [alert_in(in_acme).pk], actor=in_acme.actor()
            )


def test_what_is_not_in_it_is_not_taken_out(in_acme):
    inside, outside = alert_in(in_acme), alert_in(in_acme)
    case = case_in(in_acme, alert_ids=[inside.pk])

    with pytest.raises(Conflict, match=outside.shown_id):
        links.remove_alerts(case, [inside.pk, outside.pk], actor=in_acme.actor())

    assert held(case) == {inside.pk}


@pytest.mark.parametrize("role", ["viewer", "compliance"])
def test_moving_needs_the_scope(in_acme, role):
    case, alert, actor = case_in(in_acme), alert_in(in_acme), in_acme.actor(role)

    for verb in (links.add_alerts, links.remove_alerts, links.set_alerts):
        with pytest.raises(ScopeMissing):
            verb(case, [alert.pk], actor=actor)


def test_the_set_wanted_takes_out_and_puts_in(in_acme):
    stays, goes, comes = (alert_in(in_acme).pk for _ in range(3))
    case = case_in(in_acme, alert_ids=[stays, goes])

    investigations.update(case, {"alert_ids": [comes, stays]}, actor=in_acme.actor("analyst"))

    assert held(case) == {stays, comes}


def test_alerts_of_another_tenant_answer_like_unknown_ones(api, globex, in_acme):
    url = f"{CASES}/{case_in(in_acme).shown_id}"
    theirs = factories.client_for(globex).post("/api/v1/soc/alerts", {}).json()["id"]

    for path in ("alerts/add", "alerts/remove"):
        for value in (theirs, "alr_01j00000000000000000000000"):
            answer = api.post(f"{url}/{path}", {"alert_ids": [value]})
            assert answer.status_code == 400
            assert answer.json()["detail"] == f"alert_ids: '{value}' is not known here."
