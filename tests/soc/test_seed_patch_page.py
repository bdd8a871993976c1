"""The seed page "Patch Alert": GET and PATCH /v1/alerts/{alert_uuid}, in Title Case."""

from uuid import UUID

import pytest

from core import ids
from tests import factories
from tests.soc.factories import ALERTS, made

PAGE = """
uuid title severity status enrichment_status source_name occurred_at ingested_at enriched_at
is_enriched fingerprint close_classification acknowledged_at triaged_at closed_at tags
created_at updated_at description duplicate_count last_seen_at raw_payload malice
malice_override malice_override_source malice_override_at indicators detection_rule_id
detection_rule context_documents agent_findings
"""
RULE = """
uuid name source_rule_id source_name severity is_active mitre_tactics mitre_techniques
mitre_subtechniques data_sources run_frequency created_by documentation created_at updated_at
"""
INDICATOR = """
uuid type value first_seen last_seen is_enriched malice created_at updated_at malice_source
malice_overridden_at enrichment_results
"""
# The request of the page, word for word.
EXAMPLE = {
    "status": "Open",
    "severity": "Pending",
    "close_classification": "True Positive - Suspicious Activity",
    "tags": ["<string>"],
    "malice_override": "Pending",
    "reset_malice_override": False,
}


def uuid_of(alert):
    return str(ids.read("alr", alert["id"]))


def patched(api, alert, **values):
    return api.patch(f"/v1/alerts/{uuid_of(alert)}", values)


def test_the_example_of_the_page_goes_through_word_for_word(api):
    alert = made(api)

    answer = api.patch(f"/v1/alerts/{uuid_of(alert)}", EXAMPLE)

    data = answer.json()["data"]
    assert answer.status_code == 200
    assert answer.json()["meta"] == {}
    assert {name: data[name] for name in EXAMPLE if name in data} == {
        name: value for name, value in EXAMPLE.items() if name != "reset_malice_override"
    }


def test_the_answer_has_every_field_of_the_page(api):
    body = {"indicators": [{"type": "ip", "value": "203.0.113.66"}], "raw_data": {"a": [1]}}
    alert = made(api, title="Beacon", description="Every minute.", severity="high", **body)

    data = api.get(f"/v1/alerts/{uuid_of(alert)}").json()["data"]

    assert [name for name in PAGE.split() if name not in data] == []
    assert [name for name in INDICATOR.split() if name not in data["indicators"][0]] == []
    assert str(UUID(data["uuid"])) == data["uuid"] == uuid_of(alert)
    assert (data["title"], data["severity"], data["status"]) == ("Beacon", "High", "Open")
    assert (data["malice"], data["enrichment_status"], data["is_enriched"]) == (
        "Pending",
        "Pending",
        False,
    )
    assert data["raw_payload"] == {"a": [1]}
    assert data["indicators"][0]["malice"] == "Pending"


@pytest.mark.parametrize(
    "status", ["Open", "Acknowledged", "Triaging", "Escalated", "Resolved", "Closed", "Suppressed"]
)
def test_every_status_is_shown_in_title_case_and_read_in_any_case(api, status):
    alert = made(api)
    body = {"resolution": "mitigated"} if status == "Resolved" else {}
    if status == "Resolved":  # the page's body has no resolution: its own verb gives it
        api.post(f"{ALERTS}/{alert['id']}/resolve", body)
    classified = {"close_classification": "Undetermined"} if status == "Closed" else {}

    answer = patched(api, alert, status=status.upper(), **classified)

    assert answer.status_code == 200, answer.content
    assert answer.json()["data"]["status"] == status


def test_the_rule_is_shown_as_on_the_page(api):
    body = {
        "name": "Beaconing",
        "source_name": "edr",
        "source_rule_id": "r-1",
        "severity": "high",
        "mitre_techniques": ["T1071"],
        "author": "Detection team",
        "run_frequency": "every 5 minutes",
    }
    rule = api.post("/api/v1/soc/detection-rules", body).json()
    alert = made(api, source_name="edr", rule_key="r-1")

    data = api.get(f"/v1/alerts/{uuid_of(alert)}").json()["data"]
    without = api.get(f"/v1/alerts/{uuid_of(made(api))}").json()["data"]

    shown = data["detection_rule"]
    assert data["detection_rule_id"] == rule["number"]
    assert list(shown) == RULE.split()
    assert shown["uuid"] == str(ids.read("rul", rule["id"]))
    assert (shown["created_by"], shown["severity"], shown["run_frequency"]) == (
        "Detection team",
        "High",
        "every 5 minutes",
    )
    assert (without["detection_rule_id"], without["detection_rule"]) == (None, None)


