"""The alert over REST: fields of the seed page, verbs, refusals."""

import pytest

from core import tenancy
from tests import factories
from tests.soc.factories import ALERTS as URL
from tests.soc.factories import alert_in, made

SEED = """
id tenant_id created_at updated_at created_by updated_by source source_type is_deleted deleted_at
deleted_by schema_version title description severity status verdict source_alert source_id timestamp
mitre_tactic mitre_technique kill_chain_phase host user indicators related_alert_ids
related_finding_ids assignee_id investigation_id playbook_run_ids ticket_ref raw_data tags
"""
SEED_FIELDS = SEED.split()


def test_an_empty_body_makes_an_alert_with_every_field_of_the_seed_page(api):
    alert = made(api)

    assert [name for name in SEED_FIELDS if name not in alert] == []
    assert (alert["title"], alert["status"], alert["source"]) == ("Untitled alert", "open", "edm")
    assert "app_id" not in alert


def test_what_is_written_reads_back(api, acme):
    body = {
        "title": "Suspicious login from new country",
        "description": "First seen location.",
        "severity": "high",
        "category": "identity",
        "source_name": "homebase_identity",
        "timestamp": "2025-06-01T03:14:00Z",
        "mitre_tactics": ["TA0001"],
        "mitre_techniques": ["T1078"],
        "host": {"name": "WS-0417", "ip": "192.0.2.17"},
        "user": {"name": "e.maddox"},
        "affected_assets": [{"type": "user", "id": None, "label": "e.maddox"}],
        "indicators": [{"type": "ip", "value": "203.0.113.66"}],
        "tags": ["travel", " travel ", "vip"],
        "ticket_ref": {"system": "jira", "key": "SEC-1"},
        "assignee_id": acme.people["analyst"].shown_id,
        "raw_data": {"anything": [1, 2]},
    }

    alert = api.get(f"{URL}/{made(api, **body)['id']}").json()

    same = (
        "title",
        "description",
        "severity",
        "category",
        "host",
        "user",
        "ticket_ref",
        "raw_data",
    )
    assert {name: alert[name] for name in same} == {name: body[name] for name in same}
    assert (alert["timestamp"], alert["occurred_at"]) == (body["timestamp"], body["timestamp"])
    assert (alert["mitre_tactic"], alert["mitre_technique"]) == ("TA0001", "T1078")
    assert (alert["host_name"], alert["user_name"]) == ("ws-0417", "e.maddox")
    assert alert["tags"] == ["travel", "vip"]
    assert alert["assignee_id"] == body["assignee_id"]
    assert [(each["type"], each["value"]) for each in alert["indicators"]] == [
        ("ip", "203.0.113.66")
    ]


def test_what_the_server_sets_is_ignored_in_a_body(api, acme, globex):
    sent = {
        "id": "rec_01HXEXAMPLE",
        "tenant_id": globex.tenant.shown_id,
        "created_at": "2026-01-01T00:00:00Z",
        "created_by": "rec_01HXEXAMPLE",
        "is_deleted": True,
        "malice": "malicious",
    }

    alert = made(api, **sent)

    assert alert["tenant_id"] == acme.tenant.shown_id
    assert alert["created_by"] == acme.people["tenant_admin"].shown_id
    assert (alert["is_deleted"], alert["malice"]) == (False, "pending")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"nonsense": 1}, "nonsense"),
        ({"severity": "enormous"}, "severity"),
        ({"tags": "one"}, "tags"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"assignee_id": "per_unknown"}, "assignee_id"),
        ({"indicators": [{"type": "ip", "value": "not an ip"}]}, "indicators"),
        ({"indicators": [{"type": "colour", "value": "red"}]}, "indicators"),
        ({"related_alert_ids": ["alr_unknown"]}, "related_alert_ids"),
        ({"title": "x" * 3000}, "title"),
        ({"source_id": "x" * 501}, "source_id"),
    ],
)
def test_a_bad_value_is_a_400_that_names_the_field(api, body, field):
    refused = api.post(URL, body)

    assert refused.status_code == 400
    problem = refused.json()
    assert refused["Content-Type"] == "application/problem+json"
    assert problem.get("field") == field or field in problem["errors"]
    assert api.get(URL).json()["results"] == []


