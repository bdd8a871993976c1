"""Enrichment: what each enricher says, how it is weighed, and what becomes of the rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEvent
from soc.enrichment import special_ranges
from soc.enrichment.findings import EnrichmentError, Finding, weigh
from soc.models import Alert, Indicator
from soc.services import alerts, enrichment, indicator_lists, malice
from soc.vocabulary import MALICE
from tests.soc.factories import alert_in, run_jobs, seen

KNOWN = [
    ("ip", "10.1.2.3", "private", True),
    ("ip", "172.31.0.1", "private", True),
    ("ip", "192.168.1.1", "private", True),
    ("ip", "100.64.0.1", "carrier", False),
    ("ip", "127.0.0.1", "machine itself", True),
    ("ip", "169.254.1.1", "local link", True),
    ("ip", "203.0.113.9", "documentation", False),
    ("ip", "198.18.0.1", "benchmarks", False),
    ("ip", "224.0.0.251", "multicast", False),
    ("ip", "240.0.0.1", "reserved", False),
    ("ip", "::1", "machine itself", True),
    ("ip", "fe80::1", "local link", True),
    ("ip", "fd00::1", "private", True),
    ("ip", "2001:db8::1", "documentation", False),
    ("ip", "ff02::1", "multicast", False),
    ("hostname", "printer.local", "local link", True),
    ("hostname", "dc01.internal", "inside", True),
    ("domain", "www.example.com", "documentation", False),
    ("domain", "a.test", "tests", False),
    ("domain", "a.invalid", "never exists", False),
]
ORDINARY = [
    *(("ip", "8.8.8.8"), ("ip", "2606:4700::1111"), ("domain", "evilexample.com")),
    *(("domain", "local.evil.com"), ("url", "http://10.0.0.1/"), ("account", "root")),
]


@pytest.mark.parametrize(("kind", "value", "words", "ours"), KNOWN)
def test_special_ranges_are_told_and_are_no_verdict(kind, value, words, ours):
    told = special_ranges.tell(kind, value)

    assert words in told.reason
    assert (told.verdict, told.ours) == (None, ours)


@pytest.mark.parametrize(("kind", "value"), ORDINARY)
def test_ordinary_values_are_of_no_range(kind, value):
    assert special_ranges.tell(kind, value) is None


def test_a_hidden_service_is_suspicious():
    assert special_ranges.tell("domain", "abc.onion").verdict == "suspicious"


WEIGHED = [
    ({}, ("pending", None)),
    ({"own_asset": (None, True)}, ("pending", None)),
    ({"special_range": ("suspicious", False)}, ("suspicious", "special_range")),
    (
        {"list": ("malicious", False), "special_range": ("suspicious", False)},
        ("malicious", "list"),
    ),
    (
        {"list": ("benign", False), "earlier_verdicts": ("suspicious", False)},
        ("benign", "list"),
    ),
    (
        {"list": ("suspicious", False), "earlier_verdicts": ("suspicious", False)},
        ("suspicious", "list"),
    ),
    ({"earlier_verdicts": ("suspicious", False), "own_asset": (None, True)}, ("pending", None)),
    ({"list": ("malicious", False), "own_asset": (None, True)}, ("malicious", "list")),
]


@pytest.mark.parametrize(("results", "known"), WEIGHED)
def test_the_worst_counts_but_known_good_counts_more_and_victims_are_spared(results, known):
    kept = {name: {"verdict": verdict, "ours": ours} for name, (verdict, ours) in results.items()}

    assert weigh(kept) == known


@given(st.dictionaries(st.text(), st.fixed_dictionaries({"verdict": st.sampled_from(MALICE)})))
def test_weighing_always_gives_a_word_of_malice_and_who_says_it(results):
    verdict, source = weigh(results)

    assert verdict in MALICE
    assert source is None or results[source]["verdict"] == verdict


def the(value):
    return Indicator.objects.get(value=value)


def closed(cast, classification, *indicators, count=1):
    for _ in range(count):
        alert = seen(cast, *indicators)
        alerts.close(alert, actor=cast.actor(), close_classification=classification)


REAL, FALSE = "True Positive - Suspicious Activity", "False Positive - Inaccurate Data"


@pytest.mark.parametrize(
    ("real", "false", "malice"),
    [(2, 0, "pending"), (3, 0, "suspicious"), (2, 1, "suspicious"), (2, 2, "pending")],
)
def test_how_earlier_alerts_ended_makes_it_suspicious_when_most_were_real(
    in_acme, real, false, malice
):
    closed(in_acme, REAL, ("domain", "evil.com"), count=real)
    closed(in_acme, FALSE, ("domain", "evil.com"), count=false)
    run_jobs()

    row = the("evil.com")

    told = row.enrichment_results["earlier_verdicts"]
    assert told["reason"] == f"of {real + false} closed alerts with it, {real} real and {false} not"
    assert row.malice == malice


def test_no_number_of_false_ones_makes_it_benign(in_acme):
    closed(in_acme, FALSE, ("domain", "good.com"), count=6)
    run_jobs()

    assert the("good.com").malice == "pending"


@pytest.mark.parametrize(
    ("indicator", "values", "words"),
    [
        (("hostname", "ws-1"), {"host": {"name": "WS-1"}}, "a host"),
        (("ip", "198.51.100.7"), {"host": {"name": "x", "ip": ["198.51.100.7"]}}, "a host"),
        (("account", "alice"), {"user": {"name": "Alice"}}, "a user"),
        (("email", "a@evil.com"), {"user": {"email": "a@evil.com"}}, "a user"),
        (("hostname", "ws-1"), {"host": "WS-1"}, "a host"),
        (
            ("hostname", "db-1"),
            {"affected_assets": [{"type": "host", "id": None, "label": "DB-1"}, "junk"]},
            "an asset",
        ),
    ],
)
def test_what_alerts_name_as_affected_is_ones_own_and_spared(in_acme, indicator, values, words):
    alert = seen(in_acme, indicator, **values)
    alerts.close(alert, actor=in_acme.actor(), close_classification=REAL)
    closed(in_acme, REAL, indicator, count=3)
    run_jobs()

    row = the(indicator[1])

    assert row.enrichment_results["own_asset"]["reason"] == f"{words} that alerts name as affected"
    assert row.malice == "pending"


def test_an_alert_becomes_enriched_without_a_version_or_an_event(in_acme):
    alert = seen(in_acme, ("domain", "abc.onion"), ("ip", "10.0.0.1"))
    bare = alert_in(in_acme)
    before = AuditEvent.objects.count()

    run_jobs()

    fresh, other = Alert.objects.get(pk=alert.pk), Alert.objects.get(pk=bare.pk)
    assert (fresh.enrichment_status, fresh.malice, fresh.version) == ("enriched", "suspicious", 1)
    assert fresh.enriched_at is not None
    assert (other.enrichment_status, other.malice) == ("enriched", "pending")
    assert AuditEvent.objects.count() == before


def test_a_second_run_changes_nothing(in_acme):
    alert = seen(in_acme, ("domain", "abc.onion"), ("ip", "10.0.0.1"))
    run_jobs()
    before = (Alert.objects.values().get(), list(Indicator.objects.order_by("id").values()))

    enrichment.of_alerts([alert.pk])

    assert (Alert.objects.values().get(), list(Indicator.objects.order_by("id").values())) == before


def test_an_enricher_that_cannot_answer_fails_the_alert_with_its_reason_and_no_other(in_acme):
    def broken(rows):
        raise EnrichmentError("The register does not answer.")

    enrichment.register("register", broken)
    alert = seen(in_acme, ("domain", "abc.onion"))
    try:
        run_jobs()
    finally:
        enrichment.withdraw("register")

    row = the("abc.onion")
    assert Alert.objects.get(pk=alert.pk).enrichment_status == "failed"
    assert row.enrichment_results["register"]["reason"] == "The register does not answer."
    assert row.malice == "suspicious"
    enrichment.of_alerts([alert.pk])
    assert Alert.objects.get(pk=alert.pk).enrichment_status == "enriched"


def test_a_register_says_what_it_knows_beside_the_others(in_acme):
    enrichment.register(
        "register", lambda rows: {row.pk: Finding("asset 17", "benign") for row in rows}
    )
    seen(in_acme, ("domain", "evil.com"))
    try:
        run_jobs()
    finally:
        enrichment.withdraw("register")

    assert (the("evil.com").malice, the("evil.com").malice_source) == ("benign", "register")


def test_a_verdict_of_a_list_reaches_the_alerts_that_saw_it_before(in_acme):
    alert = seen(in_acme, ("domain", "evil.com"))
    run_jobs()

    indicator_lists.create(
        {"kind": "known_bad", "type": "domain", "value": "evil.com"}, actor=in_acme.actor()
    )
    run_jobs()

    assert Alert.objects.get(pk=alert.pk).malice == "malicious"
    assert the("evil.com").malice_source == "list"


def test_older_alerts_follow_although_the_worker_dies_after_it_wrote_the_indicators(in_acme):
    alert = seen(in_acme, ("domain", "evil.com"))
    run_jobs()
    indicator_lists.create(
        {"kind": "known_bad", "type": "domain", "value": "evil.com"}, actor=in_acme.actor()
    )

    enrichment.of_indicators([the("evil.com").pk])  # as far as it came
    run_jobs()  # the retry finds nothing that differs

    assert Alert.objects.get(pk=alert.pk).malice == "malicious"


def test_what_many_indicators_change_is_followed_by_several_jobs(in_acme, monkeypatch):
    rows = [seen(in_acme, ("ip", f"198.51.100.{n}")) for n in range(3)]
    run_jobs()
    monkeypatch.setattr(malice, "PER_JOB", 2)
    indicator_lists.create(
        {"kind": "known_bad", "type": "ip", "value": "198.51.100.0/24"}, actor=in_acme.actor()
    )
    run_jobs()

    found = Alert.objects.filter(pk__in=[row.pk for row in rows])
    assert set(found.values_list("malice", flat=True)) == {"malicious"}
