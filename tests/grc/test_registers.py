"""Assets, accounts and risks: written, read in and out, linked to incidents."""

import pytest

from core.errors import BadInput
from grc.services import assets
from tests import factories

GRC = "/api/v1/grc"
PATHS = {"assets": "ast", "accounts": "acc", "risks": "rsk"}


def made(api, path, **values):
    answer = api.post(f"{GRC}/{path}", values, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.mark.parametrize(("path", "prefix"), PATHS.items())
def test_a_row_is_made_changed_deleted_and_restored(api, path, prefix):
    row = made(api, path)
    assert row["id"].startswith(f"{prefix}_")
    url = f"{GRC}/{path}/{row['id']}"

    changed = api.patch(url, {"name": "Payroll", "tags": ["a"]}, format="json").json()
    api.delete(url)
    gone = api.get(url).status_code
    back = api.post(f"{url}/restore", {}, format="json").json()

    assert (changed["name"], gone, back["name"]) == ("Payroll", 404, "Payroll")


@pytest.mark.parametrize("path", PATHS)
def test_a_name_is_as_long_as_its_index_takes(api, path):
    made(api, path, name=factories.widest(500))

    refused = api.post(f"{GRC}/{path}", {"name": "x" * 501}, format="json")
    lines = api.post(f"{GRC}/{path}/import", {"csv": f"name\n{'x' * 501}\n"}, format="json").json()

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["name"])
    assert lines["results"][0]["field"] == "name"


@pytest.mark.parametrize("path", PATHS)
def test_another_tenants_row_is_not_found(api, globex, path):
    theirs = made(factories.client_for(globex), path)

    assert api.get(f"{GRC}/{path}/{theirs['id']}").status_code == 404
    assert api.get(f"{GRC}/{path}").json()["results"] == []


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_who_may_not_write_grc_writes_no_register(acme, role):
    answer = factories.client_for(acme, role).post(f"{GRC}/assets", {}, format="json")

    assert answer.status_code == 403


def test_a_parent_below_the_asset_itself_is_refused(in_acme):
    actor = in_acme.actor()
    top = assets.create({"name": "Data centre"}, actor=actor)
    middle = assets.create({"name": "Rack", "parent_id": top}, actor=actor)
    low = assets.create({"name": "Server", "parent_id": middle}, actor=actor)

    for parent in (top, low):
        with pytest.raises(BadInput) as refusal:
            assets.update(top, {"parent_id": parent}, actor=actor)
        assert refusal.value.field == "parent_id"


def test_a_risk_is_weighed_on_the_tenants_scale(api):
    risk = made(api, "risks", inherent_likelihood=4, inherent_impact=5, residual_impact=2)
    smaller = {"likelihood_steps": 3, "impact_steps": 5}

    refused = api.post(f"{GRC}/risks/scale", smaller, format="json")
    api.patch(f"{GRC}/risks/{risk['id']}", {"inherent_likelihood": 3}, format="json")
    taken = api.post(f"{GRC}/risks/scale", smaller, format="json")
    above = api.post(f"{GRC}/risks", {"inherent_likelihood": 4}, format="json")

    assert (risk["inherent_score"], risk["residual_score"]) == (20, None)
    assert (refused.status_code, taken.status_code, above.status_code) == (409, 200, 400)
    assert "1 to 3 on this scale" in above.content.decode()
    assert api.get(f"{GRC}/risks/scale").json()["likelihood_steps"] == 3


def test_an_incident_names_what_it_touched_and_each_row_names_the_incident(api):
    asset, account, risk = (made(api, path) for path in PATHS)
    links = {
        "affected_asset_ids": [asset["id"]],
        "affected_account_ids": [account["id"]],
        "realized_risk_ids": [risk["id"]],
    }

    incident = made(api, "incidents", **links)

    assert {name: incident[name] for name in links} == links
    for path, row in zip(PATHS, (asset, account, risk), strict=True):
        assert api.get(f"{GRC}/{path}/{row['id']}").json()["incident_ids"] == [incident["id"]]
    url = f"{GRC}/incidents/{incident['id']}"
    emptied = api.patch(url, {"realized_risk_ids": []}, format="json").json()
    assert emptied["realized_risk_ids"] == []
    assert emptied["affected_asset_ids"] == links["affected_asset_ids"]


def test_a_file_is_looked_at_line_by_line_and_written_whole_or_not_at_all(api):
    url = f"{GRC}/assets/import"
    good = "name,criticality,identifiers\nPayroll,high,srv-1; 10.0.0.1\n"
    bad = good + "Wiki,enormous,\n"

    looked = api.post(url, {"csv": bad}, format="json").json()
    refused = api.post(url, {"csv": bad, "commit": True}, format="json").json()
    assert api.get(f"{GRC}/assets").json()["results"] == []
    taken = api.post(url, {"csv": good, "commit": True}, format="json").json()

    assert (looked["committed"], refused["committed"], taken["committed"]) == (False, False, True)
    assert looked["results"][1]["field"] == "criticality"
    assert looked["results"][1]["number"] == 3
    [row] = api.get(f"{GRC}/assets").json()["results"]
    assert row["identifiers"] == ["srv-1", "10.0.0.1"]


def test_a_file_with_an_unknown_column_is_refused_by_name(api):
    answer = api.post(f"{GRC}/assets/import", {"csv": "name,colour\na,b\n"}, format="json")

    assert answer.status_code == 400
    assert "colour" in answer.content.decode()


def test_what_is_read_out_can_be_read_in_and_runs_no_formula(api):
    made(api, "risks", name="=1+1", inherent_likelihood=2, tags=["a", "b"])

    text = api.get(f"{GRC}/risks/export").content.decode()
    back = api.post(f"{GRC}/risks/import", {"csv": text}, format="json").json()

    assert '"\'=1+1"' in text
    assert back["problems"] == 0
    assert back["results"][0]["values"]["name"] == "=1+1"
    assert back["results"][0]["values"]["tags"] == ["a", "b"]
