"""The Now page: what needs this person first, counts that lead to their rows, and the trends."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from soc.models import Alert
from soc.services import counted, tasks, trends
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
        assert counted.read("trends:14").content is None
        counted.keep("trends:14", {"days": []})
        assert counted.read("trends:14").content == {"days": []}
        assert counted.read("trends:14").at is not None


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
