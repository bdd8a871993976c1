"""The queue without a browser: its order and its places, counts, news, CSV, and many decided on at
once.
"""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.models import AuditEvent
from grc.services import assets
from soc.models import Alert, Investigation
from soc.services import alerts, links, search
from tests.sla.factories import definition
from tests.soc.factories import alert_in, case_in
from tests.web.test_desk import QUEUE, signed_in

SOURCE = {"source_name": "suricata", "rule_key": "r-1", "rule_name": "Rule one"}


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def clocked(acme):
    """Alerts whose clocks are due in another order than that in which they came."""
    with tenancy.tenant_scope(acme.tenant.pk):
        definition(acme, name="quarter", levels=["critical"], acknowledge_minutes=15)
        definition(acme, name="hour", levels=["high"], acknowledge_minutes=50)
        made = [
            alert_in(acme, title=title, severity=severity)
            for title, severity in (
                ("old without", "low"),
                ("hour", "high"),
                ("quarter", "critical"),
                ("new without", "medium"),
            )
        ]
        for row in made:
            alerts.clocks.refresh("alert", [row.pk], actor=acme.actor())
        return made


def titles(page):
    return re.findall(r'class="title"><a [^>]*>([^<]*)</a>', page.content.decode())


@pytest.mark.parametrize(
    ("ordering", "order"),
    [
        ("", ["quarter", "hour", "new without", "old without"]),
        ("due_at", ["quarter", "hour", "new without", "old without"]),
        ("-severity", ["quarter", "hour", "new without", "old without"]),
        ("-created_at", ["new without", "quarter", "hour", "old without"]),
    ],
)
@pytest.mark.parametrize("statuses", ["", "status=open,acknowledged&"])
def test_the_queue_has_an_order_and_pages_in_it(
    desk, clocked, monkeypatch, ordering, order, statuses
):
    monkeypatch.setattr("soc.admin.queue.PAGE", 1)
    url = f"{QUEUE}?{statuses}{f'ordering={ordering}' if ordering else ''}"
    seen, back, rel = [], [], "next"

    for _ in range(7):
        page = desk.get(url)
        (seen if rel == "next" else back).extend(titles(page))
        found = re.search(rf'href="([^"]*)" rel="{rel}"', page.content.decode())
        if found is None:
            rel = "prev"
            found = re.search(r'href="([^"]*)" rel="prev"', page.content.decode())
        if found is None:
            break
        url = QUEUE + found[1].replace("&amp;", "&")

    assert seen == order
    assert back == order[-2::-1]


def test_from_an_alert_one_goes_on_in_the_queue_one_came_from(desk, clocked):
    page = desk.get(f"{QUEUE}?status=open").content.decode()
    first = re.search(r'data-href="([^"?]+[^"]*)"', page)[1].replace("&amp;", "&")

    def step(url, to):
        place = desk.get(url).content.decode()
        link = re.search(rf'href="([^"]*to={to})"', place)[1].replace("&amp;", "&")
        answer = desk.get(link, follow=True)
        return answer.redirect_chain[-1][0], answer.content.decode()

    second, shown = step(first, "next")
    _, again = step(second, "previous")
    end, told = step(first, "previous")

    assert "<h1>hour</h1>" in shown
    assert "<h1>quarter</h1>" in again
    assert end.startswith(f"{QUEUE}?status=open")
    assert "That was the last one in this view." in told


@pytest.mark.parametrize("path", ["step/?at=zzz", "step/", "news/?status=nonsense", "csv/?q=%00"])
def test_what_cannot_be_is_told_and_never_a_fault(desk, clocked, path):
    assert desk.get(f"{QUEUE}{path}").status_code in (302, 400)


def test_the_filters_are_counted_after_the_page(desk, acme, clocked):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, "closed", severity="high")
    text = re.sub(r"\s+", " ", desk.get(f"{QUEUE}facets/").content.decode())

    def count(name, word):
        found = re.search(rf'name="{name}" value="{word}".*?<small class="num">([^<]*)<', text)
        return found[1]

    assert [count("status", word) for word in ("open", "closed")] == ["4", "1"]
    assert [count("severity", word) for word in ("critical", "high", "low")] == ["1", "1", "1"]
    assert [count("clock", word) for word in ("soon", "none")] == ["2", "2"]
    assert count("source_name", "manual") == "4"
    views = dict(re.findall(r'data-of="([^"]*)">([^<]*)<', text))
    assert (views["Waiting"], views["Nobody&#x27;s"], views["Mine"]) == ("4", "4", "0")
    assert (views["Critical and high"], views["Ended"], views["All"]) == ("2", "1", "5")


