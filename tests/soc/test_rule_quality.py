"""How good detection rules are: what became of their alerts in a window of time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from soc.models import Alert, DetectionRule
from soc.services import alerts, rule_quality, rules, windows
from tests import factories
from tests.soc.factories import alert_in, made, within

URL = "/api/v1/soc/detection-rules"
FALSE = "False Positive - Incorrect Detection Logic"
INACCURATE = "False Positive - Inaccurate Data"
TRUE = "True Positive - Suspicious Activity"


def fired(cast, classifications, **values):
    """Alerts of one rule, closed as given; None stays open."""
    for each in classifications:
        alert = alert_in(cast, source_name="edr", rule_key="r-1", **values)
        if each:
            alerts.perform(alert, "close", actor=cast.actor(), close_classification=each)
    return DetectionRule.objects.get(source_rule_id="r-1")


def test_quality_counts_verdicts_by_cause_and_the_share_of_false_positives(in_acme):
    rule = fired(in_acme, [TRUE, FALSE, FALSE, INACCURATE, "Duplicate", None])

    quality = rule_quality.of_rules([rule.pk])[rule.pk]

    assert (quality.volume, quality.open_count, quality.closed_count) == (6, 1, 5)
    assert quality.false_positive_rate == pytest.approx(3 / 5)
    assert quality.told == "60 % of 5 closed alerts were false positives."
    assert [(row["verdict"], row["cause"], row["count"]) for row in quality.verdicts] == [
        ("false_positive", "analytic_logic", 2),
        ("duplicate", None, 1),
        ("false_positive", "inaccurate_data", 1),
        ("true_positive", None, 1),
    ]


def test_medians_lie_between_the_alerts(in_acme):
    rule = fired(in_acme, [TRUE, TRUE])
    now = timezone.now()
    for minutes, alert in zip((10, 20), Alert.objects.order_by("pk"), strict=True):
        arrived = now - timedelta(minutes=minutes)
        Alert.objects.filter(pk=alert.pk).update(
            created_at=arrived, acknowledged_at=arrived + timedelta(minutes=2), closed_at=now
        )

    quality = rule_quality.of_rules([rule.pk])[rule.pk]

    assert quality.median_minutes_to_acknowledge == pytest.approx(2)
    assert quality.median_minutes_to_close == pytest.approx(15)


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        ([], "It has not fired."),
        ([None], "None of its alerts was closed yet."),
        ([FALSE], "100 % of 1 closed alert was a false positive."),
        ([TRUE, TRUE], "0 % of 2 closed alerts were false positives."),
    ],
)
def test_quality_is_told_in_a_sentence(in_acme, closed, told):
    made_rule = rules.create({"source_name": "edr", "source_rule_id": "r-1"}, actor=in_acme.actor())
    fired(in_acme, closed)

    quality = rule_quality.of_rules([made_rule.pk])[made_rule.pk]

    assert quality.told == told
    assert (quality.false_positive_rate is None) == (not any(closed))


def test_only_the_window_is_counted(in_acme):
    rule = fired(in_acme, [FALSE, FALSE])
    now = timezone.now()
    old = Alert.objects.order_by("pk")[0]
    Alert.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=100))

    counted = {
        name: rule_quality.of_rules([rule.pk], during=span)[rule.pk].volume
        for name, span in {
            "ninety days": windows.window(),
            "all": windows.window(now - timedelta(days=200)),
            "before": windows.window(now - timedelta(days=200), now - timedelta(days=50)),
            "up to": windows.window(before=now - timedelta(days=50)),
        }.items()
    }

    assert counted == {"ninety days": 1, "all": 2, "before": 1, "up to": 1}


def test_quality_over_rest_for_one_and_for_all(api, acme):
    rule = within(acme, lambda: fired(acme, [FALSE, None]))

    one = api.get(f"{URL}/{rule.shown_id}/quality").json()
    [row] = api.get(f"{URL}/quality", {"source_name": "edr"}).json()["results"]
    none = api.get(f"{URL}/quality", {"created_before": "2020-01-01T00:00:00Z"}).json()["results"]

    assert (one["rule_id"], one["volume"], one["false_positive_rate"]) == (rule.shown_id, 2, 1.0)
    assert one["window"]["created_after"]
    assert one == row | {"window": one["window"]}
    assert (none[0]["volume"], none[0]["false_positive_rate"]) == (0, None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"created_after": "yesterday"}, "created_after"),
        (
            {"created_after": "2026-02-01T00:00:00Z", "created_before": "2026-01-01T00:00:00Z"},
            "created_before",
        ),
        ({"nonsense": "1"}, "nonsense"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(api, query, field):
    made_now = api.post(URL)
    assert made_now.status_code == 201, made_now.content
    rule = made_now.json()

    one, many = api.get(f"{URL}/{rule['id']}/quality", query), api.get(f"{URL}/quality", query)

    assert (one.status_code, many.status_code) == (400, 400)
    assert field in one.json()["errors"]


@pytest.mark.parametrize(
    "url", [f"{URL}/quality", "/api/v1/soc/attack/matrix", "/api/v1/soc/attack/navigator-layer"]
)
def test_a_window_that_begins_before_time_is_refused_by_name(api, url):
    refused = api.get(url, {"created_before": "0001-01-02T00:00:00Z"})

    assert refused.status_code == 400
    assert "created_before" in refused.content.decode()


def test_an_application_counts_its_own_alerts_only(api, acme):
    made(api, source_name="edr", rule_key="r-1")
    tool = factories.application_client(acme, ["soc:read", "soc:write"])
    made(tool, source_name="edr", rule_key="r-1")

    theirs, all_of_them = (
        client.get(f"{URL}/quality").json()["results"][0]["volume"] for client in (tool, api)
    )

    assert (theirs, all_of_them) == (1, 2)
