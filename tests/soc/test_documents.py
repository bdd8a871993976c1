"""Context documents: targeting, versions, and where they are shown."""

import pytest

from core import ids
from tests import factories
from tests.soc.factories import ALERTS, made

URL = "/api/v1/soc/context-documents"
WEB = {"conditions": [{"field": "host_name", "op": "starts_with", "value": "web-"}]}


@pytest.fixture
def manager(acme):
    return factories.client_for(acme, "manager")


def written(client, **values):
    answer = client.post(URL, values)
    assert answer.status_code == 201, answer.content
    return answer.json()


def shown(client, alert):
    answer = client.get(f"{ALERTS}/{alert['id']}/context-documents")
    return [row["title"] for row in answer.json()["results"]]


def test_an_empty_body_makes_a_document_that_concerns_no_alert(manager):
    document = written(manager)

    assert (document["title"], document["document_type"]) == ("Untitled document", "note")
    assert (document["is_global"], document["targeting_rules"]) == (False, {})
    assert shown(manager, made(manager)) == []


def test_a_document_is_shown_with_the_alerts_that_its_rules_name(manager):
    written(manager, title="For all", is_global=True)
    written(manager, title="Web servers", targeting_rules=WEB)

    web = shown(manager, made(manager, host={"name": "WEB-01"}))
    other = shown(manager, made(manager, host={"name": "db-01"}))

    assert (web, other) == (["Web servers", "For all"], ["For all"])


@pytest.mark.parametrize(("match", "expected"), [("all", []), ("any", ["Either"])])
def test_rules_match_all_or_any(manager, match, expected):
    no = {"field": "category", "op": "equals", "value": "cloud"}
    rules = {"match": match, "conditions": [*WEB["conditions"], no]}
    written(manager, title="Either", targeting_rules=rules)

    assert shown(manager, made(manager, host={"name": "web-01"})) == expected


def test_rules_see_indicators_and_assets(manager):
    ranges = {"field": "indicators", "op": "in_network", "value": "203.0.113.0/24"}
    asset = {"field": "assets", "op": "equals", "value": "pay-01"}
    written(manager, title="Range", targeting_rules={"conditions": [ranges]})
    written(manager, title="Asset", targeting_rules={"conditions": [asset]})

    alert = made(
        manager,
        indicators=[{"type": "ip", "value": "203.0.113.66"}],
        affected_assets=[{"type": "host", "label": "pay-01"}],
    )

    assert shown(manager, alert) == ["Asset", "Range"]


@pytest.mark.parametrize(
    "rules",
    [
        [],
        {"any": []},
        {"match": "most", "conditions": []},
        {"conditions": [{"field": "x"}]},
        {"conditions": "all"},
    ],
)
def test_rules_that_cannot_be_read_are_refused_by_name(manager, rules):
    answer = manager.post(URL, {"targeting_rules": rules})

    assert (answer.status_code, answer.json()["field"]) == (400, "targeting_rules")


def test_every_version_is_kept_with_its_text(manager):
    document = written(manager, title="Scanner", content="Runs on Mondays.")
    manager.patch(f"{URL}/{document['id']}", {"content": "Runs on Tuesdays.", "note": "moved"})

    versions = manager.get(f"{URL}/{document['id']}/versions").json()["results"]

    assert [(row["version"], row["content"]) for row in versions] == [
        (2, "Runs on Tuesdays."),
        (1, "Runs on Mondays."),
    ]
    assert manager.get(f"{URL}/{document['id']}").json()["version"] == 2


def test_the_seed_page_shows_it_with_every_field(manager):
    document = written(manager, title="For all", is_global=True, content="Call.", tags=["a"])
    alert = made(manager)

    data = manager.get(f"/v1/alerts/{ids.read('alr', alert['id'])}").json()["data"]

    [row] = data["context_documents"]
    assert row["uuid"] == str(ids.read("doc", document["id"]))
    same = ("title", "document_type", "is_global", "description", "tags", "version", "content")
    assert {name: row[name] for name in same} == {name: document[name] for name in same}
    assert {"created_at", "updated_at", "targeting_rules"} <= set(row)


def test_who_only_triages_reads_but_does_not_write(acme, manager):
    written(manager, title="For all", is_global=True)
    analyst = factories.client_for(acme, "analyst")

    answer = analyst.post(URL, {})

    assert len(analyst.get(URL).json()["results"]) == 1
    assert answer.status_code == 403
    assert "soc:configure" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("values", "field"), [({"document_type": "poem"}, "document_type"), ({"titel": "x"}, "titel")]
)
def test_bad_input_is_refused_by_name(manager, values, field):
    answer = manager.post(URL, values)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_deleted_document_is_shown_no_more_and_comes_back(manager):
    document = written(manager, title="For all", is_global=True)
    alert = made(manager)
    manager.delete(f"{URL}/{document['id']}")
    while_gone = shown(manager, alert)

    manager.post(f"{URL}/{document['id']}/restore")

    assert (while_gone, shown(manager, alert)) == ([], ["For all"])


def test_another_tenants_document_is_never_shown(manager, globex):
    theirs = written(factories.client_for(globex, "manager"), is_global=True)

    assert shown(manager, made(manager)) == []
    assert manager.get(f"{URL}/{theirs['id']}").status_code == 404
    assert manager.get(f"{URL}/{theirs['id']}/versions").status_code == 404
