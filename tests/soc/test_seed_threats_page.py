"""The seed page "Alerts & threats": the flat alert, filters, acknowledge, resolve, escalate."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.soc.factories import ALERTS, made

# The alert object of the page; ids, times and the tenant are the server's.
EXAMPLE = {
    "title": "Suspicious login from new country",
    "description": "User e.maddox@example.org authenticated from Nigeria — first seen location.",
    "severity": "high",
    "category": "identity",
    "source_name": "homebase_identity",
    "affected_assets": [{"type": "user", "id": "usr_01hxyz", "label": "e.maddox@example.org"}],
    "mitre_tactics": ["TA0001"],
    "mitre_techniques": ["T1078"],
}
FIELDS = """
id tenant_id title description severity status category source affected_assets mitre_tactics
mitre_techniques created_at updated_at resolved_at metadata
"""
SEVERITIES = ["critical", "high", "medium", "low", "informational"]
STATUSES = {
    "open": None,
    "acknowledged": ("acknowledge", {}),
    "resolved": ("resolve", {"resolution": "mitigated"}),
    "suppressed": ("suppress", {}),
}
CATEGORIES = ["identity", "endpoint", "network", "cloud", "compliance"]


def listed(api, query):
    answer = api.get(f"/v1/alerts?{query}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["data"]]


def test_the_object_of_the_page_comes_back_field_by_field(api, acme):
    alert = made(api, **EXAMPLE)

    row = api.get("/v1/alerts").json()["data"][0]

    assert list(row) == FIELDS.split()
    assert (row["id"], row["tenant_id"]) == (alert["id"], acme.tenant.shown_id)
    assert (row["severity"], row["status"], row["category"]) == ("high", "open", "identity")
    assert row["source"] == "homebase_identity"
    assert row["affected_assets"] == EXAMPLE["affected_assets"]
    assert (row["mitre_tactics"], row["mitre_techniques"]) == (["Initial Access"], ["T1078"])
    assert (row["resolved_at"], row["metadata"]) == (None, {})


def test_a_tactic_that_attack_does_not_know_stays_as_it_came(api):
    made(api, mitre_tactics=["TA9999", "Initial Access"])

    assert api.get("/v1/alerts").json()["data"][0]["mitre_tactics"] == ["TA9999", "Initial Access"]


@pytest.mark.parametrize("severity", SEVERITIES)
def test_the_list_filters_by_every_severity_of_the_page(api, severity):
    rows = {each: made(api, severity=each)["id"] for each in SEVERITIES}

    assert listed(api, f"filter[severity]={severity}") == [rows[severity]]


@pytest.mark.parametrize("status", list(STATUSES))
def test_the_list_filters_by_every_status_of_the_page(api, status):
    rows = {}
    for each, move in STATUSES.items():
        rows[each] = made(api)["id"]
        if move:
            assert api.post(f"{ALERTS}/{rows[each]}/{move[0]}", move[1]).status_code == 200

    assert listed(api, f"filter[status]={status}") == [rows[status]]


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_list_filters_by_every_category_of_the_page(api, category):
    rows = {each: made(api, category=each)["id"] for each in CATEGORIES}

    assert listed(api, f"filter[category]={category}") == [rows[category]]


def test_the_list_filters_by_time_of_creation(api):
    first, second = made(api), made(api)

    after = listed(api, f"filter[created_after]={second['created_at']}")
    before = listed(api, f"filter[created_before]={second['created_at']}")

    assert (after, before) == ([second["id"]], [first["id"]])


def test_the_list_is_scoped_to_the_token_and_any_other_tenant_is_refused_alike(api, acme, globex):
    alert = made(api)

    own = listed(api, f"filter[tenant_id]={acme.tenant.shown_id}")
    known = api.get(f"/v1/alerts?filter[tenant_id]={globex.tenant.shown_id}")
    unknown = api.get("/v1/alerts?filter[tenant_id]=ten_01hxyz")

    assert own == [alert["id"]]
    assert known.status_code == unknown.status_code == 403
    assert known.json()["detail"] == unknown.json()["detail"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("filter[colour]=red", "colour"),
        ("filter[severity]=urgent", "severity"),
        ("filter[status]=lost", "status"),
        ("filter[created_after]=yesterday", "created_after"),
    ],
)
def test_unknown_filters_and_values_are_refused_by_name(api, query, name):
    answer = api.get(f"/v1/alerts?{query}")

    assert answer.status_code == 400
    assert name in answer.json()["errors"]


def test_pages_of_the_list_follow_one_another(api):
    rows = [made(api)["id"] for _ in range(3)]

    first = api.get("/v1/alerts?limit=2").json()
    second = api.get(first["meta"]["next"]).json()

    assert [row["id"] for row in first["data"] + second["data"]] == rows[::-1]
    assert (first["meta"]["previous"], second["meta"]["next"]) == (None, None)


def test_acknowledge_as_the_page_does_it(api):
    note = "Verified with user — business travel to Lagos. False positive."
    alert = made(api)

    answer = api.post(f"/v1/alerts/{alert['id']}/acknowledge", {"note": note})

    history = api.get(f"{ALERTS}/{alert['id']}/history").json()["results"]
    assert (answer.status_code, answer.json()["status"]) == (200, "acknowledged")
    assert list(answer.json()) == FIELDS.split()
    assert (history[0]["verb"], history[0]["note"]) == ("alert.acknowledge", note)


@pytest.mark.parametrize("resolution", ["mitigated", "Mitigated"])
def test_resolve_as_the_page_does_it(api, resolution):
    note = "Account locked and session terminated via Sentinel."
    alert = made(api)

    answer = api.post(f"/v1/alerts/{alert['id']}/resolve", {"resolution": resolution, "note": note})

    assert (answer.status_code, answer.json()["status"]) == (200, "resolved")
    assert answer.json()["resolved_at"] is not None
    assert api.get(f"{ALERTS}/{alert['id']}").json()["resolution"] == "mitigated"


def test_escalate_hands_it_on_and_links_an_incident(api):
    alert = made(api)

    answer = api.post(f"/v1/alerts/{alert['id']}/escalate")

    shown = api.get(f"{ALERTS}/{alert['id']}").json()
    incident = api.get(f"/api/v1/grc/incidents/{shown['incident_ids'][0]}").json()
    assert (answer.status_code, answer.json()["status"]) == (200, "escalated")
    assert incident["triggered_by_alert_ids"] == [alert["id"]]


def test_escalation_requires_the_sentinel_respond_scope(acme):
    analyst = factories.client_for(acme, "analyst")
    alert = made(analyst)

    answer = analyst.post(f"/v1/alerts/{alert['id']}/escalate")

    assert answer.status_code == 403
    assert "sentinel:respond" in answer.json()["detail"]
    assert analyst.get(f"{ALERTS}/{alert['id']}").json()["status"] == "open"


@pytest.mark.parametrize("verb", ["acknowledge", "resolve", "escalate"])
def test_an_action_on_another_tenants_alert_answers_like_an_unknown_one(api, globex, verb):
    theirs = made(factories.client_for(globex))

    foreign = api.post(f"/v1/alerts/{theirs['id']}/{verb}")
    unknown = api.post(f"/v1/alerts/alr_{'0' * 26}/{verb}")

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_the_list_takes_as_many_queries_for_twenty_alerts_as_for_two(api):
    counts = []
    for number in (2, 18):
        for _ in range(number):
            made(api, indicators=[{"type": "ip", "value": "203.0.113.9"}])
        with CaptureQueriesContext(connection) as queries:
            api.get("/v1/alerts")
        counts.append(len(queries))

    assert counts[0] == counts[1]
