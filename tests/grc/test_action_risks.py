"""Corrective actions and the risks that they lower, over the API and in the desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from grc.services import action_risks, corrective_actions, risks
from tests import factories
from tests.web.test_desk import signed_in

GRC = "/api/v1/grc"
ACTIONS = f"{GRC}/corrective-actions"


def made(api, path, **values):
    answer = api.post(f"{GRC}/{path}", values, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_an_action_names_its_risks_and_each_risk_names_the_action(api):
    first, second = made(api, "risks", name="Phishing"), made(api, "risks", name="Theft")

    action = made(api, "corrective-actions", title="Keys", risk_ids=[first["id"], second["id"]])

    assert action["risk_ids"] == [first["id"], second["id"]]
    assert api.get(f"{ACTIONS}/{action['id']}").json()["risk_ids"] == action["risk_ids"]
    for risk in (first, second):
        told = api.get(f"{GRC}/risks/{risk['id']}").json()
        assert told["corrective_action_ids"] == [action["id"]]


def test_changing_the_risks_raises_the_version_and_is_in_the_history(api):
    risk = made(api, "risks", name="Phishing")
    action = made(api, "corrective-actions", title="Keys", risk_ids=[risk["id"]])
    url = f"{ACTIONS}/{action['id']}"

    emptied = api.patch(url, {"risk_ids": [], "note": "It does not help."}, format="json").json()
    same = api.patch(url, {"risk_ids": []}, format="json").json()

    assert (emptied["risk_ids"], emptied["version"]) == ([], action["version"] + 1)
    assert emptied["updated_at"] > action["updated_at"]
    assert same["version"] == emptied["version"]
    entry = api.get(f"{url}/history").json()["results"][0]
    assert (entry["verb"], entry["note"]) == ("correctiveaction.link", "It does not help.")
    assert api.get(f"{GRC}/risks/{risk['id']}").json()["corrective_action_ids"] == []


def test_a_risk_of_another_tenant_is_not_known(api, globex):
    theirs = made(factories.client_for(globex), "risks", name="Theirs")

    answer = api.post(ACTIONS, {"risk_ids": [theirs["id"]]}, format="json")

    assert (answer.status_code, "is not known here" in answer.content.decode()) == (400, True)


def test_a_deleted_risk_leaves_the_answer_and_comes_back_with_its_restoring(in_acme):
    actor = in_acme.actor()
    risk = risks.create({"name": "Phishing"}, actor=actor)
    action = corrective_actions.create({"title": "Keys", "risk_ids": [risk.pk]}, actor=actor)

    risks.delete(risk, actor=actor)
    corrective_actions.update(action, {"risk_ids": []}, actor=actor)

    assert action_risks.risks_of([action.pk])[action.pk] == []
    risks.restore(risk, actor=actor)
    assert action_risks.risks_of([action.pk])[action.pk] == [risk.pk]


@pytest.mark.parametrize("path", ["corrective-actions", "risks"])
def test_a_list_takes_as_many_queries_for_any_number_of_rows(api, path):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert api.get(f"{GRC}/{path}").status_code == 200
        return len(seen)

    risk = made(api, "risks", name="Phishing")
    made(api, "corrective-actions", risk_ids=[risk["id"]])
    few = queries()
    for _ in range(5):
        another = made(api, "risks")
        made(api, "corrective-actions", risk_ids=[risk["id"], another["id"]])

    assert queries() == few


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def rows(acme):
    actor = acme.actor()
    with tenancy.tenant_scope(acme.tenant.pk):
        phishing, theft = (
            risks.create({"name": name}, actor=actor) for name in ("Phishing", "Theft")
        )
        values = {"title": "Keys for all", "risk_ids": [phishing.pk]}
        return corrective_actions.create(values, actor=actor), phishing, theft


def test_the_pages_of_an_action_and_of_a_risk_name_each_other(desk, rows):
    action, phishing, theft = rows

    of_action = desk.get(f"/admin/grc/correctiveaction/{action.shown_id}/page/").content.decode()
    of_risk = desk.get(f"/admin/grc/risk/{phishing.shown_id}/page/").content.decode()
    of_other = desk.get(f"/admin/grc/risk/{theft.shown_id}/page/").content.decode()

    assert f"/admin/grc/risk/{phishing.shown_id}/" in of_action
    assert "Keys for all" in of_risk
    assert "Keys for all" not in of_other


def test_the_risks_are_set_in_the_dialog_and_all_can_be_taken_out(desk, acme, rows):
    action, phishing, theft = rows
    url = f"/admin/grc/correctiveaction/{action.shown_id}/edit/"

    def held():
        with tenancy.tenant_scope(acme.tenant.pk):
            return action_risks.risks_of([action.pk])[action.pk]

    desk.post(url, {"title": "Keys"})
    untouched = held()
    desk.post(url, {"risk_ids": ["", phishing.shown_id, theft.shown_id]})
    both = held()
    desk.post(url, {"risk_ids": ""})

    assert (untouched, both, held()) == ([phishing.pk], [phishing.pk, theft.pk], [])


def test_the_dialog_offers_risks_by_a_part_of_their_name_to_who_may_write(desk, acme, rows):
    _, phishing, _ = rows
    url = "/admin/grc/correctiveaction/offers/"

    found = desk.get(url, {"name": "risk_ids", "like": "phis"}).json()["offers"]

    assert found == [[phishing.shown_id, "Phishing"]]
    assert desk.get(url, {"name": "title"}).status_code == 404
    viewer = signed_in(acme, "viewer")
    assert viewer.get(url, {"name": "risk_ids"}).status_code == 404
