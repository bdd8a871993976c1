"""The seed page "Investigation", field by field, and its example requests word for word."""

from datetime import datetime

import pytest

from core import ids
from tests import factories
from tests.soc.factories import CASES, made

# The create of the page, word for word: what the server sets is ignored.
EXAMPLE = {
    "id": "rec_01HXEXAMPLE",
    "tenant_id": "example tenant_id",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "app_id": "example app_id",
    "created_by": "rec_01HXEXAMPLE",
}
# Field: what is sent, and what is read back.
WRITTEN = {
    "title": ("Phishing of the board", "Phishing of the board"),
    "description": ("Four mails so far.", "Four mails so far."),
    "priority": ("critical", "critical"),
    "category": ("identity", "identity"),
    "tags": (["board", " board "], ["board"]),
}
# Field: what a PATCH sends, and what the history tells of it, old and new.
CHANGED = {
    "title": ("Another", ["Untitled investigation", "Another"]),
    "description": ("More", ["", "More"]),
    "priority": ("low", ["medium", "low"]),
    "category": ("cloud", [None, "cloud"]),
    "tags": (["a"], [[], ["a"]]),
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
    "investigation_number": "INV-0000-000001",
    "finding_ids": ["fnd_01m0000000000000000000000x"],
    "timeline": [{"text": "forged"}],
    "sla_tracker": {"forged": True},
    "escalated_to_incident_id": "inc_01m0000000000000000000000x",
    "closed_at": "2020-01-01T00:00:00Z",
}
TYPES = {
    "id": lambda value: value.startswith("inv_") and ids.read("inv", value),
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
    "investigation_number": lambda value: value.startswith("INV-") and len(value) == 15,
    "status": lambda value: value == "new",
    "assigned_to_id": lambda value: value is None,
    "alert_ids": lambda value: value == [],
    "finding_ids": lambda value: value == [],
    "timeline": lambda value: [each["verb"] for each in value] == ["investigation.create"],
    "escalated_to_incident_id": lambda value: value is None,
    "closed_at": lambda value: value is None,
    "closure_reason": lambda value: value is None,
}
FILTERS = {
    "title": "Phishing of the board",
    "status": "new",
    "priority": "critical",
    "category": "identity",
    "tag": "board",
}


def created(api, **values):
    answer = api.post(CASES, values)
    assert answer.status_code == 201, answer.content
    return answer.json()


def newest(api, case):
    return api.get(f"{CASES}/{case['id']}/history").json()["results"][0]


def test_the_create_of_the_page_goes_through_word_for_word(api, acme):
    case = created(api, **EXAMPLE)

    assert case["title"] == "Untitled investigation"
    assert case["tenant_id"] == acme.tenant.shown_id
    assert [name for name in EXAMPLE if case.get(name) == EXAMPLE[name]] == []
    assert "app_id" not in case


def test_the_list_of_the_page_returns_what_was_created(api):
    case = created(api)

    assert [row["id"] for row in api.get(CASES).json()["results"]] == [case["id"]]


@pytest.mark.parametrize("field", list(WRITTEN))
def test_a_field_is_written_and_read_back(api, field):
    sent, shown = WRITTEN[field]

    case = created(api, **{field: sent})

    assert case[field] == api.get(f"{CASES}/{case['id']}").json()[field] == shown


@pytest.mark.parametrize("field", list(OF_THE_SERVER))
def test_a_field_of_the_server_is_ignored_in_a_body(api, field):
    case = created(api, **{field: OF_THE_SERVER[field]})

    assert case.get(field) != OF_THE_SERVER[field]


@pytest.mark.parametrize("field", list(TYPES))
def test_a_field_has_the_type_of_the_page(api, field):
    assert TYPES[field](created(api)[field])


@pytest.mark.parametrize("field", list(CHANGED))
def test_a_change_of_a_field_is_in_the_history(api, field):
    sent, told = CHANGED[field]
    case = created(api)

    api.patch(f"{CASES}/{case['id']}", {field: sent, "note": "because"})

    entry = newest(api, case)
    assert (entry["changes"][field], entry["note"]) == (told, "because")


