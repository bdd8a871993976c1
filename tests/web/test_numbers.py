"""The page of numbers."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from core import tenancy
from soc.models import Alert, CountedNumbers
from soc.services import counted, metrics_kept, trends
from socplatform import dashboard, numbers, trend_cards
from tests.soc.factories import alert_in

PAGE = "/admin/numbers/"


@pytest.fixture
def desk(acme):
    client = Client()
    client.force_login(acme.people["viewer"], backend="core.permissions.PersonBackend")
    return client


@pytest.mark.parametrize(
    "query", ["", "?days=7&group_by=day", "?days=x&group_by=x", "?group_by=rule"]
)
def test_numbers_are_shown_by_group(acme, desk, query):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, "closed", severity="high")

    answer = desk.get(PAGE + query)

    assert answer.status_code == 200
    assert "All alerts" in answer.content.decode()


def test_an_empty_period_says_so(desk):
    assert "No alert arrived" in desk.get(PAGE).content.decode()


def test_they_come_as_csv(acme, desk):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, severity="high")

    answer = desk.get(f"{PAGE}?as=csv")

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert '"high",1' in answer.content.decode()


def test_a_stranger_is_asked_to_sign_in(db):
    assert Client().get(PAGE).status_code == 302


def test_a_bar_of_clocks_leads_to_what_was_late_in_its_days_alone(acme):
    given = {"days": ["2026-11-19", "2026-11-20"], "clocks": {"2026-11-20": (3, 2)}}

    chart = trend_cards.clocks(given)

    _, url, cells = chart.rows[1]
    assert cells == [3, 2]
    assert parse_qs(urlsplit(url).query) == {
        "breached_after": ["2026-11-20T00:00:00Z"],
        "breached_before": ["2026-11-21T00:00:00Z"],
    }


def test_the_periods_of_pages_are_those_that_upkeep_counts():
    assert {*numbers.PERIODS, dashboard.DAYS} == set(trends.PERIODS)


def test_the_table_of_many_alerts_is_the_one_that_a_job_kept(acme, desk, monkeypatch):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, "closed", severity="high")
    live = desk.get(f"{PAGE}?days=7").context["rows"]
    monkeypatch.setattr("soc.services.counted.RECENT", 0)

    before = desk.get(f"{PAGE}?days=7")
    with tenancy.tenant_scope(acme.tenant.pk):
        kept = json.loads(json.dumps(metrics_kept.count(7)))
        counted.keep("trends:7", kept)
        alert_in(acme, severity="high")
    after = desk.get(f"{PAGE}?days=7")

    assert before.context["rows"] == []
    assert "Not counted yet." in before.content.decode()
    assert after.context["rows"] == live
    assert '"high",1' in desk.get(f"{PAGE}?days=7&as=csv").content.decode()


def test_the_table_is_of_the_very_days_of_the_charts(acme, desk):
    """The day before the first one of the charts is not in the table for its last hours."""
    now = timezone.now()
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=6)
    with tenancy.tenant_scope(acme.tenant.pk):
        for at in (first - timedelta(seconds=1), first, now):
            Alert.objects.filter(pk=alert_in(acme).pk).update(created_at=at)
        drawn = trends.count(7)["volume"]

    [whole, *_] = desk.get(f"{PAGE}?days=7").context["rows"]

    assert whole["numbers"].volume == sum(sum(each.values()) for each in drawn.values()) == 2


@pytest.mark.parametrize(
    ("kept", "alerts", "by_job"),
    [
        (None, 1, False),
        (None, 3, True),
        (timedelta(minutes=40), 1, True),  # a job counts only where there are many
        (timedelta(hours=3), 1, False),
        (timedelta(hours=3), 3, True),
    ],
)
def test_a_page_waits_for_few_alerts_only(acme, monkeypatch, kept, alerts, by_job):
    monkeypatch.setattr("soc.services.counted.RECENT", 2)
    with tenancy.tenant_scope(acme.tenant.pk):
        for _ in range(alerts):
            alert_in(acme)
        if kept is not None:
            counted.keep(counted.ATTACK, [])
            CountedNumbers.objects.update(counted_at=timezone.now() - kept)

        found = counted.where_many(counted.ATTACK)

    assert (found is not None) is by_job
    assert found is None or (found.at is not None) is (kept is not None)
