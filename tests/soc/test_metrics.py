"""The numbers of the SOC, against alerts whose times are known."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import csvs, tenancy
from core.errors import BadInput
from soc.models import Alert, Investigation
from soc.services import alerts, links, metrics, trends
from tests import factories
from tests.soc.factories import alert_in, case_in

URL = "/api/v1/soc/metrics"
DAY = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = {"created_after": "2026-03-01T00:00:00Z", "created_before": "2026-04-01T00:00:00Z"}


def at(minutes):
    return DAY + timedelta(minutes=minutes)


def arrived(cast, status="open", *, minute=0, **times):
    """An alert that arrived at a minute of the day; times are minutes after that."""
    plain = {name: times.pop(name) for name in list(times) if not name.endswith("_at")}
    classification = plain.pop("close_classification", None)
    alert = alert_in(cast, status, **plain)
    values = {name: at(minute + minutes) for name, minutes in times.items()}
    if classification:
        values["close_classification"] = classification
    Alert.objects.filter(pk=alert.pk).update(created_at=at(minute), **values)
    return alert


def asked(cast, **more):
    with tenancy.tenant_scope(cast.tenant.pk):
        return metrics.measure(metrics.window(DAY - timedelta(days=1), at(60 * 24 * 20)), **more)


@pytest.fixture
def ten(in_acme):
    """Ten alerts, acknowledged after 1, 2 … 10 minutes."""
    return [arrived(in_acme, "acknowledged", acknowledged_at=each) for each in range(1, 11)]


def test_mean_median_and_p90_are_over_the_alerts_for_which_they_are_known(in_acme, ten):
    arrived(in_acme)

    [numbers] = asked(in_acme)

    assert numbers.mtta == metrics.Span(count=10, mean=5.5, median=5.5, p90=9.1)
    assert (numbers.volume, numbers.backlog) == (11, 11)


def test_charts_tell_what_the_table_tells_while_most_alerts_still_wait(in_acme):
    """`greatest(NULL, 0)` is 0: those that wait had counted as done at once."""
    for each in (30, 40, 50):
        arrived(in_acme, "resolved", acknowledged_at=each, resolved_at=each * 2)
    for _ in range(7):
        arrived(in_acme)

    days = (timezone.now() - DAY).days + 2
    with tenancy.tenant_scope(in_acme.tenant.pk):
        told = trends.count(days)
    [table] = asked(in_acme)

    acknowledged, resolved = (
        [table.mtta.median, table.mtta.p90],
        [table.mttr.median, table.mttr.p90],
    )
    assert told["whole"] == [acknowledged, resolved] == [[40, 48], [80, 96]]
    assert told["times"] == {"2026-03-02": (acknowledged, resolved)}


@pytest.mark.parametrize(
    ("clock", "status", "times", "minutes"),
    [
        ("mttd", "open", {"occurred_at": -7}, 7),
        ("mttd", "open", {"occurred_at": 7}, 0),
        ("mtta", "acknowledged", {"acknowledged_at": 3}, 3),
        ("mttt", "triaging", {"triaged_at": 4}, 4),
        ("mttr", "resolved", {"resolved_at": 5}, 5),
        ("mttr", "closed", {"closed_at": 6}, 6),
    ],
)
def test_each_clock_runs_from_its_start_to_its_end(in_acme, clock, status, times, minutes):
    alert = arrived(in_acme, status)
    Alert.objects.filter(pk=alert.pk).update(**{name: at(each) for name, each in times.items()})

    [numbers] = asked(in_acme)

    assert getattr(numbers, clock) == metrics.Span(1, minutes, minutes, minutes)


def test_containment_is_that_of_the_investigation_that_held_the_alert(in_acme):
    held, left = arrived(in_acme), arrived(in_acme)
    case = case_in(in_acme, "contained", alert_ids=[held.pk])
    links.add_alerts(case, [left.pk], actor=in_acme.actor())
    links.remove_alerts(case, [left.pk], actor=in_acme.actor())
    Investigation.objects.filter(pk=case.pk).update(contained_at=at(30))
    held.investigation_links.update(created_at=at(1))
    left.investigation_links.update(created_at=at(1), left_at=at(2))
    late = arrived(in_acme, minute=60)
    links.add_alerts(case, [late.pk], actor=in_acme.actor())
    late.investigation_links.update(created_at=at(61))

    [numbers] = asked(in_acme)

    assert numbers.mttc == metrics.Span(1, 30.0, 30.0, 30.0)


@pytest.mark.parametrize(
    ("classification", "true", "false"),
    [
        ("True Positive - Suspicious Activity", 0.5, 0.0),
        ("False Positive - Incorrect Detection Logic", 0.0, 0.5),
        ("False Positive - Inaccurate Data", 0.0, 0.5),
        ("Duplicate", 0.0, 0.0),
    ],
)
def test_rates_are_of_what_was_closed_with_a_classification(in_acme, classification, true, false):
    arrived(in_acme, "closed")
    arrived(in_acme, "closed", close_classification=classification)
    arrived(in_acme)

    [numbers] = asked(in_acme)

    assert (numbers.closed, numbers.true_positive_rate, numbers.false_positive_rate) == (
        2,
        true,
        false,
    )


def test_a_rate_of_nothing_is_none_and_not_nought(in_acme):
    arrived(in_acme)

    [numbers] = asked(in_acme)

    assert (numbers.true_positive_rate, numbers.false_positive_rate) == (None, None)


def test_the_backlog_is_what_waited_at_the_end_of_the_window(in_acme):
    arrived(in_acme)
    arrived(in_acme, "closed", closed_at=60)
    arrived(in_acme, "suppressed", suppressed_at=60)
    arrived(in_acme, "resolved", resolved_at=60 * 24 * 25)

    [numbers] = asked(in_acme)

    assert (numbers.volume, numbers.backlog) == (4, 2)


@pytest.mark.parametrize(
    ("group_by", "groups"),
    [
        ("severity", [("high", 2), ("low", 1)]),
        ("source_name", [("sensor", 2), ("manual", 1)]),
        ("category", [("network", 2), ("none", 1)]),
        ("rule", [("none", 3)]),
        ("day", [("2026-03-02", 2), ("2026-03-03", 1)]),
    ],
)
def test_numbers_come_by_group_the_largest_first_and_days_in_order(in_acme, group_by, groups):
    for _ in range(2):
        arrived(in_acme, severity="high", source_name="sensor", category="network")
    arrived(in_acme, minute=60 * 24, severity="low")

    found = asked(in_acme, group_by=group_by)

    assert [(each.group, each.volume) for each in found] == groups


def test_a_group_without_arrivals_still_shows_what_waits(in_acme):
    arrived(in_acme, minute=-60 * 24 * 9, severity="critical")

    found = asked(in_acme, group_by="severity")

    assert [(each.group, each.volume, each.backlog) for each in found] == [("critical", 0, 1)]
    assert found[0].mtta == metrics.Span(0, None, None, None)


def test_deleted_alerts_do_not_count_and_repeats_count_apart(in_acme):
    alerts.delete(arrived(in_acme), actor=in_acme.actor())
    Alert.objects.filter(pk=arrived(in_acme).pk).update(duplicate_count=4)

    [numbers] = asked(in_acme)

    assert (numbers.volume, numbers.repeats) == (1, 4)


def test_another_tenants_alerts_are_not_counted(acme, globex):
    for cast, number in ((acme, 1), (globex, 2)):
        with tenancy.tenant_scope(cast.tenant.pk):
            for _ in range(number):
                arrived(cast)

    assert [asked(cast)[0].volume for cast in (acme, globex)] == [1, 2]


def test_the_call_answers_with_json(acme, api):
    with tenancy.tenant_scope(acme.tenant.pk):
        arrived(acme, "acknowledged", acknowledged_at=3, severity="high")

    body = api.get(URL, {**WINDOW, "group_by": "severity"}).json()

    [row] = body["results"]
    assert (body["group_by"], body["created_after"]) == ("severity", WINDOW["created_after"])
    assert (row["group"], row["volume"]) == ("high", 1)
    assert row["mtta"] == {"count": 1, "mean": 3.0, "median": 3.0, "p90": 3.0}


def test_the_call_answers_with_csv_that_runs_no_formula(acme, api):
    with tenancy.tenant_scope(acme.tenant.pk):
        arrived(acme, source_name="=cmd|'/C calc'!A0")

    answer = api.get(URL, {**WINDOW, "group_by": "source_name", "as": "csv"})

    head, row, *_ = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert head.startswith('"group","volume"')
    assert row.startswith("\"'=cmd|")


def test_an_application_counts_its_own_alerts(acme, api):
    tool = factories.application_client(acme, scopes=["soc:read", "soc:write"])
    api.post("/api/v1/soc/alerts", {})
    tool.post("/api/v1/soc/alerts", {})

    volumes = [client.get(URL).json()["results"][0]["volume"] for client in (api, tool)]

    assert volumes == [2, 1]


def test_no_alerts_are_no_rows(api):
    assert api.get(URL).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"group_by": "colour"}, "group_by"),
        ({"created_after": "yesterday"}, "created_after"),
        ({"colour": "red"}, "colour"),
        ({"as": "pdf"}, "as"),
        ({"created_after": "2026-03-02T00:00:00Z", "created_before": WINDOW["created_after"]}, ""),
        ({"created_after": "2020-03-02T00:00:00Z"}, ""),
        ({"created_before": "0001-01-05T00:00:00Z"}, "created_before"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_name(api, query, name):
    answer = api.get(URL, query)

    problem = answer.json()
    assert answer.status_code == 400
    assert name in problem.get("errors", {}) or problem["field"] in (name, "created_after")


def test_the_service_refuses_an_unknown_group(in_acme):
    with pytest.raises(BadInput, match="Use one of"):
        asked(in_acme, group_by="colour")


def test_the_numbers_take_as_many_queries_for_many_alerts(acme, api):
    counts = []
    for number in (2, 18):
        with tenancy.tenant_scope(acme.tenant.pk):
            for _ in range(number):
                arrived(acme)
        with CaptureQueriesContext(connection) as queries:
            api.get(URL, {**WINDOW, "group_by": "severity"})
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "\nx",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "  =1",
    ],
)
def test_a_cell_is_never_a_formula(text):
    assert csvs.cell(text) == f"'{text}"
    assert (csvs.cell(-1), csvs.cell(None), csvs.cell("plain")) == (-1, "", "plain")
