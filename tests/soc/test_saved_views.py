"""Saved views: a name for the filters of a list, one's own or shared."""

import pytest

from core.errors import BadInput, Conflict
from soc.services import saved_views
from tests import factories

URL = "/api/v1/soc/views"
HIGH = {"severity": "high,critical", "filter[status]": "open", "assignee_id": "me"}


def saved(client, **values):
    answer = client.post(URL, values)
    assert answer.status_code == 201, answer.content
    return answer.json()


def names(client, query=""):
    return [row["name"] for row in client.get(f"{URL}?{query}").json()["results"]]


def test_an_empty_body_makes_a_view_of_all_alerts(api):
    view = saved(api)

    assert (view["name"], view["resource"], view["query"]) == ("Untitled view", "alerts", {})
    assert view["is_shared"] is False


def test_filters_are_kept_by_their_plain_names_and_find_the_same_rows(api):
    high = api.post("/api/v1/soc/alerts", {"severity": "high"}).json()
    api.post("/api/v1/soc/alerts", {"severity": "low"})
    view = saved(api, name="Urgent", query={"filter[severity]": "high,critical"})

    found = api.get("/api/v1/soc/alerts", view["query"]).json()["results"]

    assert view["query"] == {"severity": "high,critical"}
    assert [row["id"] for row in found] == [high["id"]]


@pytest.mark.parametrize(
    ("resource", "query", "name"),
    [
        ("alerts", {"colour": "red"}, "colour"),
        ("alerts", {"severity": "urgent"}, "severity"),
        ("alerts", {"created_after": "yesterday"}, "created_after"),
        ("alerts", {"ordering": "loudest"}, "ordering"),
        ("alerts", {"severity": ["high"]}, "severity"),
        ("alerts", {"limit": "10"}, "limit"),
        ("investigations", {"severity": "high"}, "severity"),
        ("incidents", {}, "resource"),
    ],
)
def test_what_the_list_does_not_know_is_refused_by_name(api, resource, query, name):
    answer = api.post(URL, {"resource": resource, "query": query})

    assert answer.status_code == 400
    assert name in answer.json()["errors"]


def test_a_view_is_private_until_it_is_shared(acme):
    analyst, viewer = (factories.client_for(acme, role) for role in ("analyst", "viewer"))
    view = saved(analyst, name="Mine", query=HIGH)
    before = (names(viewer), viewer.get(f"{URL}/{view['id']}").status_code)
    history = viewer.get(f"{URL}/{view['id']}/history").status_code

    analyst.patch(f"{URL}/{view['id']}", {"is_shared": True})

    assert (before, history) == (([], 404), 404)
    assert names(viewer) == names(viewer, "is_shared=true&resource=alerts") == ["Mine"]


def test_a_viewer_uses_what_is_shared_and_keeps_none(acme):
    saved(factories.client_for(acme, "analyst"), name="Ours", is_shared=True)
    viewer = factories.client_for(acme, "viewer")

    answer = viewer.post(URL, {"name": "Mine"})

    assert names(viewer) == ["Ours"]
    assert answer.status_code == 403
    assert "soc:write" in answer.json()["detail"]


@pytest.mark.parametrize(("role", "code"), [("responder", 403), ("manager", 200)])
def test_a_shared_view_of_somebody_else_is_changed_by_who_configures(acme, role, code):
    view = saved(factories.client_for(acme, "analyst"), name="Ours", is_shared=True)

    answer = factories.client_for(acme, role).patch(f"{URL}/{view['id']}", {"name": "Yours"})

    assert answer.status_code == code


def test_two_views_of_one_person_have_two_names(api, acme):
    first = saved(api, name="Urgent")
    other = saved(api, name="Other")
    saved(factories.client_for(acme, "analyst"), name="Urgent")

    twice = api.post(URL, {"name": "Urgent"})
    renamed = api.patch(f"{URL}/{other['id']}", {"name": "Urgent"})

    assert (twice.status_code, renamed.status_code) == (409, 409)
    assert api.patch(f"{URL}/{first['id']}", {"name": "Urgent"}).status_code == 200


def test_a_deleted_view_comes_back_unless_its_name_was_taken(api):
    view = saved(api, name="Urgent")
    api.delete(f"{URL}/{view['id']}")
    restored = api.post(f"{URL}/{view['id']}/restore")
    api.delete(f"{URL}/{view['id']}")
    saved(api, name="Urgent")

    refused = api.post(f"{URL}/{view['id']}/restore")

    assert (restored.status_code, refused.status_code) == (200, 409)


def test_a_view_of_another_list_needs_its_filters_anew(api):
    view = saved(api, query={"severity": "high"})

    alone = api.patch(f"{URL}/{view['id']}", {"resource": "investigations"})
    along = api.patch(
        f"{URL}/{view['id']}", {"resource": "investigations", "query": {"priority": "high"}}
    )
    later = api.patch(f"{URL}/{view['id']}", {"query": {"priority": "low"}})

    assert (alone.status_code, alone.json()["field"]) == (400, "query")
    assert (along.status_code, later.json()["query"]) == (200, {"priority": "low"})


def test_the_service_refuses_what_no_list_has(in_acme):
    with pytest.raises(BadInput, match="Use one of"):
        saved_views.create({"resource": "incidents"}, actor=in_acme.actor())
    with pytest.raises(BadInput, match="80 characters"):
        saved_views.create({"name": "x" * 81}, actor=in_acme.actor())
    saved_views.create({"name": "Once", "tags": [" a ", "a"]}, actor=in_acme.actor())
    with pytest.raises(Conflict):
        saved_views.create({"name": "Once"}, actor=in_acme.actor())


def test_another_tenants_view_answers_like_an_unknown_one(api, globex):
    theirs = saved(factories.client_for(globex), is_shared=True)

    foreign = api.get(f"{URL}/{theirs['id']}")
    unknown = api.get(f"{URL}/viw_{'0' * 26}")

    assert foreign.status_code == 404
    assert foreign.content == unknown.content
