"""The seed page "Alert", field by field: what may be written, what it reads back as, what the
server keeps to itself, and what the history tells.
"""

from datetime import datetime

import pytest

from core import ids
from tests import factories
from tests.soc.factories import ALERTS, made

# Field: what is sent, and what is read back.
WRITTEN = {
    "title": ("Beacon to a rare domain", "Beacon to a rare domain"),
    "description": ("Every minute since noon.", "Every minute since noon."),
    "severity": ("critical", "critical"),
    "source_id": ("event-7", "event-7"),
    "timestamp": ("2026-03-01T10:00:00+01:00", "2026-03-01T09:00:00Z"),
    "mitre_tactic": ("TA0011", "TA0011"),
    "mitre_technique": ("T1071.001", "T1071.001"),
    "kill_chain_phase": ("command-and-control", "command-and-control"),
    "host": ({"name": "WS-0417", "ip": "192.0.2.17"}, {"name": "WS-0417", "ip": "192.0.2.17"}),
    "user": ({"name": "e.maddox"}, {"name": "e.maddox"}),
    "ticket_ref": ({"system": "jira", "key": "SEC-1"}, {"system": "jira", "key": "SEC-1"}),
    "raw_data": ({"a": [1, None, {"b": "ü"}]}, {"a": [1, None, {"b": "ü"}]}),
    "tags": (["rare", " rare ", "vip"], ["rare", "vip"]),
}
# Field: a value that a client might send; the server's own stays.
OF_THE_SERVER = {
    "id": "rec_01HXEXAMPLE",
    "tenant_id": "example tenant_id",
    "app_id": "example app_id",
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
    "created_by": "rec_01HXEXAMPLE",
    "updated_by": "rec_01HXEXAMPLE",
    "source": "forged",
    "source_type": "system",
    "is_deleted": True,
    "deleted_at": "2020-01-01T00:00:00Z",
    "deleted_by": "rec_01HXEXAMPLE",
    "schema_version": 99,
    "verdict": "benign",
    "source_alert": "forged",
    "investigation_id": "inv_01m0000000000000000000000x",
    "related_finding_ids": ["fnd_01m0000000000000000000000x"],
    "playbook_run_ids": ["run_01m0000000000000000000000x"],
}
# Field: what a PATCH sends, and what the history tells of it, old and new.
CHANGED = {
    "title": ("Another", ["Untitled alert", "Another"]),
    "description": ("More", ["", "More"]),
    "severity": ("low", ["pending", "low"]),
    "category": ("cloud", [None, "cloud"]),
    "tags": (["a"], [[], ["a"]]),
    "ticket_ref": ("SEC-2", [None, "SEC-2"]),
    "affected_assets": ([{"type": "host", "label": "w"}], [[], [{"type": "host", "label": "w"}]]),
}
# Field: the type that it has on the page, and how a value of it looks.
TYPES = {
    "id": lambda value: value.startswith("alr_") and ids.read("alr", value),
    "tenant_id": lambda value: value.startswith("ten_") and ids.read("ten", value),
    "created_at": lambda value: datetime.fromisoformat(value).tzinfo,
    "updated_at": lambda value: datetime.fromisoformat(value).tzinfo,
    "created_by": lambda value: ids.read("per", value),
    "updated_by": lambda value: ids.read("per", value),
    "source": lambda value: value == "edm",
    "source_type": lambda value: value == "api",
    "is_deleted": lambda value: value is False,
    "deleted_at": lambda value: value is None,
    "deleted_by": lambda value: value is None,
    "schema_version": lambda value: type(value) is int,
    "status": lambda value: value == "open",
    "verdict": lambda value: value is None,
    "source_alert": lambda value: value == "manual",
    "assignee_id": lambda value: value is None,
    "investigation_id": lambda value: value is None,
    "indicators": lambda value: value == [],
    "related_alert_ids": lambda value: value == [],
    "related_finding_ids": lambda value: value == [],
    "playbook_run_ids": lambda value: value == [],
}


def read(api, alert):
    return api.get(f"{ALERTS}/{alert['id']}").json()


def newest(api, alert):
    return api.get(f"{ALERTS}/{alert['id']}/history").json()["results"][0]


@pytest.mark.parametrize("field", list(WRITTEN))
def test_a_field_is_written_and_read_back(api, field):
    sent, shown = WRITTEN[field]

    alert = made(api, **{field: sent})

    assert alert[field] == shown
    assert read(api, alert)[field] == shown


@pytest.mark.parametrize("field", list(OF_THE_SERVER))
def test_a_field_of_the_server_is_ignored_in_a_body(api, field):
    plain = made(api)

    alert = made(api, **{field: OF_THE_SERVER[field]})

    assert alert.get(field) != OF_THE_SERVER[field]
    assert (field in alert) == (field in plain)


