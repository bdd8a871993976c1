"""Single moves of an alert: whom they answer that there is none, and whom that it changed."""

import pytest

from core import workflow
from soc.api.alerts import NAMING
from soc.models import Alert
from tests import factories

ALERTS = "/api/v1/soc/alerts"
SCOPES = ["soc:read", "soc:write", "sentinel:respond"]
UNKNOWN = "alr_01j00000000000000000000000"
BODIES = {
    "assign": {"assignee_id": None},
    "close": {"close_classification": "Undetermined"},
    "reclassify": {"close_classification": "Undetermined"},
    "resolve": {"resolution": "mitigated"},
}
each_move = pytest.mark.parametrize("verb", sorted(NAMING))


def move(client, pk, verb, **headers):
    return client.post(f"{ALERTS}/{pk}/{verb}", BODIES.get(verb, {}), headers=headers)


def kept(api, pk):
    found = api.get(f"{ALERTS}/{pk}").json()
    return found["status"], found["version"], found["assignee_id"]


def test_all_moves_of_the_life_cycle_are_here():
    assert {each.verb for each in workflow.of(Alert)} | {"assign", "undo"} == NAMING


@each_move
def test_an_unknown_or_deleted_alert_is_answered_alike(api, verb):
    gone = api.post(ALERTS, {}).json()["id"]
    api.delete(f"{ALERTS}/{gone}")

    answers = [move(api, pk, verb) for pk in (UNKNOWN, gone, "nonsense")]

    assert [each.status_code for each in answers] == [404] * 3
    assert len({each.content for each in answers}) == 1
    assert "no-store" in answers[0]["Cache-Control"]


@each_move
def test_another_tenants_alert_is_answered_like_an_unknown_one(api, globex, verb):
    foreign = factories.client_for(globex).post(ALERTS, {}).json()["id"]

    answers = [move(api, pk, verb) for pk in (UNKNOWN, foreign)]

    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@each_move
def test_an_application_moves_its_own_alerts_alone(api, acme, verb):
    tool, other = (factories.application_client(acme, SCOPES) for _ in range(2))
    foreign = other.post(ALERTS, {}).json()["id"]
    before = kept(api, foreign)

    answers = [move(tool, pk, verb) for pk in (UNKNOWN, foreign)]

    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert kept(api, foreign) == before


@each_move
def test_an_alert_that_changed_since_is_not_moved(api, verb):
    pk = api.post(ALERTS, {}).json()["id"]
    api.patch(f"{ALERTS}/{pk}", {"title": "Changed meanwhile"})
    before = kept(api, pk)

    stale = move(api, pk, verb, **{"if-match": '"v1"'})

    assert stale.status_code == 412
    assert kept(api, pk) == before


def test_a_move_of_the_version_that_was_looked_at_is_made(api):
    pk = api.post(ALERTS, {}).json()["id"]

    moved = move(api, pk, "acknowledge", **{"if-match": '"v1"'})

    assert (moved.status_code, moved["ETag"]) == (200, '"v2"')
