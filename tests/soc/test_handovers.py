"""The handover of a shift: generated from the rows, frozen when signed out, taken by another."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from core.errors import Conflict, MoveRefused
from soc.models import Alert
from soc.services import handovers, shift_report
from tests import factories
from tests.soc.factories import alert_in, case_in

HANDOVERS = "/api/v1/soc/handovers"


@pytest.fixture
def in_acme(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        yield acme


def told():
    now = timezone.now()
    return shift_report.generate(now - timedelta(hours=8), now + timedelta(seconds=1))


def test_it_tells_what_came_what_was_closed_and_what_is_open(in_acme):
    for severity in ("critical", "low"):
        alert_in(in_acme, title=f"A {severity} one", severity=severity, source_name="edr")
    alert_in(in_acme, "closed", title="Done", severity="high", source_name="edr")
    case_in(in_acme, "in_progress", title="Credential theft")

    found = told()

    assert found["arrived"]["severity"] == {"critical": 1, "high": 1, "low": 1}
    assert sum(found["arrived"]["source_name"].values()) == 3
    assert found["closed"] == {"Undetermined": 1}
    assert [each["title"] for each in found["open"]] == ["A critical one"]
    assert [each["title"] for each in found["investigations"]] == ["Credential theft"]


def test_counts_that_stopped_say_how_far_they_went(in_acme, monkeypatch):
    for number in range(3):
        alert_in(in_acme, "closed" if number else "open", title=f"Number {number}")
    monkeypatch.setattr(shift_report, "MOST_COUNTED", 3)

    found = told()

    assert sum(found["arrived"]["severity"].values()) == 3
    assert found["cut"] == {"arrived": 3}


@pytest.mark.parametrize(
    ("hours", "silent"), [(1, False), (9, True), (24 * 6, True), (24 * 9, False)]
)
def test_a_tool_that_sent_in_the_week_before_and_not_in_the_shift_is_silent(in_acme, hours, silent):
    alert = alert_in(in_acme)
    at = timezone.now() - timedelta(hours=hours)
    Alert.objects.filter(pk=alert.pk).update(created_at=at)

    assert [each["name"] for each in told()["silent"]] == [alert.source_name] * silent


def test_clocks_that_end_within_the_hour_are_at_risk(in_acme):
    now = timezone.now()
    for minutes in (-10, 30, 90):
        alert = alert_in(in_acme, title=f"{minutes} minutes")
        due_at = now + timedelta(minutes=minutes)
        Alert.objects.filter(pk=alert.pk).update(due_at=due_at)

    assert [each["title"] for each in told()["clocks"]] == ["-10 minutes", "30 minutes"]


def test_nothing_of_another_tenant_is_told(in_acme, db):
    tenancy.clear()
    globex = factories.make_tenant("globex")
    with tenancy.tenant_scope(globex.tenant.pk):
        alert_in(globex, title="Theirs", severity="critical")
        case_in(globex, title="Their case")
    with tenancy.tenant_scope(in_acme.tenant.pk):
        found = told()

    assert found["arrived"]["severity"] == {}
    assert found["open"] == found["investigations"] == found["silent"] == []


def test_it_takes_as_many_queries_for_20_rows_as_for_2(in_acme):
    counts = []
    for many in (2, 20):
        for number in range(many):
            alert_in(
                in_acme, title=f"Alert {number}", severity="high", source_name=f"tool-{number}"
            )
            case_in(in_acme, title=f"Case {number}")
        with CaptureQueriesContext(connection) as captured:
            told()
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_one_person_signs_out_and_another_signs_in(in_acme):
    leaving, coming = in_acme.actor("responder"), in_acme.actor("analyst")
    alert = alert_in(in_acme, severity="critical", title="Open then")
    draft = handovers.create({"remarks": "Quiet night"}, actor=leaving)
    with pytest.raises(Conflict, match="is a draft already"):
        handovers.create({}, actor=coming)

    done = handovers.perform(draft, "sign_out", actor=leaving)
    Alert.objects.filter(pk=alert.pk).update(title="Renamed since")
    assert handovers.contents_of(done)["open"][0]["title"] == "Open then"
    with pytest.raises(Conflict, match="signed out"):
        handovers.update(done, {"remarks": "More"}, actor=leaving)
    with pytest.raises(MoveRefused, match="You signed this out"):
        handovers.perform(done, "sign_in", actor=leaving)

    taken = handovers.perform(done, "sign_in", actor=coming)
    assert (taken.status, taken.signed_in_by) == ("signed_in", coming.person_id)
    following = handovers.create({}, actor=coming)
    assert following.begins_at == taken.ends_at


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 201, None),
        ({"begins_at": "2020-01-01T00:00:00Z"}, 400, "begins_at"),
        ({"begins_at": "soon"}, 400, "begins_at"),
        ({"remarks": 5.5}, 201, None),
    ],
)
def test_what_begins_one_over_rest(api, body, status, field):
    answer = api.post(HANDOVERS, body, format="json")

    assert answer.status_code == status, answer.content
    assert field is None or field in answer.content.decode()


def test_the_way_over_rest(api, acme):
    made = api.post(HANDOVERS, {"remarks": "Quiet"}, format="json").json()
    url = f"{HANDOVERS}/{made['id']}"
    assert (made["status"], made["contents"]) == ("draft", None)
    assert api.get(f"{url}/contents").json()["open"] == []
    headers = {"If-Match": f'"v{made["version"]}"'}
    assert api.patch(url, {"remarks": "Loud"}, format="json", headers=headers).status_code == 200
    out = api.post(f"{url}/sign_out", {}, format="json").json()
    assert out["contents"]["arrived"] == {"severity": {}, "source_name": {}}
    assert api.post(f"{url}/sign_in", {}, format="json").status_code == 409
    other = factories.client_for(acme, "analyst")
    assert other.post(f"{url}/sign_in", {}, format="json").json()["status"] == "signed_in"
    assert [each["id"] for each in api.get(f"{HANDOVERS}?status=signed_in").json()["results"]] == [
        made["id"]
    ]
    viewer = factories.client_for(acme, "viewer")
    assert viewer.get(url).status_code == 200
    assert viewer.post(HANDOVERS, {}, format="json").status_code == 403
