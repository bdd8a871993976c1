"""What an application may name: rows that it wrote itself, and shared ones; others' are unknown."""

import pytest

from core import tenancy
from soc.models import Investigation
from tests import factories

ALERTS, CASES = "/api/v1/soc/alerts", "/api/v1/soc/investigations"
INCIDENTS = "/api/v1/grc/incidents"
SCOPES = ["soc:read", "soc:write", "sentinel:respond", "grc:read", "grc:write"]
UNKNOWN = "01j00000000000000000000000"
# Where a body names a row: the method, the path and the field.
PLACES = [
    ("POST", CASES, "alert_ids", ALERTS),
    ("PATCH", CASES, "alert_ids", ALERTS),
    ("POST", ALERTS, "related_alert_ids", ALERTS),
    ("PATCH", ALERTS, "duplicate_of_id", ALERTS),
    ("CLOSE", ALERTS, "duplicate_of_id", ALERTS),
    ("ESCALATE", ALERTS, "investigation_id", CASES),
    ("ESCALATE", ALERTS, "incident_id", INCIDENTS),
    ("POST", INCIDENTS, "consolidated_investigation_ids", CASES),
    ("PATCH", INCIDENTS, "consolidated_investigation_ids", CASES),
]


@pytest.fixture
def tool(acme):
    return factories.application_client(acme, SCOPES)


@pytest.fixture
def other(acme):
    return factories.application_client(acme, SCOPES)


def sent(client, method, url, name, value):
    body = {name: [value] if name.endswith("_ids") else value}
    if method == "POST":
        return client.post(url, body)
    own = f"{url}/{client.post(url, {}).json()['id']}"
    if method == "PATCH":
        return client.patch(own, body)
    more = {"close_classification": "Duplicate"} if method == "CLOSE" else {}
    return client.post(f"{own}/{method.lower()}", body | more)


@pytest.mark.parametrize(("method", "url", "name", "target"), PLACES)
def test_another_applications_row_is_as_unknown_as_none(tool, other, method, url, name, target):
    own, foreign = (client.post(target, {}).json()["id"] for client in (tool, other))
    unknown = f"{foreign.partition('_')[0]}_{UNKNOWN}"

    answers = [sent(tool, method, url, name, each) for each in (foreign, unknown)]

    assert [each.status_code for each in answers] == [400, 400]
    assert answers[0].content.replace(foreign.encode(), b"*") == answers[1].content.replace(
        unknown.encode(), b"*"
    )
    assert sent(tool, method, url, name, own).status_code in (200, 201)


@pytest.mark.parametrize(("method", "url", "name", "target"), PLACES)
def test_a_person_names_every_applications_rows(api, other, method, url, name, target):
    row = other.post(target, {}).json()["id"]

    assert sent(api, method, url, name, row).status_code in (200, 201)


def test_bulk_answers_another_applications_alert_like_an_unknown_one(tool, other):
    foreign, unknown = other.post(ALERTS, {}).json()["id"], f"alr_{UNKNOWN}"

    answer = tool.post(f"{ALERTS}/bulk/acknowledge", {"ids": [foreign, unknown]})

    first, second = answer.json()["results"]
    assert first["status"] == second["status"] == 404
    assert first["problem"] == second["problem"]
    assert other.get(f"{ALERTS}/{foreign}").json()["status"] == "open"


def test_indicators_are_shared_by_all_applications(tool, other):
    other.post(ALERTS, {"indicators": [{"type": "ip", "value": "203.0.113.9"}]})

    rows = tool.get("/api/v1/soc/indicators").json()["results"]

    assert [row["value"] for row in rows] == ["203.0.113.9"]
    assert tool.get(f"/api/v1/soc/indicators/{rows[0]['id']}/history").status_code == 200


def test_a_refused_reference_leaves_nothing(acme, tool, other):
    foreign = other.post(ALERTS, {}).json()["id"]

    tool.post(CASES, {"alert_ids": [foreign]})

    with tenancy.tenant_scope(acme.tenant.pk):
        assert Investigation.objects.count() == 0
