"""An application reads and moves its own rows only, also where they hang together with others."""

import pytest

from core import ids
from tests import factories
from tests.soc.factories import ALERTS, CASES, made


@pytest.fixture
def tool(acme):
    return factories.application_client(acme, scopes=["soc:read", "soc:write"])


@pytest.fixture
def shared(api, tool):
    """A case of the tool with an alert of its own, and what people put beside it."""
    own, other = made(tool, title="OWN alert"), made(api, title="OTHER alert")
    case = tool.post(CASES, {"title": "OWN case", "alert_ids": [own["id"]]}).json()
    api.post(f"{CASES}/{case['id']}/alerts/add", {"alert_ids": [other["id"]]})
    api.post(f"{CASES}/{case['id']}/comments", {"text": "OTHER comment"})
    api.post("/api/v1/soc/tasks", {"investigation_id": case["id"], "title": "OTHER task"})
    api.post(f"{CASES}/{case['id']}/timeline", {"text": "OTHER event"})
    finding = {"kind": "agent", "title": "OTHER finding", "alert_ids": [own["id"]]}
    api.post("/api/v1/soc/findings", finding)
    return {"case": case, "own": own, "other": other}


@pytest.mark.parametrize(
    "place",
    [
        "/api/v1/soc/investigations/{case}",
        "/api/v1/soc/investigations/{case}/report",
        "/api/v1/soc/investigations/{case}/report?as=md",
        "/api/v1/soc/investigations/{case}/timeline",
        "/api/v1/soc/investigations/{case}/comments",
        "/v1/alerts/{own}",
        "/api/v1/soc/tasks",
        "/api/v1/soc/comments",
        "/api/v1/soc/findings",
    ],
)
def test_an_application_reads_nothing_that_others_wrote(api, tool, shared, place):
    path = place.format(case=shared["case"]["id"], own=ids.read("alr", shared["own"]["id"]))

    assert "OTHER" not in tool.get(path).content.decode()
    assert tool.get(path).status_code == api.get(path).status_code == 200


def test_an_application_that_sets_its_alerts_leaves_those_of_others(api, tool, shared):
    place = f"{CASES}/{shared['case']['id']}"

    tool.patch(place, {"alert_ids": []})

    assert api.get(place).json()["alert_ids"] == [shared["other"]["id"]]


@pytest.mark.parametrize("verb", ["alerts/add", "alerts/remove", "merge"])
def test_case_work_minds_the_version_that_was_looked_at(api, verb):
    alert, source = made(api), api.post(CASES, {}).json()
    case = api.post(CASES, {"alert_ids": [alert["id"]]}).json()
    api.patch(f"{CASES}/{case['id']}", {"title": "Changed meanwhile"})
    body = {"source_ids": [source["id"]]} if verb == "merge" else {"alert_ids": [alert["id"]]}

    stale = api.post(f"{CASES}/{case['id']}/{verb}", body, headers={"if-match": '"v1"'})

    assert stale.status_code == 412


def test_restoring_minds_the_version_that_was_looked_at(api):
    alert = made(api)
    api.delete(f"{ALERTS}/{alert['id']}")

    stale = api.post(f"{ALERTS}/{alert['id']}/restore", headers={"if-match": '"v1"'})

    assert stale.status_code == 412


def test_comments_come_page_after_page_oldest_first(api):
    alert = made(api)
    for number in range(3):
        api.post(f"{ALERTS}/{alert['id']}/comments", {"text": str(number)})

    first = api.get(f"{ALERTS}/{alert['id']}/comments?limit=2").json()
    second = api.get(first["next"]).json()

    assert [row["text"] for row in first["results"] + second["results"]] == ["0", "1", "2"]


def test_what_hangs_on_a_deleted_investigation_goes_out_of_sight_with_it(api):
    case = api.post(CASES, {}).json()
    api.post(f"{CASES}/{case['id']}/comments", {"text": "Hidden"})
    api.post(f"{CASES}/{case['id']}/timeline", {"text": "Hidden"})
    api.post("/api/v1/soc/tasks", {"investigation_id": case["id"], "title": "Hidden"})
    places = ["comments", "tasks", "timeline-entries"]
    before = [len(api.get(f"/api/v1/soc/{place}").json()["results"]) for place in places]

    api.delete(f"{CASES}/{case['id']}")

    after = [api.get(f"/api/v1/soc/{place}").json()["results"] for place in places]
    assert (before, after) == ([1, 1, 1], [[], [], []])
