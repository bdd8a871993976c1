"""Investigations and incidents over REST: the fields and examples of the seed pages."""

import pytest

from core import tenancy
from soc.services import comments, reading
from tests import factories
from tests.soc.factories import CASES, alert_in, case_in

INCIDENTS = "/api/v1/grc/incidents"
BASE = """
id tenant_id created_at updated_at created_by updated_by source source_type is_deleted deleted_at
deleted_by schema_version tags
"""
CASE_FIELDS = """
investigation_number title description status priority category assigned_to_id team_group_id
alert_ids finding_ids timeline sla_definition_id sla_tracker escalated_to_incident_id closed_at
closure_reason
"""
INCIDENT_FIELDS = """
incident_number title description category severity status detected_at reported_at contained_at
closed_at realized_risk_ids affected_asset_ids affected_account_ids consolidated_investigation_ids
triggered_by_alert_ids owner_id commander_ids root_cause lessons_learned corrective_action_ids
reportable_to reported_to_regulators_at customer_notified_at financial_impact mttd_minutes
mttr_minutes
"""
# The example of the seed page, as it stands there.
EXAMPLE = {
    "id": "rec_01HXEXAMPLE",
    "tenant_id": "example tenant_id",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "app_id": "example app_id",
    "created_by": "rec_01HXEXAMPLE",
}


@pytest.mark.parametrize(
    ("url", "fields"), [(CASES, BASE + CASE_FIELDS), (INCIDENTS, BASE + INCIDENT_FIELDS)]
)
def test_the_example_of_the_page_makes_a_row_with_every_field(api, url, fields):
    answer = api.post(url, EXAMPLE)

    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert [name for name in fields.split() if name not in row] == []
    assert row["id"] != EXAMPLE["id"]
    assert api.get(f"{url}/{row['id']}").json() == row
    assert api.get(url).json()["results"][0] == row


def test_alerts_go_in_with_the_create_and_stay_visible_when_closed(api, in_acme):
    alert = alert_in(in_acme)

    case = api.post(CASES, {"alert_ids": [alert.shown_id], "priority": "high"}).json()
    closed = api.post(f"{CASES}/{case['id']}/close", {"closure_reason": "done"}).json()

    assert case["alert_ids"] == [alert.shown_id]
    assert (closed["status"], closed["alert_ids"]) == ("closed", [alert.shown_id])
    assert closed["closed_at"]


def test_the_timeline_lists_notes_and_actions(api):
    url = f"{CASES}/{api.post(CASES, {}).json()['id']}"
    api.post(f"{url}/comments", {"text": "Called the user."})
    api.post(f"{url}/start")

    kinds = [(each["kind"], each["verb"]) for each in api.get(url).json()["timeline"]]

    assert kinds == [
        ("action", "investigation.create"),
        ("note", "comment"),
        ("action", "investigation.start"),
    ]


def test_an_alert_of_another_open_investigation_is_409_naming_it(api, in_acme):
    alert = alert_in(in_acme).shown_id
    first = api.post(CASES, {"alert_ids": [alert]}).json()

    refused = api.post(CASES, {"alert_ids": [alert]})

    assert refused.status_code == 409
    assert first["investigation_number"] in refused.json()["detail"]
    assert len(api.get(CASES).json()["results"]) == 1


def test_holding_needs_a_reason_and_closing_too(api):
    url = f"{CASES}/{api.post(CASES, {}).json()['id']}"
    api.post(f"{url}/start")

    assert api.post(f"{url}/hold").json()["field"] == "pause_reason"
    assert api.post(f"{url}/hold", {"pause_reason": "the supplier"}).status_code == 200
    assert api.post(f"{url}/close").status_code == 422
    assert api.patch(url, {"status": "closed", "closure_reason": "done"}).status_code == 200


def test_escalating_an_investigation_leaves_its_status_and_opens_an_incident(api, in_acme):
    case = api.post(CASES, {"alert_ids": [alert_in(in_acme).shown_id]}).json()

    moved = api.post(f"{CASES}/{case['id']}/escalate", {"note": "big"}).json()

    assert moved["status"] == "new"
    incident = api.get(f"{INCIDENTS}/{moved['escalated_to_incident_id']}").json()
    assert incident["consolidated_investigation_ids"] == [case["id"]]
    assert incident["triggered_by_alert_ids"] == []


