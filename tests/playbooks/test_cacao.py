"""CACAO 2.0: files of our own with every kind of step, files of others, and no secrets echoed."""

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

import soc.playbooks.cacao as package
from core import ids
from soc.playbooks.kinds import KINDS
from tests.playbooks.factories import PLAYBOOKS, connector, step

SCHEMA = json.loads((Path(package.__file__).parent / "schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PART = "-0000-4000-8000-000000000000"


def named(kind, number):
    return f"{kind}--{number:08d}{PART}"


def every_kind(cast):
    """A playbook with every kind of step."""
    http, mail, chat = (
        connector(cast, url, kind=kind, name=kind).shown_id
        for kind, url in (
            ("http", "https://fw.example.com"),
            ("smtp", "smtps://mail.example.com"),
            ("chat", "https://chat.example.com"),
        )
    )
    person = ids.show("per", cast.people["manager"].pk)
    high = [{"field": "severity", "op": "at_least", "value": "high"}]
    return [
        step("look", "enrich"),
        step("judge", "verdict", value="{{ alert.first.ip }}", malice="malicious", type="ip"),
        step("is-high", "condition", on_success="both", on_failure="tag", all=high),
        step("both", "parallel", on_success="wait", branches=["call", "write"]),
        step(
            "call",
            "http",
            on_success="hook",
            connector_id=http,
            method="POST",
            path="/block",
            headers={"X-A": "b"},
            body={"ip": "{{ alert.first.ip }}"},
            retries=2,
        ),
        step("hook", "webhook", on_success="end", connector_id=http, body={"a": 1}),
        step(
            "write",
            "email",
            on_success="say",
            connector_id=mail,
            to=["a@example.com"],
            subject="s",
            text="t",
        ),
        step("say", "chat", on_success="wait", connector_id=chat, text="hello"),
        step("wait", "wait", minutes=5),
        step("ask", "approval", on_failure="do", question="Sure?", count=2, person_ids=[person]),
        step("do", "manual", instructions="Pull the plug", deadline_minutes=30),
        step("tag", "tag", add=["x"]),
        step("give", "assign", assignee_id=person),
        step("move", "status", verb="triage"),
        step("tell", "comment", text="done"),
        step("todo", "task", title="Write it up", mandatory=True),
    ]


def valid(document):
    faults = [f"{list(each.path)}: {each.message}" for each in VALIDATOR.iter_errors(document)]
    assert faults == []
    return document


def taken_in(api, document):
    answer = api.post(f"{PLAYBOOKS}/import", {"cacao": document})
    assert answer.status_code == 201, answer.content
    return answer.json()


def exported(api, row):
    return api.get(f"{PLAYBOOKS}/{row['id']}/export").json()


KEPT = "name description category steps trigger_conditions trigger_on tags required_connector_ids"


def test_every_kind_of_step_comes_back_equal(api, in_acme):
    steps = every_kind(in_acme)
    assert {each["kind"] for each in steps} == set(KINDS)
    made = api.post(
        PLAYBOOKS,
        {
            "name": "All",
            "category": "containment",
            "steps": steps,
            "tags": ["a"],
            "trigger_conditions": [{"field": "tags", "op": "exists"}],
            "trigger_on": ["escalated"],
        },
    ).json()

    document = valid(exported(api, made))
    again = taken_in(api, document)

    assert {name: again[name] for name in KEPT.split()} == {
        name: made[name] for name in KEPT.split()
    }
    assert (again["faults"], again["enabled"], again["auto_execute"]) == ([], True, False)
    second = valid(exported(api, again))
    assert {**second, "modified": ""} == {**document, "modified": ""}


def foreign(**changes):
    """A file as another tool writes it, with one of each type of step."""
    start, first, both, cond, loop, switch, other = (
        named(kind, number)
        for number, kind in enumerate(
            (
                "start",
                "action",
                "parallel",
                "if-condition",
                "while-condition",
                "switch-condition",
                "playbook-action",
            )
        )
    )
    ends = [named("end", number) for number in range(10, 20)]
    acts = [named("action", number) for number in range(20, 26)]
    agent = named("organization", 1)

    def act(number, then, **more):
        command = {"type": "bash", "command": f"run {number}"}
        return {
            "type": "action",
            "name": f"Act {number}",
            "on_completion": then,
            "commands": [command],
            "agent": agent,
            **more,
        }

    workflow = {
        start: {"type": "start", "on_completion": first},
        first: act(
            0,
            both,
            commands=[
                {"type": "manual", "command": "Look", "x_mark": 1},
                {
                    "type": "http-api",
                    "command": "GET /x HTTP/1.1",
                    "headers": {"Authorization": ["Bearer canary-7"]},
                },
            ],
            delay=60000,
            timeout=120000,
        ),
        both: {"type": "parallel", "name": "Both", "next_steps": acts[:2], "on_completion": cond},
        acts[0]: act(1, ends[0]),
        acts[1]: act(2, ends[1]),
        cond: {
            "type": "if-condition",
            "condition": "[x:y = 'z']",
            "on_true": acts[2],
            "on_false": ends[2],
            "on_completion": loop,
        },
        acts[2]: act(3, ends[3]),
        loop: {
            "type": "while-condition",
            "condition": "[a:b > 1]",
            "on_true": acts[3],
            "on_completion": switch,
        },
        acts[3]: act(4, ends[4]),
        switch: {
            "type": "switch-condition",
            "switch": "__kind__:value",
            "cases": {"a": acts[4], "b": acts[5]},
            "on_completion": other,
        },
        acts[4]: act(5, ends[5]),
        acts[5]: act(6, ends[6]),
        other: {
            "type": "playbook-action",
            "playbook_id": named("playbook", 9),
            "on_completion": ends[7],
        },
        **{end: {"type": "end"} for end in ends[:8]},
    }
    return {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": named("playbook", 1),
        "name": "Of another tool",
        "created_by": named("identity", 1),
        "created": "2024-01-01T00:00:00.000Z",
        "modified": "2024-01-02T00:00:00.000Z",
        "playbook_types": ["detection", "investigation"],
        "x_vendor": {"kept": [1, 2]},
        "workflow_start": start,
        "workflow": workflow,
        "agent_definitions": {agent: {"type": "organization", "name": "Us"}},
        "target_definitions": {
            named("ssh", 1): {"type": "ssh", "name": "srv", "password": "canary-8", "port": "22"}
        },
        "playbook_variables": {"__password__": {"type": "string", "value": "canary-9"}},
        **changes,
    }


def test_a_file_of_another_tool_is_read_whole_and_lists_what_a_person_must_see(api):
    row = taken_in(api, foreign())

    kinds = [each["kind"] for each in row["steps"]]
    told = " ".join(row["faults"])
    assert (row["enabled"], row["category"]) == (False, "identification")
    assert Counter(kinds) == {"manual": 13, "wait": 1, "parallel": 1}
    for word in (
        "bash command",
        "http-api command",
        "a condition of the file",
        "is a loop",
        "runs another playbook",
        "A secret was left out",
    ):
        assert word in told
    assert api.patch(f"{PLAYBOOKS}/{row['id']}", {"enabled": True}).status_code == 409
    saved = api.patch(f"{PLAYBOOKS}/{row['id']}", {"steps": row["steps"], "enabled": True}).json()
    assert (saved["faults"], saved["enabled"]) == ([], True)


def test_what_a_file_holds_beside_comes_back_and_its_secrets_never(api):
    row = taken_in(api, foreign())

    document = valid(exported(api, row))
    again = taken_in(api, document)

    assert document["x_vendor"] == {"kept": [1, 2]}
    assert document["id"] == named("playbook", 1)
    commands = document["workflow"][named("action", 1)]["commands"]
    assert commands[0] == {"type": "manual", "command": "Look", "x_mark": 1}
    assert again["steps"] == row["steps"]
    texts = json.dumps([row, document, api.get(f"{PLAYBOOKS}/{row['id']}/history").json()])
    assert "canary" not in texts


def test_a_workflow_that_another_tool_changed_is_read_anew(api):
    document = exported(api, api.post(PLAYBOOKS, {"steps": [step("a", "enrich")]}).json())
    action = next(key for key in document["workflow"] if key.startswith("action"))
    document["workflow"][action]["name"] = "Changed elsewhere"

    row = taken_in(api, document)

    assert [(each["kind"], each["name"]) for each in row["steps"]] == [
        ("manual", "Changed elsewhere")
    ]


def test_a_step_whose_connector_is_not_here_becomes_a_task(api, in_acme):
    target = connector(in_acme, "https://fw.example.com", name="Firewall")
    made = api.post(PLAYBOOKS, {"steps": [step("a", "http", connector_id=target.shown_id)]}).json()
    document = exported(api, made)
    text = json.dumps(document).replace(target.shown_id, f"con_{'0' * 26}")

    here = taken_in(api, json.loads(text))
    gone = taken_in(api, json.loads(text.replace("Firewall", "Proxy")))

    assert here["steps"][0]["with"]["connector_id"] == target.shown_id
    assert (gone["steps"][0]["kind"], gone["enabled"]) == ("manual", False)
    assert gone["faults"] == ["Step 'a' needs the connector 'Proxy'."]


def looping():
    document = foreign()
    document["workflow"][named("action", 20)]["on_completion"] = named("action", 20)
    return document


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"type": "playbook", "workflow": {}},
        {"workflow": {"a": None, "b": 3, "c": {"type": "action", "commands": "x"}}},
        {"workflow": {"a": {"type": "parallel", "next_steps": [{}, 1, "a"]}}},
        {"workflow": {"a": {"type": "switch-condition", "cases": []}}, "labels": "x"},
        {"playbook_types": 5, "workflow_start": {}, "workflow": {"x": {"type": "mystery"}}},
        foreign(workflow_start=named("start", 99)),
        looping(),
    ],
)
def test_whatever_is_missing_is_filled_and_the_export_is_valid(api, document):
    row = taken_in(api, document)

    valid(exported(api, row))
    assert row["enabled"] is False


@pytest.mark.parametrize(
    ("document", "status"),
    [({"type": "malware"}, 400), ({"workflow": []}, 400), ({"x": "y" * 1_100_000}, 413)],
)
def test_what_is_no_playbook_is_refused(api, document, status):
    assert api.post(f"{PLAYBOOKS}/import", {"cacao": document}).status_code == status
