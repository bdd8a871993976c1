"""The seed page "Playbook": every field, its operations, and its example as it stands there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import ids
from soc.models import PlaybookRun
from tests import factories
from tests.playbooks.factories import PLAYBOOKS, RUNS, connector, step, worked
from tests.soc.factories import ALERTS, within

FIELDS = """
id tenant_id created_at updated_at created_by updated_by source source_type is_deleted deleted_at
deleted_by schema_version name description category trigger_conditions auto_execute mitre_tactics
mitre_techniques steps required_connector_ids owner_id enabled last_run_at last_run_id run_stats
tags
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


def test_the_example_of_the_page_makes_a_row_with_every_field(api):
    answer = api.post(PLAYBOOKS, EXAMPLE)

    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert [name for name in FIELDS.split() if name not in row] == []
    assert row["id"].startswith("pbk_")
    assert (row["name"], row["enabled"], row["auto_execute"]) == ("Untitled playbook", True, False)
    assert (row["steps"], row["trigger_conditions"], row["last_run_id"]) == ([], [], None)
    assert api.get(f"{PLAYBOOKS}/{row['id']}").json() == row
    assert api.get(PLAYBOOKS).json()["results"][0] == row


def test_what_is_written_reads_back(api, acme, in_acme):
    firewall = connector(in_acme, "https://firewall.example.com").shown_id
    written = {
        "name": "Block the sender",
        "description": "At the gateway.",
        "category": "containment",
        "trigger_conditions": [{"field": "severity", "op": "at_least", "value": "high"}],
        "auto_execute": True,
        "mitre_tactics": ["TA0001"],
        "mitre_techniques": ["T1566"],
        "steps": [step("block", "http", connector_id=firewall, method="POST", path="/block")],
        "required_connector_ids": [firewall],
        "owner_id": ids.show("per", acme.people["manager"].pk),
        "enabled": False,
        "tags": ["mail"],
    }

    made = api.post(PLAYBOOKS, {}).json()
    answer = api.patch(f"{PLAYBOOKS}/{made['id']}", written)

    assert answer.status_code == 200, answer.content
    assert {name: answer.json()[name] for name in written} == written


def test_a_run_of_no_steps_succeeds_at_once_and_the_statistics_follow(api):
    made = api.post(PLAYBOOKS, {}).json()

    run = api.post(f"{PLAYBOOKS}/{made['id']}/run", {}).json()

    after = api.get(f"{PLAYBOOKS}/{made['id']}").json()
    assert (run["status"], run["playbook_version"]) == ("succeeded", 1)
    assert (after["last_run_id"], after["last_run_at"]) == (run["id"], run["created_at"])
    assert (after["run_stats"]["total"], after["run_stats"]["succeeded"]) == (1, 1)
    assert after["version"] == made["version"]


def test_the_alert_shows_its_runs_and_a_dry_run_is_none(api, acme):
    alert = api.post(ALERTS, {"title": "Phishing"}).json()
    made = api.post(
        PLAYBOOKS, {"steps": [step("mark", "tag", add=["{{ alert.severity }}"])]}
    ).json()

    run = api.post(f"{PLAYBOOKS}/{made['id']}/run", {"alert_id": alert["id"]}).json()
    api.post(f"{PLAYBOOKS}/{made['id']}/run", {"alert_id": alert["id"], "dry_run": True})
    within(acme, lambda: worked(PlaybookRun.objects.order_by("id").first()))

    seen = api.get(f"{ALERTS}/{alert['id']}").json()
    assert (seen["playbook_run_ids"], seen["tags"]) == ([run["id"]], ["pending"])
    assert api.get(f"{RUNS}/{run['id']}").json()["steps"][0]["output"] == {"tags": ["pending"]}


@pytest.mark.parametrize(
    ("body", "field", "told"),
    [
        ({"category": "revenge"}, "category", "lessons_learned"),
        ({"steps": {}}, "steps", "list"),
        ({"steps": [{"key": "x", "kind": "shell"}]}, "steps", "Step 1 (x), kind"),
        ({"steps": [step("x", "tag", ad=["a"])]}, "steps", "Step 1 (x), with.ad"),
        ({"steps": [step("x", "comment")]}, "steps", "with.text: this is needed"),
        ({"steps": [step("x", "comment", text="{{ settings.KEY }}")]}, "steps", "reaches outside"),
        ({"steps": [step("x", "comment", text="{{ a.b() }}")]}, "steps", "is no path"),
        ({"steps": [step("x", "comment", text="{{ steps.y.output }}")]}, "steps", "there is not"),
        ({"steps": [step("x", "enrich", on_success="x")]}, "steps", "leads back"),
        ({"steps": [step("x", "enrich", on_success="y")]}, "steps", "'y' is no step"),
        ({"steps": [step("x", "enrich"), step("x", "enrich")]}, "steps", "another step"),
        ({"steps": [step("x", "http", connector_id=f"con_{'0' * 26}")]}, "steps", "not known here"),
        (
            {
                "steps": [
                    step("x", "parallel", branches=["a", "b"]),
                    step("a", "enrich"),
                    step("b", "enrich"),
                ]
            },
            "steps",
            "two branches lead to 'b'",
        ),
        ({"trigger_conditions": [{"field": "x", "op": "equals"}]}, "trigger_conditions", "fields"),
        ({"trigger_on": ["full moon"]}, "trigger_on", "created"),
        ({"required_connector_ids": [f"con_{'0' * 26}"]}, "required_connector_ids", "not known"),
    ],
)
def test_a_fault_is_refused_by_step_and_field(api, body, field, told):
    answer = api.post(PLAYBOOKS, body)

    assert answer.status_code == 400, answer.content
    assert told in answer.content.decode()
    assert field in answer.content.decode()


def test_another_tenants_playbook_and_run_are_not_found(api, globex):
    theirs = factories.client_for(globex)
    made = theirs.post(PLAYBOOKS, {}).json()
    run = theirs.post(f"{PLAYBOOKS}/{made['id']}/run", {}).json()

    assert api.get(f"{PLAYBOOKS}/{made['id']}").status_code == 404
    assert api.post(f"{PLAYBOOKS}/{made['id']}/run", {}).status_code == 404
    assert api.post(f"{RUNS}/{run['id']}/retry", {"step": "x"}).status_code == 404
    assert api.get(PLAYBOOKS).json()["results"] == []


@pytest.mark.parametrize(
    ("role", "write", "run"),
    [("viewer", 403, 403), ("analyst", 403, 403), ("responder", 403, 201), ("manager", 201, 201)],
)
def test_writing_and_running_have_scopes_of_their_own(api, acme, role, write, run):
    made = api.post(PLAYBOOKS, {}).json()
    person = factories.client_for(acme, role)

    assert person.post(PLAYBOOKS, {}).status_code == write
    assert person.post(f"{PLAYBOOKS}/{made['id']}/run", {}).status_code == run


def test_a_list_takes_as_many_queries_for_twenty_rows_as_for_two(api):
    counted = []
    for many in (2, 18):
        for _ in range(many):
            made = api.post(PLAYBOOKS, {}).json()
            api.post(f"{PLAYBOOKS}/{made['id']}/run", {})
        with CaptureQueriesContext(connection) as queries:
            api.get(PLAYBOOKS)
            api.get(RUNS)
        counted.append(len(queries))

    assert counted[0] == counted[1]