def test_more_than_the_bound_is_counted_as_at_least(desk, acme, clocked, monkeypatch):
    monkeypatch.setattr("soc.services.queue_counts.MOST", 3)

    assert "3+" in desk.get(f"{QUEUE}facets/").content.decode()


@pytest.mark.parametrize(
    ("clock", "found"),
    [
        ("soon", {"quarter", "hour"}),
        ("none", {"old without", "new without"}),
        ("overdue", set()),
        ("overdue,soon", {"quarter", "hour"}),
    ],
)
def test_the_first_clock_is_a_filter(api, clocked, clock, found):
    answer = api.get(f"/api/v1/soc/alerts?clock={clock}")

    assert {row["title"] for row in answer.json()["results"]} == found
    assert api.get("/api/v1/soc/alerts?clock=slow").status_code == 400


def test_the_queue_and_the_pages_take_as_many_queries_for_2000_rows_as_for_20(acme, desk):
    def queries(url):
        desk.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url).status_code == 200
        return len([each for each in captured if "SAVEPOINT" not in each["sql"]])

    with tenancy.tenant_scope(acme.tenant.pk):
        first = alert_in(acme, title="first", host={"name": "ws-1"}, **SOURCE)
    page = f"{QUEUE}{first.shown_id}"
    urls = [QUEUE, f"{QUEUE}?ordering=-severity", f"{QUEUE}facets/", f"{QUEUE}news/?ids=x"]
    urls += [f"{page}/change/", f"{page}/peek/"]
    with tenancy.tenant_scope(acme.tenant.pk):
        many(first, 20)
    few = [queries(url) for url in urls]
    with tenancy.tenant_scope(acme.tenant.pk):
        many(first, 2000)

    assert [queries(url) for url in urls] == few
    assert max(few[:4]) <= 9
    assert few[4] <= 15
    assert few[5] <= 10


def test_worst_first_with_clocks_takes_nine_statements_in_all(desk, clocked):
    desk.get(f"{QUEUE}?ordering=-severity")

    with CaptureQueriesContext(connection) as captured:
        page = desk.get(f"{QUEUE}?ordering=-severity")

    assert titles(page)[0] == "quarter"
    assert len(captured) <= 9


def many(alert, number):
    """Copies of an alert, as a database makes them."""
    Alert.objects.bulk_create(
        Alert(
            title=f"copy {n}",
            created_by=alert.created_by,
            updated_by=alert.updated_by,
            source_type="api",
            host_name="ws-1",
            rule_id=alert.rule_id,
        )
        for n in range(number)
    )


def test_a_view_is_a_csv_that_no_spreadsheet_runs(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, title="=cmd|'/c calc'!A1", severity="high")
        alert_in(acme, title="left out", severity="low")

    answer = desk.get(f"{QUEUE}csv/?severity=high")

    [line] = csv.DictReader(io.StringIO(answer.content.decode()))
    assert line["title"] == "'=cmd|'/c calc'!A1"
    assert answer["Content-Disposition"] == 'attachment; filename="alerts.csv"'


