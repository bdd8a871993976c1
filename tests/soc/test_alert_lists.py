"""Lists of alerts over REST: filters, pages, counts, and how many queries they take."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import ids
from tests import factories
from tests.soc.factories import ALERTS as URL
from tests.soc.factories import CASES, made


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("severity=high", {"a"}),
        ("severity=HIGH,low", {"a", "b"}),
        ("filter[severity]=low", {"b"}),
        ("status=acknowledged", {"b"}),
        ("category=network", {"a"}),
        ("source_name=suricata", {"a"}),
        ("tag=vip", {"b"}),
        ("assignee_id=none", {"a", "b"}),
        ("indicator=203.0.113.66", {"a"}),
        ("created_after=2020-01-01T00:00:00Z", {"a", "b"}),
        ("created_before=2020-01-01T00:00:00Z", set()),
        ("updated_since=2020-01-01T00:00:00Z", {"a", "b"}),
        ("occurred_before=2026-01-01T00:00:00Z", {"a"}),
        ("severity=high&status=acknowledged", set()),
        ("host_name=ws-1", {"a"}),
    ],
)
def test_filters_find_what_they_say(api, query, titles):
    made(
        api,
        title="a",
        severity="high",
        category="network",
        source_name="suricata",
        timestamp="2025-06-01T03:14:00Z",
        indicators=[{"type": "ip", "value": "203.0.113.66"}],
        host={"name": "ws-1"},
    )
    second = made(api, title="b", severity="low", tags=["vip"])
    api.post(f"{URL}/{second['id']}/acknowledge")

    assert {row["title"] for row in api.get(f"{URL}?{query}").json()["results"]} == titles


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "severity=enormous",
        "status=Open!",
        "created_after=soon",
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=zzz",
        "ordering=assignee__password",
        "count=perhaps",
        "assignee__password__startswith=pbkdf2",
    ],
)
def test_an_unknown_filter_or_value_is_a_400_that_names_it(api, query):
    refused = api.get(f"{URL}?{query}")

    assert refused.status_code == 400
    name = query.partition("=")[0]
    problem = refused.json()
    assert name in problem.get("errors", {}) or problem.get("field") == name


@pytest.mark.parametrize(
    "moment",
    ["0534-04-15T06:51:10-20:12", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)
def test_a_moment_that_the_database_would_not_take_is_no_fault_of_ours(api, moment):
    answer = api.get(URL, {"created_after": moment})

    assert answer.status_code in (200, 400)


def test_a_filter_for_another_tenant_is_403_known_or_not(api, acme, globex):
    assert api.get(f"{URL}?filter[tenant_id]={acme.tenant.shown_id}").status_code == 200
    assert api.get(f"{URL}?filter[tenant_id]={globex.tenant.shown_id}").json()["detail"] == (
        "This token is for another tenant."
    )
    assert api.get(f"{URL}?filter[tenant_id]=ten_unknown").status_code == 403


def test_pages_go_forward_and_back_over_every_row_once(api):
    for number in range(7):
        made(api, title=str(number))

    seen, url = [], f"{URL}?limit=3"
    while url:
        page = api.get(url).json()
        seen.append([row["title"] for row in page["results"]])
        last, url = page, page["next"]
    back = api.get(last["previous"]).json()

    assert seen == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    assert [row["title"] for row in back["results"]] == ["3", "2", "1"]
    assert api.get(back["previous"]).json()["previous"] is None


def test_the_newest_by_their_one_statement_are_the_list_that_is_ordered_by_name(api):
    rows = [made(api, title=str(number)) for number in range(5)]
    api.delete(f"{URL}/{rows[1]['id']}")

    plain, named = api.get(f"{URL}?limit=2"), api.get(f"{URL}?limit=2&ordering=-created_at")
    rest = api.get(plain.json()["next"]).json()

    assert plain.json()["results"] == named.json()["results"]
    assert [row["title"] for row in rest["results"]] == ["2", "0"]
    assert rest["next"] is None
    assert "count" not in plain.json()
    assert api.get(f"{URL}?cursor=WyJmYWxzZSIsMV0").status_code == 400


def test_the_newest_of_an_application_are_its_own(api, acme):
    made(api, title="a person's")
    tool = factories.application_client(acme, ["soc:read", "soc:write"])
    tool.post(URL, {"title": "the tool's"})

    assert [row["title"] for row in tool.get(URL).json()["results"]] == ["the tool's"]


def test_pages_by_update_put_the_changed_one_first(api):
    first, _ = made(api, title="first"), made(api, title="second")
    api.patch(f"{URL}/{first['id']}", {"severity": "low"})

    rows = api.get(f"{URL}?ordering=-updated_at&limit=1").json()

    assert rows["results"][0]["title"] == "first"
    assert api.get(rows["next"]).json()["results"][0]["title"] == "second"


def test_a_count_comes_only_when_asked_for(api):
    made(api)

    assert "count" not in api.get(URL).json()
    assert api.get(f"{URL}?count=exact").json()["count"] == 1
    assert api.get(f"{URL}?count=estimate").json()["count"] >= 0


def test_a_filter_that_no_row_can_match_counts_none(api):
    nobody = ids.show("zzz", ids.new())  # no id of an alert

    answer = api.get(f"/api/v1/soc/comments?alert_id={nobody}&count=estimate")

    assert (answer.status_code, answer.json()["count"]) == (200, 0)


def test_a_list_leaves_raw_data_out_unless_asked(api):
    made(api, raw_data={"x": 1})

    assert "raw_data" not in api.get(URL).json()["results"][0]
    assert api.get(f"{URL}?include=raw_data").json()["results"][0]["raw_data"] == {"x": 1}


def test_a_list_takes_as_many_queries_for_twenty_rows_as_for_two(api):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            api.get(URL)
        return len(captured)

    for _ in range(2):
        made(api, indicators=[{"type": "ip", "value": "203.0.113.66"}])
    two = queries()
    for number in range(18):
        made(api, indicators=[{"type": "ip", "value": f"203.0.113.{number}"}])

    assert queries() == two <= 10


def test_filters_by_links_take_lists_and_none_and_find_nothing_by_garbage(api):
    joined, escalated, loose = (made(api, title=title) for title in ("joined", "escalated", "no"))
    case = api.post(CASES, {"alert_ids": [joined["id"]]}).json()
    api.post(f"{URL}/{escalated['id']}/escalate")
    incident = api.get(f"{URL}/{escalated['id']}").json()["incident_ids"][0]
    api.post(f"{CASES}/{case['id']}/escalate", {"incident_id": incident})

    def titles(query, url=URL):
        return sorted(row["title"] for row in api.get(f"{url}?{query}").json()["results"])

    assert titles(f"investigation_id={case['id']},inv_garbage") == ["joined"]
    assert titles(f"incident_id={incident},{incident}") == ["escalated", "joined"]
    assert titles("investigation_id=none") == titles("incident_id=none") == ["no"]
    assert titles("investigation_id=x") == titles("incident_id=x") == []
    assert titles(f"alert_id={joined['id']},x", CASES) == [case["title"]]
    assert titles(f"alert_id={loose['id']}", CASES) == titles("alert_id=x", CASES) == []


@pytest.mark.parametrize(
    ("kind", "value", "asked"),
    [
        ("domain", "evil.com", "EVIL[.]COM"),
        ("url", "http://evil.com/a,b", "hxxp://EVIL.com/a,b"),
        ("user_agent", "Mozilla/5.0 (KHTML, like Gecko)", "Mozilla/5.0 (KHTML, like Gecko)"),
    ],
)
def test_an_indicator_is_found_by_its_value_however_it_is_written(api, kind, value, asked):
    made(api, title="a", indicators=[{"type": kind, "value": value}])
    made(api, title="b", indicators=[{"type": "domain", "value": "good.com"}])

    alerts = api.get(URL, {"indicator": asked}).json()["results"]
    indicators = api.get("/api/v1/soc/indicators", {"value": asked}).json()["results"]

    assert [row["title"] for row in alerts] == ["a"]
    assert [row["value"] for row in indicators] == [value]
