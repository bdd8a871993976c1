"""The seed page "Incident", field by field, and a create with every example of the base fields."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core import ids

INCIDENTS = "/api/v1/grc/incidents"
EXAMPLE = {
    "id": "rec_01HXEXAMPLE",
    "tenant_id": "example tenant_id",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "app_id": "example app_id",
    "created_by": "rec_01HXEXAMPLE",
}
IMPACT = {
    "confidentiality": "high",
    "integrity": "low",
    "availability": "none",
    "people": 1204,
    "records": 5000,
    "duration_minutes": 90,
    "data_kinds": ["names", "bank details"],
}
# Field: what is sent, and what is read back.
WRITTEN = {
    "title": ("Data left the finance share", "Data left the finance share"),
    "description": ("Two laptops so far.", "Two laptops so far."),
    "category": ("exfiltration", "exfiltration"),
    "severity": ("critical", "critical"),
    "notifiability": ("notifiable", "notifiable"),
    "root_cause": ("A token in a repository.", "A token in a repository."),
    "lessons_learned": (["Rotate tokens."], ["Rotate tokens."]),
    "financial_impact": (125000.5, 125000.5),
    "impact": (IMPACT, IMPACT),
    "first_event_at": ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
    "detected_at": ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
    "reported_at": ("2026-01-02T04:04:05Z", "2026-01-02T04:04:05Z"),
    "contained_at": ("2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"),
    "tags": (["finance", " finance "], ["finance"]),
}
OF_THE_SERVER = {
    **EXAMPLE,
    "updated_by": "rec_01HXEXAMPLE",
    "source": "forged",
    "source_type": "system",
    "is_deleted": True,
    "deleted_at": "2020-01-01T00:00:00Z",
    "deleted_by": "rec_01HXEXAMPLE",
    "schema_version": 99,
    "incident_number": "INC-0000-000001",
    "closed_at": "2020-01-01T00:00:00Z",
    "triggered_by_alert_ids": ["alr_01m0000000000000000000000x"],
    "corrective_action_ids": ["cor_01m0000000000000000000000x"],
    "reported_to_regulators_at": "2020-01-01T00:00:00Z",
    "customer_notified_at": "2020-01-01T00:00:00Z",
    "mttd_minutes": 1,
    "mttr_minutes": 1,
}
TYPES = {
    "id": lambda value: value.startswith("inc_") and ids.read("inc", value),
    "tenant_id": lambda value: ids.read("ten", value),
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
    "incident_number": lambda value: value.startswith("INC-") and len(value) == 15,
    "status": lambda value: value == "detected",
    "detected_at": lambda value: datetime.fromisoformat(value).tzinfo,
    "contained_at": lambda value: value is None,
    "closed_at": lambda value: value is None,
    "realized_risk_ids": lambda value: value == [],
    "affected_asset_ids": lambda value: value == [],
    "affected_account_ids": lambda value: value == [],
    "consolidated_investigation_ids": lambda value: value == [],
    "triggered_by_alert_ids": lambda value: value == [],
    "owner_id": lambda value: value is None,
    "commander_ids": lambda value: value == [],
    "corrective_action_ids": lambda value: value == [],
    "reportable_to": lambda value: value == [],
    "reported_to_regulators_at": lambda value: value is None,
    "customer_notified_at": lambda value: value is None,
    "mttd_minutes": lambda value: value is None,
    "mttr_minutes": lambda value: value is None,
}
WRONG_IMPACTS = [
    "high",
    {"privacy": "high"},
    {"confidentiality": "enormous"},
    {"people": -1},
    {"people": 1.5},
    {"data_kinds": "names"},
]


def created(api, **values):
    answer = api.post(INCIDENTS, values, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_the_create_of_the_page_goes_through_word_for_word(api, acme):
    incident = created(api, **EXAMPLE)

    assert incident["title"] == "Untitled incident"
    assert incident["tenant_id"] == acme.tenant.shown_id
    assert [name for name in EXAMPLE if incident.get(name) == EXAMPLE[name]] == []
    assert "app_id" not in incident


@pytest.mark.parametrize("field", list(WRITTEN))
def test_a_field_is_written_and_read_back(api, field):
    sent, shown = WRITTEN[field]
    early = {"detected_at": "2026-01-02T03:04:05Z"}

    incident = created(api, **{**early, field: sent})

    assert incident[field] == api.get(f"{INCIDENTS}/{incident['id']}").json()[field] == shown


@pytest.mark.parametrize("field", list(OF_THE_SERVER))
def test_a_field_of_the_server_is_ignored_in_a_body(api, field):
    incident = created(api, **{field: OF_THE_SERVER[field]})

    assert incident.get(field) != OF_THE_SERVER[field]


@pytest.mark.parametrize("field", list(TYPES))
def test_a_field_has_the_type_of_the_page(api, field):
    assert TYPES[field](created(api)[field])


def test_people_of_the_tenant_own_and_command_an_incident(api, acme):
    person = acme.people["manager"].shown_id

    incident = created(api, owner_id=person, commander_ids=[person])

    assert (incident["owner_id"], incident["commander_ids"]) == (person, [person])


def test_a_corrected_fact_tells_its_old_time_and_the_reason(api):
    incident = created(api)
    moved = (timezone.now() - timedelta(hours=3)).isoformat()

    body = {"detected_at": moved, "note": "The proxy log says so."}
    api.patch(f"{INCIDENTS}/{incident['id']}", body, format="json")

    entry = api.get(f"{INCIDENTS}/{incident['id']}/history").json()["results"][0]
    assert entry["note"] == "The proxy log says so."
    assert entry["changes"]["detected_at"][0] is not None


@pytest.mark.parametrize("value", ["2026-01-02T03:04:05Z", None])
def test_a_fact_does_not_move_without_a_reason(api, value):
    url = f"{INCIDENTS}/{created(api)['id']}"

    refused = api.patch(url, {"detected_at": value}, format="json")
    first = api.patch(url, {"reported_at": timezone.now().isoformat()}, format="json")

    assert (refused.status_code, refused.json()["field"]) == (422, "note")
    assert "Give a note: why it moves." in refused.json()["detail"]
    assert first.status_code == 200


def test_deleting_stamps_time_and_person_and_a_list_leaves_it_out(api):
    incident = created(api)

    api.delete(f"{INCIDENTS}/{incident['id']}")

    assert api.get(INCIDENTS).json()["results"] == []
    [gone] = api.get(INCIDENTS, {"is_deleted": "true"}).json()["results"]
    assert gone["deleted_at"]
    assert ids.read("per", gone["deleted_by"])


@pytest.mark.parametrize("value", WRONG_IMPACTS)
def test_an_impact_that_says_nothing_is_refused_by_name(api, value):
    answer = api.post(INCIDENTS, {"impact": value}, format="json")

    assert (answer.status_code, "impact" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("form", ["{}", "filter[{}]"])
@pytest.mark.parametrize("name", ["title", "category", "severity", "notifiability"])
def test_the_list_filters(api, name, form):
    created(api, title="Another")
    incident = created(api, **{name: WRITTEN[name][0]})

    found = api.get(INCIDENTS, {form.format(name): WRITTEN[name][0]}).json()["results"]

    assert [row["id"] for row in found] == [incident["id"]]