def test_the_trail_tells_who_took_a_csv_of_what(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        for severity in ("high", "high", "low"):
            alert_in(acme, severity=severity)

    desk.get(f"{QUEUE}csv/?severity=high&ordering=-created_at")

    with tenancy.tenant_scope(acme.tenant.pk):
        [event] = AuditEvent.objects.filter(verb="alert.export")
    assert event.actor_id == acme.people["tenant_admin"].pk
    assert event.details == {
        "count": 2,
        "filters": {"severity": ["high"]},
        "ordering": "-created_at",
        "is_cut": False,
    }


def test_a_csv_ends_at_its_bound_and_says_so(desk, acme, clocked, monkeypatch):
    monkeypatch.setattr("soc.admin.queue_beside.MOST_LINES", 2)

    answer = desk.get(f"{QUEUE}csv/")

    assert answer["Content-Disposition"] == 'attachment; filename="alerts-first-2.csv"'
    assert len(answer.content.decode().splitlines()) == 3


def test_news_are_what_came_since_and_where_shown_rows_stand(desk, acme, clocked):
    shown = clocked[0]
    with tenancy.tenant_scope(acme.tenant.pk):
        alerts.perform(shown, "triage", actor=acme.actor("analyst"))

    news = desk.get(f"{QUEUE}news/?since={clocked[1].pk}&ids={shown.shown_id}").json()

    assert news == {"new": 2, "most": 100, "rows": {shown.shown_id: ["triaging", ""]}}


def test_many_are_closed_and_given_away_in_one_decision_and_all_of_it_is_taken_back(
    desk, acme, clocked
):
    me = acme.people["tenant_admin"]
    ids = [row.shown_id for row in clocked]
    body = {"verb": "close", "ids": ids, "assignee": "me", "note": "noise"}
    body |= {"close_classification": "Undetermined"}

    closed = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()
    with tenancy.tenant_scope(acme.tenant.pk):
        after = set(Alert.objects.values_list("status", "assignee_id"))
    undone = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert "4 of 4 closed." in closed
    assert "Undo 4 alerts" in closed
    assert after == {("closed", me.pk)}
    assert "Undone: 4 of 4 as they were." in undone
    with tenancy.tenant_scope(acme.tenant.pk):
        assert set(Alert.objects.values_list("status", "assignee_id")) == {("open", None)}
        trail = AuditEvent.objects.filter(object_id__in=[row.pk for row in clocked])
        told = trail.exclude(verb="alert.create").values_list("verb", "correlation_id")
        assert {verb for verb, _ in told} >= {"alert.close", "alert.assign", "alert.undo"}
        assert len({each for verb, each in told if "sla" not in verb}) == 1


def test_the_whole_view_is_decided_on_by_its_filters_and_taken_back(
    desk, acme, clocked, monkeypatch
):
    monkeypatch.setattr("soc.admin.queue.PAGE", 1)
    page = desk.get(f"{QUEUE}?severity=high,critical,low").content.decode()
    url = re.search(r'data-whole="([^"]*)"', page)[1].replace("&amp;", "&")
    fields = dict(re.findall(r'<input type="hidden" name="(in|since)" value="([^"]*)"', page))
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, title="came later", severity="high")

    matching = desk.get(url).json()
    body = {"verb": "close", "whole": "yes", "close_classification": "Undetermined", **fields}
    told = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()
    with tenancy.tenant_scope(acme.tenant.pk):
        closed = set(Alert.objects.filter(status="closed").values_list("title", flat=True))
    undone = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert matching == {"count": 3, "is_cut": False}
    assert "3 of 3 closed." in told
    assert closed == {"hour", "quarter", "old without"}
    assert "Undone: 3 of 3 as they were." in undone


def test_a_whole_view_beyond_the_bound_is_cut_and_told(desk, clocked, monkeypatch):
    monkeypatch.setattr("soc.admin.queue_bulk.MAX_BULK", 2)

    matching = desk.get(f"{QUEUE}matching/?status=open").json()
    body = {"verb": "acknowledge", "whole": "yes", "in": "status=open"}
    told = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()

    assert matching == {"count": 2, "is_cut": True}
    assert "This view holds more than 2 alerts. The first 2 were taken." in told
    assert "2 of 2 acknowledged." in told
    assert desk.get(f"{QUEUE}matching/?clock=slow").status_code == 400


@pytest.mark.parametrize(("together", "cases"), [("yes", 1), ("", 3)])
def test_many_are_escalated_into_one_investigation_or_one_each(desk, acme, together, cases):
    with tenancy.tenant_scope(acme.tenant.pk):
        rows = [alert_in(acme, title=f"Alert {number}") for number in range(3)]
    body = {"verb": "escalate", "ids": [row.shown_id for row in rows], "together": together}

    told = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()

    assert "3 of 3 escalated." in told
    with tenancy.tenant_scope(acme.tenant.pk):
        found = list(Investigation.objects.all())
        assert len(found) == cases
        assert len({each.escalated_to_incident_id for each in found}) == cases
        held = links.current_alerts([each.pk for each in found])
        assert sum(len(pks) for pks in held.values()) == 3