def test_the_longest_texts_fit_into_their_indexes_and_are_found(api):
    for name, longest in {"source_id": 500, "title": 2000, "category": 200}.items():
        alert = made(api, **{name: factories.widest(longest)})

        found = api.get(URL, {name: alert[name]}).json()["results"]

        assert [row["id"] for row in found] == [alert["id"]]


def test_the_line_of_the_contract(api):
    url = f"{URL}/{made(api)['id']}"

    assert api.post(f"{url}/acknowledge", {"note": "seen"}).json()["status"] == "acknowledged"
    assert api.post(f"{url}/triage").json()["status"] == "triaging"
    escalated = api.post(f"{url}/escalate", {"note": "real"}).json()
    assert escalated["status"] == "escalated"
    assert escalated["investigation_id"].startswith("inv_")
    assert escalated["incident_ids"][0].startswith("inc_")
    resolved = api.post(f"{url}/resolve", {"resolution": "mitigated", "note": "done"}).json()
    assert (resolved["status"], resolved["resolution"]) == ("resolved", "mitigated")
    closed = api.post(f"{url}/close", {"close_classification": "Undetermined"}).json()
    assert closed["verdict"] == "insufficient_data"
    assert api.post(f"{url}/reopen").json()["closed_at"] is None
    assert api.post(f"{url}/suppress").json()["status"] == "suppressed"
    assert api.post(f"{url}/comments", {"text": "hello"}).status_code == 201
    assert [each["text"] for each in api.get(f"{url}/comments").json()["results"]] == ["hello"]


def test_the_history_says_who_did_what_why_and_which_fields_changed(api, acme):
    url = f"{URL}/{made(api)['id']}"
    api.post(f"{url}/acknowledge", {"note": "seen"})

    first = api.get(f"{url}/history").json()["results"][0]

    assert first["actor_id"] == acme.people["tenant_admin"].shown_id
    assert (first["verb"], first["note"]) == ("alert.acknowledge", "seen")
    assert first["changes"]["status"] == ["open", "acknowledged"]
    assert set(first) == {"at", "actor_id", "verb", "note", "correlation_id", "changes"}


def test_a_refused_move_names_the_moves_that_are_allowed(api):
    url = f"{URL}/{made(api)['id']}"

    refused = api.post(f"{url}/reopen")

    assert refused.status_code == 409
    assert "acknowledge" in refused.json()["allowed"]
    assert api.post(f"{url}/close", {}).status_code == 422
    assert api.post(f"{url}/close", {}).json()["field"] == "close_classification"


def test_a_status_in_a_patch_is_its_verb(api):
    url = f"{URL}/{made(api)['id']}"

    moved = api.patch(url, {"status": "acknowledged", "severity": "low"}).json()

    assert (moved["status"], moved["severity"]) == ("acknowledged", "low")
    assert api.patch(url, {"status": "acknowledged"}).status_code == 200
    assert api.patch(url, {"status": "suppressed"}).json()["status"] == "suppressed"
    assert api.patch(url, {"status": "closed"}).status_code == 409


def test_put_is_not_allowed(api):
    assert api.put(f"{URL}/{made(api)['id']}", {}).status_code == 405


def test_of_two_writers_with_the_same_etag_one_is_told(api):
    url = f"{URL}/{made(api)['id']}"
    etag = api.get(url)["ETag"]

    first = api.patch(url, {"title": "one"}, HTTP_IF_MATCH=etag)
    second = api.patch(url, {"title": "two"}, HTTP_IF_MATCH=etag)

    assert (first.status_code, second.status_code) == (200, 412)
    assert api.patch(url, {"title": "three"}).status_code == 200


@pytest.mark.parametrize("form", ["prefixed", "uuid"])
def test_both_forms_of_an_id_are_accepted(api, in_acme, form):
    alert = alert_in(in_acme)
    name = alert.shown_id if form == "prefixed" else str(alert.pk)

    assert api.get(f"{URL}/{name}").status_code == 200
    assert api.get(f"{URL}/{name}/").status_code == 200


def test_every_id_that_is_not_ours_gives_the_same_404(api, globex):
    with tenancy.tenant_scope(globex.tenant.pk):
        foreign = alert_in(globex)
    names = [
        foreign.shown_id,
        str(foreign.pk),
        foreign.shown_id.upper(),
        foreign.shown_id.replace("alr", "inv"),
        "alr_01j00000000000000000000000",
        "7",
    ]

    answers = {api.get(f"{URL}/{name}").content for name in names}

    assert len(answers) == 1
    assert {api.get(f"{URL}/{name}").status_code for name in names} == {404}