def test_consolidated_investigations_are_the_set_wanted(api, in_acme):
    one, two = (case_in(in_acme).shown_id for _ in range(2))
    url = INCIDENTS

    incident = api.post(url, {"consolidated_investigation_ids": [one]}).json()
    changed = api.patch(f"{url}/{incident['id']}", {"consolidated_investigation_ids": [two]}).json()

    assert incident["consolidated_investigation_ids"] == [one]
    assert changed["consolidated_investigation_ids"] == [two]


def test_references_of_another_tenant_answer_like_unknown_ones(api, acme, globex):
    with tenancy.tenant_scope(globex.tenant.pk):
        alert, case = alert_in(globex), case_in(globex)
    pairs = [
        (CASES, "alert_ids", [alert.shown_id], ["alr_01j00000000000000000000000"]),
        (
            INCIDENTS,
            "consolidated_investigation_ids",
            [case.shown_id],
            ["inv_01j00000000000000000000000"],
        ),
        (
            INCIDENTS,
            "owner_id",
            globex.people["viewer"].shown_id,
            "per_01j00000000000000000000000",
        ),
    ]
    for url, name, foreign, unknown in pairs:
        answers = [api.post(url, {name: value}) for value in (foreign, unknown)]
        masked = [
            each.content.replace(str(value if isinstance(value, str) else value[0]).encode(), b"*")
            for each, value in zip(answers, (foreign, unknown), strict=True)
        ]

        assert [each.status_code for each in answers] == [400, 400]
        assert masked[0] == masked[1]


def test_numbers_and_times_are_json_numbers_and_iso_text(api):
    body = {
        "financial_impact": 1250000.5,
        "first_event_at": "2026-01-01T00:00:00Z",
        "detected_at": "2026-01-01T01:30:00Z",
    }

    incident = api.post(INCIDENTS, body).json()

    assert (incident["financial_impact"], incident["mttd_minutes"]) == (1250000.5, 90.0)
    assert incident["detected_at"] == "2026-01-01T01:30:00Z"


def test_facts_of_the_future_are_refused_by_name(api):
    incident = api.post(INCIDENTS, {}).json()

    refused = api.post(f"{INCIDENTS}/{incident['id']}/contain", {"at": "2999-01-01T00:00:00Z"})

    assert (refused.status_code, refused.json()["field"]) == (400, "contained_at")


def test_compliance_writes_incidents_but_no_alerts(acme):
    client = factories.client_for(acme, "compliance")

    assert client.post(INCIDENTS, {"title": "Lost laptop"}).status_code == 201
    assert client.post(CASES, {}).status_code == 403


@pytest.mark.parametrize(
    ("url", "query", "found"),
    [
        (CASES, "status=new", 1),
        (CASES, "priority=high", 0),
        (CASES, "status=nonsense", None),
        (INCIDENTS, "status=detected&severity=medium", 1),
        (INCIDENTS, "detected_after=2999-01-01T00:00:00Z", 0),
        (INCIDENTS, "owner_id=none", 1),
    ],
)
def test_filters(api, url, query, found):
    api.post(url, {})

    answer = api.get(f"{url}?{query}")

    if found is None:
        assert answer.status_code == 400
    else:
        assert len(answer.json()["results"]) == found


def test_signed_in_people_browse_the_api(acme, client):
    client.force_login(acme.people["analyst"], backend="core.permissions.PersonBackend")

    page = client.get(CASES, HTTP_ACCEPT="text/html")

    assert page.status_code == 200
    assert b"Investigation" in page.content
    assert client.post(CASES, {}, content_type="application/json").status_code == 201


def test_a_session_without_csrf_writes_nothing(acme):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(acme.people["analyst"], backend="core.permissions.PersonBackend")

    assert client.post(CASES, {}, content_type="application/json").status_code == 403


def test_a_timeline_ends_with_the_newest_and_is_bounded(api, in_acme, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 3)
    case = case_in(in_acme)
    for number in range(5):
        comments.add(case, actor=in_acme.actor(), text=str(number))

    timeline = api.get(f"{CASES}/{case.shown_id}").json()["timeline"]

    assert [entry["text"] for entry in timeline] == ["2", "3", "4"]
