"""Every filter of the alert's list finds its rows, plainly and as `filter[…]`, and no others."""

import pytest

from soc.filters.alerts import AlertFilters
from tests.soc.factories import ALERTS, made

BODY = {
    "title": "Beacon to a rare domain",
    "severity": "high",
    "category": "network",
    "source_name": "sensor",
    "source_id": "event-7",
    "mitre_tactics": ["TA0011"],
    "mitre_techniques": ["T1071"],
    "kill_chain_phase": "command-and-control",
    "host": {"name": "WS-0417"},
    "user": {"name": "e.maddox"},
    "tags": ["rare"],
    "ticket_ref": {"system": "jira", "key": "SEC-1"},
    "indicators": [{"type": "domain", "value": "evil.example.org"}],
    "occurred_at": "2026-03-01T10:00:00Z",
}
# One filter each, and how its value comes from the alert as it is shown.
BY_VALUE = {
    "id": lambda alert: alert["id"],
    "created_by": lambda alert: alert["created_by"],
    "updated_by": lambda alert: alert["updated_by"],
    "source": lambda alert: "edm",
    "source_type": lambda alert: "api",
    "schema_version": lambda alert: 1,
    "title": lambda alert: alert["title"],
    "severity": lambda alert: "HIGH",
    "status": lambda alert: "open",
    "category": lambda alert: "network",
    "malice": lambda alert: "pending",
    "enrichment_status": lambda alert: "pending",
    "source_name": lambda alert: "sensor",
    "source_alert": lambda alert: "sensor",
    "source_id": lambda alert: "event-7",
    "mitre_tactic": lambda alert: "TA0011",
    "mitre_technique": lambda alert: "T1071",
    "kill_chain_phase": lambda alert: "command-and-control",
    "host_name": lambda alert: "WS-0417",
    "user_name": lambda alert: "E.Maddox",
    "tag": lambda alert: "rare",
    "ticket_ref": lambda alert: "SEC-1",
    "indicator": lambda alert: "evil[.]example[.]org",
    "assignee_id": lambda alert: alert["assignee_id"],
    "occurred_after": lambda alert: "2026-03-01T10:00:00Z",
    "created_after": lambda alert: alert["created_at"],
    "updated_since": lambda alert: alert["updated_at"],
}
SAME_FOR_ALL = {"created_by", "updated_by", "source", "source_type", "schema_version", "status"}
SAME_FOR_ALL |= {"malice", "enrichment_status"}


def listed(api, **query):
    answer = api.get(ALERTS, query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


@pytest.mark.parametrize("form", ["{}", "filter[{}]"])
@pytest.mark.parametrize("name", list(BY_VALUE))
def test_a_filter_finds_its_alert(api, acme, name, form):
    other = made(api, title="Another", occurred_at="2026-02-01T10:00:00Z")
    alert = made(api, **BODY, assignee_id=acme.people["analyst"].shown_id)

    found = listed(api, **{form.format(name): BY_VALUE[name](alert)})

    assert found == ([alert["id"], other["id"]] if name in SAME_FOR_ALL else [alert["id"]])


@pytest.mark.parametrize("name", ["occurred_before", "created_before", "updated_before"])
def test_a_range_ends_before_its_moment(api, name):
    earlier = made(api, occurred_at="2026-02-01T10:00:00Z")
    later = made(api, occurred_at="2026-03-01T10:00:00Z")
    column = {"occurred_before": "occurred_at", "created_before": "created_at"}

    found = listed(api, **{name: later[column.get(name, "updated_at")]})

    assert found == [earlier["id"]]


def test_links_between_alerts_are_found_from_both_ends(api):
    first, second = made(api), made(api)
    api.patch(f"{ALERTS}/{first['id']}", {"related_alert_ids": [second["id"]]})
    api.post(
        f"{ALERTS}/{second['id']}/close",
        {"close_classification": "Duplicate", "duplicate_of_id": first["id"]},
    )

    assert listed(api, related_alert_id=first["id"]) == [second["id"]]
    assert listed(api, related_alert_id=second["id"]) == [first["id"]]
    assert listed(api, duplicate_of_id=first["id"]) == [second["id"]]


def test_every_filter_of_the_list_is_named_in_the_schema(api):
    schema = api.get("/api/v1/schema?format=json").json()
    told = {each["name"] for each in schema["paths"]["/api/v1/soc/alerts"]["get"]["parameters"]}

    assert set(AlertFilters.base_filters) <= told