def test_closing_without_a_classification_is_refused_by_its_name(api):
    answer = patched(api, made(api), status="Closed")

    assert (answer.status_code, answer.json()["field"]) == (422, "close_classification")


def test_a_classification_may_come_first_and_null_leaves_it(api):
    alert = made(api)
    patched(api, alert, close_classification="false positive - inaccurate data")

    answer = patched(api, alert, status="Closed", close_classification=None)

    data = answer.json()["data"]
    assert (data["status"], data["close_classification"]) == (
        "Closed",
        "False Positive - Inaccurate Data",
    )
    assert data["closed_at"] is not None


def test_nulls_change_nothing(api):
    alert = made(api, severity="low", tags=["kept"])

    answer = patched(api, alert, **dict.fromkeys(EXAMPLE, None) | {"reset_malice_override": False})

    data = answer.json()["data"]
    assert (data["severity"], data["tags"], data["malice_override"]) == ("Low", ["kept"], None)


def test_a_reset_wins_over_an_override_and_clears_its_source_and_time(api):
    alert = made(api)
    overridden = patched(api, alert, malice_override="MALICIOUS").json()["data"]

    data = patched(api, alert, malice_override="Suspicious", reset_malice_override=True).json()[
        "data"
    ]

    assert overridden["malice"] == overridden["malice_override"] == "Malicious"
    assert overridden["malice_override_source"] == "tenant_admin@acme.test"
    assert overridden["malice_override_at"] is not None
    assert [data[name] for name in data if name.startswith("malice_override")] == [None] * 3
    assert data["malice"] == "Pending"


@pytest.mark.parametrize("name", ["status", "severity", "close_classification", "malice_override"])
def test_an_unknown_word_is_refused_with_the_words_that_are_known(api, name):
    answer = patched(api, made(api), **{name: "Sideways"})

    problem = answer.json()
    assert answer.status_code == 400
    assert "Use one of:" in problem["errors"][name][0]


def test_an_unknown_name_is_refused_and_a_shown_one_ignored(api):
    alert = made(api, title="As it was")

    refused = patched(api, alert, severty="High")
    ignored = patched(api, alert, title="Mine now", severity="High")

    assert refused.status_code == 400
    assert "severty" in refused.json()["errors"]
    assert (ignored.status_code, ignored.json()["data"]["title"]) == (200, "As it was")


def test_a_move_that_is_not_allowed_names_those_that_are(api):
    alert = made(api)
    patched(api, alert, status="Closed", close_classification="Duplicate")

    answer = patched(api, alert, status="Triaging")

    assert answer.status_code == 409
    assert answer.json()["allowed"] == ["reopen", "reclassify"]


def test_the_change_is_in_the_history(api):
    alert = made(api)
    patched(api, alert, severity="Critical")

    newest = api.get(f"{ALERTS}/{alert['id']}/history").json()["results"][0]

    assert newest["changes"]["severity"] == ["pending", "critical"]


@pytest.mark.parametrize("method", ["get", "patch"])
def test_another_tenants_alert_answers_like_an_unknown_one(api, globex, method):
    theirs = made(factories.client_for(globex))

    foreign = getattr(api, method)(f"/v1/alerts/{uuid_of(theirs)}", {})
    unknown = getattr(api, method)(f"/v1/alerts/{UUID(int=7)}", {})

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_a_stale_etag_is_refused(api):
    alert = made(api)
    first = api.get(f"/v1/alerts/{uuid_of(alert)}").headers["ETag"]
    patched(api, alert, severity="Low")

    answer = api.patch(
        f"/v1/alerts/{uuid_of(alert)}", {"severity": "High"}, headers={"if-match": first}
    )

    assert answer.status_code == 412
