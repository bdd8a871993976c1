"""Lists of ids that a resource shows with itself: setting one is a change like any other."""

import pytest

from tests.soc.casework import TEAMS
from tests.soc.factories import ALERTS, CASES, alert_in

FINDINGS = "/api/v1/soc/findings"
SETS = (
    (CASES, "alert_ids"),
    (FINDINGS, "alert_ids"),
    (ALERTS, "related_alert_ids"),
    (TEAMS, "member_ids"),
)


def wanted(name, cast):
    if name == "member_ids":
        return [cast.people["viewer"].shown_id]
    return [alert_in(cast).shown_id]


@pytest.mark.parametrize(("url", "name"), SETS)
def test_a_set_raises_version_and_time_and_the_same_set_again_neither(api, in_acme, url, name):
    body = {name: wanted(name, in_acme)}
    made = api.post(url, {}).json()
    own = f"{url}/{made['id']}"

    once, again = api.patch(own, body).json(), api.patch(own, body).json()

    assert once[name] == body[name]
    assert (once["version"], again["version"]) == (made["version"] + 1, made["version"] + 1)
    assert made["updated_at"] < once["updated_at"] == again["updated_at"]


@pytest.mark.parametrize(("url", "name"), SETS)
def test_two_sets_of_the_same_version_are_not_both_taken(api, in_acme, url, name):
    body = {name: wanted(name, in_acme)}
    made = api.post(url, {}).json()
    own, seen = f"{url}/{made['id']}", f'"v{made["version"]}"'

    first = api.patch(own, body, HTTP_IF_MATCH=seen)
    second = api.patch(own, {name: []}, HTTP_IF_MATCH=seen)

    assert (first.status_code, second.status_code) == (200, 412)
    assert api.get(own).json()[name] == first.json()[name]


def test_moving_an_alert_changes_both_investigations(api, in_acme):
    alert = alert_in(in_acme).shown_id
    left = api.post(CASES, {"alert_ids": [alert]}).json()
    joined = api.post(CASES, {}).json()

    api.post(f"{CASES}/{joined['id']}/alerts/add", {"alert_ids": [alert], "move": True})

    for case in (left, joined):
        assert api.get(f"{CASES}/{case['id']}").json()["version"] == case["version"] + 1