@pytest.mark.parametrize("form", ["{}", "filter[{}]"])
@pytest.mark.parametrize("name", list(FILTERS))
def test_the_list_filters(api, name, form):
    other = created(api, title="Another")
    case = created(api, **{field: sent for field, (sent, _) in WRITTEN.items()})

    found = api.get(CASES, {form.format(name): FILTERS[name]}).json()["results"]

    both = [case["id"], other["id"]] if name == "status" else [case["id"]]
    assert [row["id"] for row in found] == both


def test_alerts_are_the_set_wanted_and_the_change_is_in_the_history(api):
    first, second = made(api), made(api)
    case = created(api, alert_ids=[first["id"]])

    changed = api.patch(f"{CASES}/{case['id']}", {"alert_ids": [second["id"]]}).json()

    verbs = {entry["verb"] for entry in api.get(f"{CASES}/{case['id']}/history").json()["results"]}
    assert (case["alert_ids"], changed["alert_ids"]) == ([first["id"]], [second["id"]])
    assert {"investigation.add_alert", "investigation.remove_alert"} <= verbs


def test_an_alert_of_another_open_investigation_is_refused_naming_it(api):
    alert = made(api)
    holder = created(api, alert_ids=[alert["id"]])

    answer = api.post(CASES, {"alert_ids": [alert["id"]]})

    assert answer.status_code == 409
    assert holder["investigation_number"] in answer.json()["detail"]


def test_whoever_it_is_assigned_to_is_a_member(api, acme, globex):
    case = created(api, assigned_to_id=acme.people["analyst"].shown_id)

    stranger = globex.people["analyst"].shown_id
    refused = api.patch(f"{CASES}/{case['id']}", {"assigned_to_id": stranger})

    assert case["assigned_to_id"] == acme.people["analyst"].shown_id
    assert (refused.status_code, refused.json()["field"]) == (400, "assigned_to_id")


def test_a_team_of_the_tenant_owns_it_and_the_change_is_in_the_history(api):
    team = api.post("/api/v1/core/teams", {"name": "Night shift"}).json()
    case = created(api)

    owned = api.patch(f"{CASES}/{case['id']}", {"team_group_id": team["id"]}).json()

    found = api.get(CASES, {"team_group_id": team["id"]}).json()["results"]
    assert (case["team_group_id"], owned["team_group_id"]) == (None, team["id"])
    assert [row["id"] for row in found] == [case["id"]]
    assert "team_group_id" in newest(api, case)["changes"]


def test_notes_and_actions_are_its_timeline_in_their_order(api):
    case = created(api)
    api.post(f"{CASES}/{case['id']}/start", {})
    api.post(f"{CASES}/{case['id']}/comments", {"text": "Called the user."})

    timeline = api.get(f"{CASES}/{case['id']}").json()["timeline"]

    told = [each["text"] if each["kind"] == "note" else each["verb"] for each in timeline]
    assert told == ["investigation.create", "investigation.start", "Called the user."]


def test_closing_stamps_the_time_and_keeps_the_reason(api):
    case = created(api)

    closed = api.post(f"{CASES}/{case['id']}/close", {"closure_reason": "A drill."}).json()

    assert (closed["status"], closed["closure_reason"]) == ("closed", "A drill.")
    assert datetime.fromisoformat(closed["closed_at"]).tzinfo


def test_closing_without_a_reason_is_refused_by_its_name(api):
    answer = api.post(f"{CASES}/{created(api)['id']}/close", {})

    assert (answer.status_code, answer.json()["field"]) == (422, "closure_reason")


def test_escalating_names_the_incident(api):
    case = created(api, title="Phishing of the board")

    escalated = api.post(f"{CASES}/{case['id']}/escalate", {}).json()

    incident_id = escalated["escalated_to_incident_id"]
    incident = api.get(f"/api/v1/grc/incidents/{incident_id}").json()
    assert incident["consolidated_investigation_ids"] == [case["id"]]


def test_an_applications_token_stamps_and_sees_its_rows_only(api, acme):
    tool = factories.application_client(acme, scopes=["soc:read", "soc:write"])
    created(api)

    mine = created(tool)

    assert mine["app_id"].startswith("app_")
    assert [row["id"] for row in tool.get(CASES).json()["results"]] == [mine["id"]]


def test_an_unknown_field_is_refused_by_name(api):
    answer = api.post(CASES, {"titel": "x"})

    assert answer.status_code == 400
    assert "titel" in answer.json()["errors"]
