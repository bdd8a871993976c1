"""Alerts that share what few others have are related, with the reason in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import actors
from soc import tasks
from soc.models import Alert, AlertRelation, Indicator
from soc.services import alerts, correlation, indicator_lists, indicators, relations
from tests import factories
from tests.soc.factories import ALERTS, made, run_jobs, seen, within

EVIL = ("domain", "evil.com")
HOST = {"name": "WS-0417"}


def found():
    return AlertRelation.objects.filter(kind="correlated")


@pytest.mark.parametrize(
    ("count", "worth"), [(2, 3), (3, 3), (4, 2), (10, 2), (11, 1), (50, 1), (51, 0)]
)
def test_the_rarer_a_value_is_the_more_it_ties(count, worth):
    assert correlation.points(count) == worth


def test_a_rare_indicator_relates_two_alerts_once_with_its_reason(in_acme):
    older, newer = seen(in_acme, EVIL), seen(in_acme, EVIL)
    run_jobs()
    run_again = correlation.relate([older.pk, newer.pk], actor=actors.system(in_acme.tenant.pk))

    [row] = found()
    assert (row.alert_id, row.related_id) == (newer.pk, older.pk)
    assert (row.reason, row.score) == ("share domain evil.com", 3)
    assert run_again == 0


def test_a_reason_names_what_ties_most_first(in_acme):
    for _ in range(2):
        seen(in_acme, EVIL, ("ip", "198.51.100.7"), host=HOST, user={"name": "Alice"})
    run_jobs()

    [row] = found()
    assert row.reason == "share IP 198.51.100.7, domain evil.com, host ws-0417 and user alice"
    assert row.score == 12


def test_values_that_several_have_tie_only_together(in_acme):
    for number in range(5):
        seen(in_acme, EVIL, title=str(number))
    run_jobs()
    assert found().count() <= 3  # the first three, while it was rare

    before = found().count()
    for _ in range(2):
        seen(in_acme, EVIL, host=HOST)
    run_jobs()

    reasons = set(found().values_list("reason", flat=True))
    assert "share host ws-0417 and domain evil.com" in reasons
    assert found().count() == before + 1


def test_common_values_tie_nothing(in_acme, monkeypatch):
    monkeypatch.setattr(correlation, "COMMON", 2)
    monkeypatch.setattr(correlation, "POINTS", ((2, 3),))
    for _ in range(3):
        seen(in_acme, EVIL)

    run_jobs()

    assert not found().exists()


@pytest.mark.parametrize("way", ["by hand", "ignored by a list", "known good"])
def test_what_is_left_out_ties_nothing(in_acme, way):
    seen(in_acme, EVIL)
    actor = in_acme.actor()
    if way == "by hand":
        indicators.update(Indicator.objects.get(), {"ignore_similarity": True}, actor=actor)
    else:
        kind = "known_good" if way == "known good" else "ignore_similarity"
        given = {"kind": kind, "type": "domain", "value": ".evil.com"}
        indicator_lists.create(given, actor=actor)
    seen(in_acme, EVIL)

    run_jobs()

    assert not found().exists()


@pytest.mark.parametrize("kind", correlation.LEFT_OUT)
def test_some_types_tie_nothing_by_themselves(in_acme, kind):
    value = {"asn": "AS64500", "user_agent": "curl/8.0"}.get(kind, "alice")
    for _ in range(2):
        seen(in_acme, (kind, value))

    run_jobs()

    assert not found().exists()


@pytest.mark.parametrize(
    ("values", "apart", "related"),
    [
        ({"host": HOST}, timedelta(hours=23), True),
        ({"host": HOST}, timedelta(hours=25), False),
        ({"user": {"name": "alice"}}, timedelta(hours=23), True),
        ({"indicators": [{"type": "domain", "value": "evil.com"}]}, timedelta(days=6), True),
        ({"indicators": [{"type": "domain", "value": "evil.com"}]}, timedelta(days=8), False),
    ],
)
def test_host_and_user_tie_for_a_day_and_indicators_for_a_week(in_acme, values, apart, related):
    now = timezone.now()
    for at in (now - apart, now):
        alerts.create({**values, "occurred_at": at}, actor=in_acme.actor())

    run_jobs()

    assert found().exists() is related


def test_a_host_counts_around_each_alert_whatever_else_is_in_the_batch(in_acme):
    now = timezone.now()
    pair = [timedelta(days=9), timedelta(days=9, hours=1)]
    others = [timedelta(days=day) for day in (1, 3, 5, 7)]
    for ago in (*pair, *others):
        alerts.create({"host": HOST, "occurred_at": now - ago}, actor=in_acme.actor())

    tasks.enrich.func(
        str(in_acme.tenant.pk), [str(pk) for pk in Alert.objects.values_list("pk", flat=True)]
    )

    [row] = found()
    assert (row.reason, row.score) == ("share host ws-0417", 3)


def test_a_deleted_alert_is_related_to_nothing(in_acme):
    gone = seen(in_acme, EVIL, host=HOST)
    alerts.delete(gone, actor=in_acme.actor())
    seen(in_acme, EVIL, host=HOST)

    run_jobs()

    assert not found().exists()


def test_a_pair_that_a_person_linked_stays_theirs(in_acme):
    older, newer = seen(in_acme, EVIL), seen(in_acme, EVIL)
    relations.set_related(older, [newer.pk], actor=in_acme.actor(), reason="same phone call")

    run_jobs()

    [row] = AlertRelation.objects.all()
    assert (row.kind, row.reason) == ("manual", "same phone call")


def test_an_alert_has_so_many_correlated_ones_and_no_more(in_acme, monkeypatch):
    monkeypatch.setattr(correlation, "MOST", 2)
    for _ in range(3):
        seen(in_acme, EVIL, host=HOST)
    run_jobs()
    assert found().count() == 3

    seen(in_acme, EVIL, host=HOST)
    run_jobs()

    assert found().count() == 3


def test_a_batch_without_alerts_relates_nothing(in_acme):
    assert correlation.relate([], actor=actors.system(in_acme.tenant.pk)) == 0


def test_a_batch_takes_as_many_queries_for_twenty_alerts_as_for_two(
    in_acme, django_assert_max_num_queries
):
    rows = [seen(in_acme, ("ip", f"198.51.100.{n}"), EVIL, host=HOST) for n in range(20)]

    with django_assert_max_num_queries(13):
        correlation.relate([row.pk for row in rows], actor=actors.system(in_acme.tenant.pk))


def test_related_alerts_are_shown_with_their_reasons_by_hand_first(api, acme):
    evil = [{"type": "domain", "value": "evil.com"}]
    one = made(api, title="one", indicators=evil)
    linked = made(api, title="linked")
    made(api, title="two", indicators=evil)
    api.patch(f"{ALERTS}/{one['id']}", {"related_alert_ids": [linked["id"]]})
    run_jobs()

    rows = api.get(f"{ALERTS}/{one['id']}/related").json()["results"]

    assert [(row["title"], row["kind"], row["reason"], row["score"]) for row in rows] == [
        ("linked", "manual", "linked by hand", 0),
        ("two", "correlated", "share domain evil.com", 3),
    ]
    shown = api.get(f"{ALERTS}/{one['id']}").json()
    assert shown["correlated_alert_ids"] == [rows[1]["alert_id"]]


def test_an_application_is_shown_related_alerts_of_its_own_only(api, acme):
    evil = [{"type": "domain", "value": "evil.com"}]
    made(api, indicators=evil)
    tool = factories.application_client(acme, ["soc:read", "soc:write"])
    own = made(tool, indicators=evil)
    run_jobs()

    assert within(acme, lambda: found().count()) == 1
    assert tool.get(f"{ALERTS}/{own['id']}/related").json()["results"] == []
