"""The Now page: what needs this person first, counts that lead to their rows, and the trends."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from soc.models import Alert, CountedNumbers
from soc.services import alerts, comments, counted, open_work, tasks, trends
from soc.tasks import count_numbers
from tests.soc.factories import alert_in, case_in
from tests.web.test_desk import signed_in

MOST_QUERIES = 15


def page_of(cast, role, query=""):
    return signed_in(cast, role).get(f"/admin/{query}").content.decode()


def titles(page):
    return re.findall(r'<td class="about"><a href="[^"]*">([^<]*)</a>', page)


@pytest.fixture
def work(acme):
    """A critical and a low alert that nobody has, and a task of the analyst that is late."""
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, title="Ransom note", severity="critical")
        alert_in(acme, title="Chatter", severity="low")
        case = case_in(acme, "in_progress", title="Credential theft")
        late = timezone.now() - timedelta(hours=1)
        values = {"title": "Image the memory", "investigation_id": case, "due_at": late}
        task = tasks.create(values, actor=acme.actor())
        tasks.update(task, {"assignee_id": acme.people["analyst"].pk}, actor=acme.actor())
    return acme


@pytest.mark.parametrize(
    ("role", "query", "shown"),
    [
        ("analyst", "", ["Image the memory", "Ransom note"]),
        ("responder", "", ["Ransom note"]),
        ("responder", "?whose=team", ["Image the memory", "Ransom note"]),
    ],
)
def test_what_is_late_comes_first_and_each_sees_their_own(work, role, query, shown):
    assert titles(page_of(work, role, query)) == shown


def test_counts_lead_to_their_rows(work):
    page = page_of(work, "analyst")

    for count, title in ((2, "alerts wait"), (1, "critical"), (1, "investigations")):
        assert re.search(rf'href="[^"]+"[^>]*><b class="num">{count}</b><span>{title}', page), title


def test_what_is_open_leads_to_what_is_open_alone(work):
    """The list of all would show closed ones beside a count of the open."""
    with tenancy.tenant_scope(work.tenant.pk):
        case_in(work, "closed", title="Done long ago")
    page = page_of(work, "analyst")
    client = signed_in(work, "analyst")

    [url] = re.findall(r'href="([^"]+)"[^>]*><b class="num">\d+</b><span>investigations', page)
    shown = client.get(url.replace("&amp;", "&")).content.decode()

    assert "Credential theft" in shown
    assert "Done long ago" not in shown
    assert "clock=overdue" in page


def test_a_person_acknowledges_from_the_list(work):
    client = signed_in(work, "analyst")
    with tenancy.tenant_scope(work.tenant.pk):
        alert = Alert.objects.get(title="Ransom note")
    url = f"/admin/soc/alert/{alert.shown_id}/move/acknowledge/"

    page = client.post(url, {"version": alert.version, "next": "/admin/"}, follow=True)

    assert "Alert acknowledged." in page.content.decode()
    assert page.redirect_chain[-1][0] == "/admin/"


def test_trends_count_days_times_and_rules(work):
    with tenancy.tenant_scope(work.tenant.pk):
        alert_in(work, "closed", title="Done", severity="high")
        found = trends.count(14)

    today = found["days"][-1]
    assert len(found["days"]) == 14
    assert found["volume"][today] == {"critical": 1, "high": 1, "low": 1}
    assert found["rules"] == []


def test_counted_numbers_are_asked_for_once_and_kept(work):
    with tenancy.tenant_scope(work.tenant.pk):
        assert [counted.ask("trends:14"), counted.ask("trends:14")] == [True, False]
        counted.keep("trends:14", {"days": []})
        kept = counted.where_many("trends:14")
        assert kept.content == {"days": []}
        assert kept.at is not None


COUNTED_PAGES = ("/admin/", "/admin/numbers/", "/admin/soc/detectionrule/?by=volume")


def test_a_page_that_shows_what_a_job_counted_writes_nothing(work, monkeypatch):
    monkeypatch.setattr("soc.services.counted.RECENT", 0)
    client = signed_in(work, "analyst")
    client.get("/admin/")

    with CaptureQueriesContext(connection) as captured:
        pages = [client.get(url) for url in COUNTED_PAGES]

    assert all("It is not counted yet." in page.content.decode() for page in pages)
    verbs = {each["sql"].split()[0] for each in captured}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE", "WITH", "select"}


def test_upkeep_and_a_button_have_a_job_count_and_the_page_shows_it(work, monkeypatch):
    monkeypatch.setattr("soc.services.counted.RECENT", 1)
    with tenancy.tenant_scope(work.tenant.pk):
        counted.ask_where_many()
        named = set(CountedNumbers.objects.values_list("name", flat=True))
        for row in CountedNumbers.objects.all():
            count_numbers(str(work.tenant.pk), str(row.pk))
    client = signed_in(work, "analyst")

    asked = client.post(
        "/admin/numbers/count/", {"name": "trends:14", "next": "/admin/"}, follow=True
    )

    assert named == set(counted.NAMES)
    assert "asked to count less than 10 minutes ago" in asked.content.decode()
    assert "As of" in asked.content.decode()


def test_a_count_that_was_cut_says_so(work, monkeypatch):
    monkeypatch.setattr("socplatform.urgent.MOST", 3)
    with tenancy.tenant_scope(work.tenant.pk):
        for number in range(5):
            alert_in(work, title=f"Alert {number}", severity="critical")

    page = page_of(work, "responder")

    assert "3+ things need you" in page
    assert "3+ soon" in page
    assert len(titles(page)) == 3


def test_replying_from_the_list_opens_the_place_and_marks_the_mention_as_read(work):
    with tenancy.tenant_scope(work.tenant.pk):
        alert = Alert.objects.get(title="Chatter")
        comments.add(alert, actor=work.actor("manager"), text="@analyst why?")
    client = signed_in(work, "analyst")
    page = client.get("/admin/").content.decode()
    form = re.search(r'<form method="post" action="/admin/notifications/".*?</form>', page)[0]
    given = dict(re.findall(r'name="(id|next)" value="([^"]*)"', form))

    answer = client.post("/admin/notifications/", given)

    assert answer["Location"] == f"/admin/soc/alert/{alert.shown_id}/change/#comment"
    assert "Reply" in form
    assert "@analyst why?" not in titles(client.get("/admin/").content.decode())


def test_whoever_comments_has_answered_what_mentioned_them_there(work):
    with tenancy.tenant_scope(work.tenant.pk):
        alert, other = Alert.objects.filter(title="Chatter").get(), alert_in(work, title="Other")
        for row in (alert, other):
            comments.add(row, actor=work.actor("manager"), text=f"@analyst on {row.title}?")

        comments.add(alert, actor=work.actor("analyst"), text="Benign.")

    shown = titles(page_of(work, "analyst"))
    assert "@analyst on Other?" in shown
    assert "@analyst on Chatter?" not in shown


def test_nobodys_many_alerts_hide_those_of_another(work, monkeypatch):
    monkeypatch.setattr("soc.services.open_work.MOST", 3)
    with tenancy.tenant_scope(work.tenant.pk):
        for role, many in (("responder", 5), ("analyst", 2)):
            person = work.people[role].pk
            for _ in range(many):
                alerts.assign(alert_in(work), actor=work.actor(), assignee_id=person)
        found = open_work.of(work.people["analyst"].pk)

    assert [count for _, _, count in found.holders] == [4, 2]
    assert found.counts["mine"] == 2


def test_it_takes_as_many_queries_for_20_rows_as_for_2(work):
    counts = []
    for many in (2, 20):
        with tenancy.tenant_scope(work.tenant.pk):
            for number in range(many):
                alert_in(work, title=f"Alert {number}", severity="critical")
        page_of(work, "manager")
        client = signed_in(work, "manager")
        client.get("/admin/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/admin/")
        counts.append(len([each for each in captured if "SAVEPOINT" not in each["sql"]]))
    assert counts[0] == counts[1]
    assert counts[1] <= MOST_QUERIES + 3