@pytest.mark.parametrize("field", list(TYPES))
def test_a_field_has_the_type_of_the_page(api, field):
    assert TYPES[field](made(api)[field])


@pytest.mark.parametrize("field", list(CHANGED))
def test_a_change_of_a_field_is_in_the_history(api, field):
    sent, told = CHANGED[field]
    alert = made(api)

    api.patch(f"{ALERTS}/{alert['id']}", {field: sent, "note": "because"})

    entry = newest(api, alert)
    assert entry["changes"][field] == told
    assert (entry["verb"], entry["note"], entry["actor_id"]) == (
        "alert.update",
        "because",
        alert["created_by"],
    )


def test_a_bearer_of_an_applications_token_stamps_and_sees_its_rows_only(api, acme):
    tool = factories.application_client(acme, scopes=["soc:read", "soc:write"])
    theirs, mine = made(api), made(tool)

    seen = [row["id"] for row in tool.get(ALERTS).json()["results"]]

    assert mine["app_id"].startswith("app_")
    assert mine["source_type"] == "server"
    assert "app_id" not in theirs
    assert seen == [mine["id"]]


def test_updated_at_and_updated_by_follow_the_last_writer(api, acme):
    alert = made(api)
    analyst = factories.client_for(acme, "analyst")

    changed = analyst.patch(f"{ALERTS}/{alert['id']}", {"severity": "low"}).json()

    assert changed["updated_at"] > alert["updated_at"]
    assert changed["updated_by"] == acme.people["analyst"].shown_id
    assert changed["created_by"] == alert["created_by"]


def test_a_status_is_the_verb_that_leads_there_and_is_told_as_such(api):
    alert = made(api)

    changed = api.patch(f"{ALERTS}/{alert['id']}", {"status": "triaging"}).json()

    entry = newest(api, alert)
    assert changed["status"] == "triaging"
    assert (entry["verb"], entry["changes"]["status"]) == ("alert.triage", ["open", "triaging"])


@pytest.mark.parametrize(
    ("classification", "verdict"),
    [
        ("True Positive - Suspicious Activity", "true_positive"),
        ("Benign Positive - Suspicious but Expected", "benign"),
        ("False Positive - Incorrect Detection Logic", "false_positive"),
        ("False Positive - Inaccurate Data", "false_positive"),
        ("Undetermined", "insufficient_data"),
        ("Duplicate", "duplicate"),
        ("Not Applicable", "disregard"),
    ],
)
def test_the_verdict_follows_from_the_classification(api, classification, verdict):
    alert = made(api)

    api.post(f"{ALERTS}/{alert['id']}/close", {"close_classification": classification})

    assert read(api, alert)["verdict"] == verdict


def test_indicators_are_given_as_type_and_value_and_read_with_malice_and_role(api):
    alert = made(api, indicators=[{"type": "domain", "value": "evil[.]example[.]org"}])

    [indicator] = read(api, alert)["indicators"]

    assert (indicator["type"], indicator["value"]) == ("domain", "evil.example.org")
    assert set(indicator) == {"id", "type", "value", "malice", "role"}


def test_related_alerts_are_linked_from_both_ends_and_told_in_the_history(api):
    first, second = made(api), made(api)

    api.patch(f"{ALERTS}/{first['id']}", {"related_alert_ids": [second["id"]]})

    assert read(api, first)["related_alert_ids"] == [second["id"]]
    assert read(api, second)["related_alert_ids"] == [first["id"]]
    assert newest(api, first)["verb"] == "alert.relate"


def test_an_assignee_is_a_member_and_the_change_is_in_the_history(api, acme):
    alert = made(api)
    person = acme.people["analyst"].shown_id

    changed = api.post(f"{ALERTS}/{alert['id']}/assign", {"assignee_id": person}).json()

    assert changed["assignee_id"] == person
    assert newest(api, alert)["verb"] == "alert.assign"


def test_a_list_leaves_the_raw_record_out_unless_it_is_asked_for(api):
    made(api, raw_data={"kept": True})

    plain = api.get(ALERTS).json()["results"][0]
    whole = api.get(f"{ALERTS}?include=raw_data").json()["results"][0]

    assert "raw_data" not in plain
    assert whole["raw_data"] == {"kept": True}


def test_the_raw_record_is_never_changed(api):
    alert = made(api, raw_data={"kept": True})

    api.patch(f"{ALERTS}/{alert['id']}", {"raw_data": {"forged": True}})

    assert read(api, alert)["raw_data"] == {"kept": True}


def test_deleting_stamps_time_and_person(api, acme):
    alert = made(api)
    api.delete(f"{ALERTS}/{alert['id']}")

    [tombstone] = api.get(f"{ALERTS}?is_deleted=true").json()["results"]

    assert tombstone["deleted_by"] == acme.people["tenant_admin"].shown_id
    assert datetime.fromisoformat(tombstone["deleted_at"]).tzinfo
