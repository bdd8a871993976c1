"""The queue without a browser: its order and its places, counts, news and CSV."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.models import AuditEvent
from grc.services import assets
from soc.models import Alert
from soc.services import alerts, search
from tests.soc.factories import alert_in
from tests.web.test_desk import QUEUE, signed_in

SOURCE = {"source_name": "suricata", "rule_key": "r-1", "rule_name": "Rule one"}


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


def test_of_what_was_not_among_those_counted_no_number_is_told(desk, acme, clocked, monkeypatch):
    """`0` would say that there is none."""
    monkeypatch.setattr("soc.services.queue_counts.MOST", 3)

    page = re.sub(r"\s+", " ", desk.get(f"{QUEUE}facets/").content.decode())

    assert re.search(r'name="clock" value="overdue"[^>]*><span>Overdue</span></label>', page)
    assert '<li data-of="Mine"></li>' in page


def test_mine_and_nobodys_are_found_together(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        for title, role in (
            ("mine", "tenant_admin"),
            ("another's", "responder"),
            ("nobody's", None),
        ):
            person = acme.people[role].pk if role else None
            alert_in(acme, title=title, assignee_id=person)

    page = desk.get(f"{QUEUE}?assignee_id=me&assignee_id=none")

    assert sorted(titles(page)) == ["mine", "nobody&#x27;s"]


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