def test_an_alert_with_an_open_investigation_stays_there_when_all_go_into_one(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        first, held = alert_in(acme, title="first"), alert_in(acme, title="held")
        case = case_in(acme, alert_ids=[held.pk])
    body = {"verb": "escalate", "ids": [first.shown_id, held.shown_id], "together": "yes"}

    desk.post(f"{QUEUE}bulk/", body)

    with tenancy.tenant_scope(acme.tenant.pk):
        now = links.current_investigations([first.pk, held.pk])
        assert now[held.pk] == case != now[first.pk]


def test_what_somebody_else_took_is_left_and_told(desk, acme, clocked):
    first, second = clocked[:2]
    with tenancy.tenant_scope(acme.tenant.pk):
        taker = acme.actor("responder")
        alerts.assign(first, actor=taker, assignee_id=taker.person_id)
    seen = [f"{row.shown_id}|open|" for row in (first, second)]
    body = {"verb": "acknowledge", "ids": [first.shown_id, second.shown_id], "seen": seen}

    page = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()

    assert f"1 of 2 acknowledged. 1 was taken by {taker.name}." in page


def test_undoing_an_escalation_says_where_the_alerts_still_are(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        rows = [alert_in(acme, title=f"one of {number}") for number in range(3)]
    many = {"verb": "escalate", "ids": [row.shown_id for row in rows[:2]], "together": "yes"}
    desk.post(f"{QUEUE}bulk/", many)
    desk.post(f"{QUEUE}{rows[2].shown_id}/move/escalate/", {})

    one = desk.post(f"{QUEUE}{rows[2].shown_id}/undo/", follow=True).content.decode()
    all_ = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    for page in (one, all_):
        assert len(re.findall(r"Still in INV-[\d-]+ one of \d\. If that should not be", page)) == 1
    with tenancy.tenant_scope(acme.tenant.pk):
        assert set(Alert.objects.values_list("status", flat=True)) == {"open"}


def test_an_undo_leaves_what_somebody_else_has_changed_since(desk, acme, clocked):
    first, second = clocked[:2]
    ids = [first.shown_id, second.shown_id]
    desk.post(f"{QUEUE}bulk/", {"verb": "assign", "ids": ids, "assignee": "me"})
    with tenancy.tenant_scope(acme.tenant.pk):
        alerts.assign(first, actor=acme.actor("responder"), assignee_id=None)

    page = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()

    assert "Undone: 1 of 2 as they were." in page
    assert "Somebody else changed this since." in page
    again = desk.post(f"{QUEUE}bulk-undo/", follow=True).content.decode()
    assert "There is nothing to undo any more." in again


def test_a_name_that_is_nearly_right_is_offered_from_this_tenant_only(acme, globex, desk):
    for cast, name in ((acme, "ws-0417"), (globex, "ws-0472")):
        with tenancy.tenant_scope(cast.tenant.pk):
            alert_in(cast, host={"name": name})

    page = desk.get(f"{QUEUE}?q=ws-0471").content.decode()

    assert "Did you mean" in page
    assert ("ws-0417" in page, "ws-0472" in page) == (True, False)
    with tenancy.tenant_scope(acme.tenant.pk):
        assert search.near("x") == search.near("zz-nothing") == []


def test_who_may_not_write_sees_no_button_that_does(acme, clocked):
    page = signed_in(acme, "viewer").get(QUEUE).content.decode()

    assert 'id="triage"' not in page
    assert "data-decide" not in page


def test_the_page_of_an_alert_names_its_asset_its_owner_and_its_sightings(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        owner = acme.people["manager"]
        values = {"name": "ws-1", "criticality": "high", "owner_id": owner.pk}
        asset = assets.create(values, actor=acme.actor("tenant_admin"))
        indicators = [{"type": "ip", "value": "203.0.113.66"}]
        affected = [{"type": "host", "id": asset.shown_id, "label": "ws-1"}]
        for title in ("one", "two"):
            alert = alert_in(
                acme, title=title, indicators=indicators, affected_assets=affected, host="ws-1"
            )

    page = desk.get(f"{QUEUE}{alert.shown_id}/change/").content.decode()

    assert f"<dt>Owner</dt><dd>{owner.name}</dd>" in page
    assert '<dd class="needs">High</dd>' in page
    assert "in 2 alerts" in page