def test_bulk_answers_for_each_alert_by_itself(api, acme, globex):
    with tenancy.tenant_scope(globex.tenant.pk):
        foreign = alert_in(globex).shown_id
    mine = made(api)["id"]

    answer = api.post(f"{URL}/bulk/acknowledge", {"ids": [mine, foreign, "alr_x"], "note": "all"})

    assert [each["status"] for each in answer.json()["results"]] == [200, 404, 404]
    problems = [each["problem"] for each in answer.json()["results"][1:]]
    assert problems[0] == problems[1]
    assert api.post(f"{URL}/bulk/explode", {"ids": [mine]}).status_code == 404


def test_bulk_assign_and_bulk_close(api, acme):
    ids = [made(api)["id"] for _ in range(3)]
    person = acme.people["analyst"].shown_id

    api.post(f"{URL}/bulk/assign", {"ids": ids, "assignee_id": person})
    closed = api.post(
        f"{URL}/bulk/close", {"ids": ids, "close_classification": "Not Applicable"}
    ).json()

    assert {each["status"] for each in closed["results"]} == {200}
    assert {row["assignee_id"] for row in api.get(URL).json()["results"]} == {person}


def test_an_idempotency_key_makes_one_alert_and_replays_the_answer(api):
    first = api.post(URL, {"title": "once"}, HTTP_IDEMPOTENCY_KEY="k-1")
    again = api.post(URL, {"title": "once"}, HTTP_IDEMPOTENCY_KEY="k-1")
    other = api.post(URL, {"title": "twice"}, HTTP_IDEMPOTENCY_KEY="k-1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert len(api.get(URL).json()["results"]) == 1


def test_an_idempotency_key_of_another_person_is_another_key(api, acme):
    api.post(URL, {}, HTTP_IDEMPOTENCY_KEY="k-1")

    factories.client_for(acme, "analyst").post(URL, {}, HTTP_IDEMPOTENCY_KEY="k-1")

    assert len(api.get(URL).json()["results"]) == 2


def test_a_refused_request_may_use_its_key_again(api):
    assert api.post(URL, {"severity": "x"}, HTTP_IDEMPOTENCY_KEY="k").status_code == 400
    assert api.post(URL, {"severity": "low"}, HTTP_IDEMPOTENCY_KEY="k").status_code == 201


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b'{"title": "a", "title": "b"}', "application/json", 400),
        (b'{"title": "\\u0000"}', "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"raw_data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/json", 400),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "text/xml", 415),
        (b'{"description": "' + b"x" * (11 * 1024 * 1024) + b'"}', "application/json", 413),
    ],
)
def test_a_hostile_body_costs_the_sender_a_4xx(api, body, content_type, status):
    refused = api.generic("POST", URL, body, content_type=content_type)

    assert refused.status_code == status
    assert refused.json()["status"] == status
    assert api.get(URL).status_code == 200


@pytest.mark.parametrize("query", ["q=%00", "title=%00", "indicator=%00", "cursor=%00"])
def test_a_nul_in_the_query_is_a_400(api, query):
    assert api.get(f"{URL}?{query}").status_code == 400


def test_whoever_lacks_a_scope_gets_403_naming_it(acme, api):
    alert = made(api)
    viewer, analyst = (factories.client_for(acme, role) for role in ("viewer", "analyst"))

    assert viewer.get(URL).status_code == 200
    refused = viewer.post(f"{URL}/{alert['id']}/acknowledge")
    assert (refused.status_code, "soc:write" in refused.json()["detail"]) == (403, True)
    refused = analyst.post(f"{URL}/{alert['id']}/escalate")
    assert "sentinel:respond" in refused.json()["detail"]
    assert analyst.delete(f"{URL}/{alert['id']}").status_code == 403


def test_nobody_without_a_token_gets_in(db):
    from rest_framework.test import APIClient

    refused = APIClient().get(URL)

    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Bearer")


def test_delete_and_restore(api):
    url = f"{URL}/{made(api)['id']}"

    assert api.delete(url).status_code == 204
    assert api.get(url).status_code == 404
    assert api.get(f"{url}/history").status_code == 200
    assert api.post(f"{url}/restore", {"note": "by mistake"}).status_code == 200
    assert api.get(url).status_code == 200
