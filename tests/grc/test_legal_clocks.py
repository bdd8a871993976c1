"""Dated cases for every row of the library: the anchor's moment, and the deadline to the minute.

The expected times were counted by hand on a calendar. Times are local to the entity.
"""

import pytest

from grc.obligations.deadlines import APPLIES, NOT, UNDECIDED, deadline, decision
from grc.obligations.rules import library
from tests.grc.clocks import BERLIN, NEW_YORK, at, berlin, new_york

pytestmark = pytest.mark.legal_clock

BANK, PAYMENTS = "credit_institution", "payment_institution"
HOURS_24 = (  # from, to: a plain day, clocks forward, clocks back, over the year's end
    ("2026-11-18 23:30", "2026-11-19 23:30"),
    ("2026-03-28 12:00", "2026-03-29 13:00"),
    ("2026-10-24 12:00", "2026-10-25 11:00"),
    ("2026-12-31 18:05", "2027-01-01 18:05"),
)
HOURS_72 = (
    ("2026-11-18 23:30", "2026-11-21 23:30"),
    ("2026-03-27 09:10", "2026-03-30 10:10"),
    ("2026-10-23 09:10", "2026-10-26 08:10"),
    ("2026-02-26 00:01", "2026-03-01 00:01"),
)
ONE_MONTH = (  # same day number, month's end, February, over the year's end
    ("2026-11-20 10:00", "2026-12-20 23:59:59"),
    ("2026-08-31 10:00", "2026-09-30 23:59:59"),
    ("2027-01-30 10:00", "2027-02-28 23:59:59"),
    ("2028-01-31 10:00", "2028-02-29 23:59:59"),
    ("2026-12-31 23:30", "2027-01-31 23:59:59"),
)
DAYS_60 = (
    ("2026-01-01 10:00", "2026-03-02 23:59:59"),
    ("2028-01-01 10:00", "2028-03-01 23:59:59"),
    ("2026-03-07 23:59", "2026-05-06 23:59:59"),
    ("2026-11-15 00:00", "2027-01-14 23:59:59"),
)
YEAR_END = (  # 60 days after 31 December: 1 March, in a leap year 29 February
    ("2026-01-01 00:00", "2027-03-01 23:59:59"),
    ("2026-12-31 23:59", "2027-03-01 23:59:59"),
    ("2027-06-15 12:00", "2028-02-29 23:59:59"),
    ("2028-02-29 12:00", "2029-03-01 23:59:59"),
)
FOUR_BUSINESS_DAYS = (  # midweek, over a weekend, over Thanksgiving, over Christmas, on a Saturday
    ("2026-11-16 09:00", "2026-11-20 23:59:59"),
    ("2026-11-19 09:00", "2026-11-25 23:59:59"),
    ("2026-11-24 16:00", "2026-12-01 23:59:59"),
    ("2026-12-22 09:00", "2026-12-29 23:59:59"),
    ("2026-11-14 09:00", "2026-11-19 23:59:59"),
    ("2026-06-30 17:31", "2026-07-07 23:59:59"),
)
FOURTEEN_DAYS = (
    ("2026-11-01 10:00", "2026-11-15 23:59:59"),
    ("2026-12-24 10:00", "2027-01-07 23:59:59"),
    ("2027-02-20 00:00", "2027-03-06 23:59:59"),
    ("2028-02-20 23:59", "2028-03-05 23:59:59"),
)
ONE_ANCHOR = (  # row, its anchor, who reports, the cases
    ("nis2.early_warning", "aware", berlin(), HOURS_24),
    ("nis2.notification", "aware", berlin(), HOURS_72),
    ("nis2.notification_trust", "aware", berlin("trust_service_provider"), HOURS_24),
    ("nis2.final", "sent:nis2.notification", berlin(), ONE_MONTH),
    ("nis2.final", "sent:nis2.notification_trust", berlin(), ONE_MONTH),
    ("nis2.progress", "sent:nis2.notification", berlin(), ONE_MONTH),
    ("nis2.final_after_handling", "handling_completed", berlin(), ONE_MONTH),
    ("dora.intermediate", "sent:dora.initial", berlin(BANK), HOURS_72),
    ("gdpr.authority", "controller_aware", berlin(), HOURS_72),
    ("sec.filing", "material", new_york(), FOUR_BUSINESS_DAYS),
    ("sec.amendment", "information_available", new_york(), FOUR_BUSINESS_DAYS),
    ("hipaa.individuals", "discovered", new_york(), DAYS_60),
    ("hipaa.hhs_500", "discovered", new_york(), DAYS_60),
    ("hipaa.hhs_fewer", "discovered", new_york(), YEAR_END),
    ("hipaa.business_associate", "discovered", new_york("business_associate"), DAYS_60),
    ("cra.early_warning_vulnerability", "manufacturer_aware", berlin(), HOURS_24),
    ("cra.notification_vulnerability", "manufacturer_aware", berlin(), HOURS_72),
    ("cra.final_vulnerability", "corrective_measure", berlin(), FOURTEEN_DAYS),
    ("cra.early_warning_incident", "manufacturer_aware", berlin(), HOURS_24),
    ("cra.notification_incident", "manufacturer_aware", berlin(), HOURS_72),
    ("cra.final_incident", "sent:cra.notification_incident", berlin(), ONE_MONTH),
)
DORA_INITIAL = (  # aware, classified, due; who reports
    ("early classification", "2026-11-18 23:30", "2026-11-19 01:20", "2026-11-19 05:20", BANK),
    ("24 h is earlier", "2026-11-18 23:30", "2026-11-19 21:00", "2026-11-19 23:30", BANK),
    ("exactly at 24 h", "2026-11-18 23:30", "2026-11-19 23:30", "2026-11-19 23:30", BANK),
    ("classified late", "2026-11-18 23:30", "2026-11-20 10:15", "2026-11-20 14:15", BANK),
    ("clocks forward", "2026-03-28 12:00", "2026-03-29 01:30", "2026-03-29 06:30", BANK),
    ("payments, Sunday", "2026-11-21 22:00", "2026-11-22 01:00", "2026-11-23 12:00", PAYMENTS),
    ("bank, Sunday", "2026-11-21 22:00", "2026-11-22 01:00", "2026-11-22 05:00", BANK),
    ("payments, Christmas", "2026-12-24 22:00", "2026-12-24 23:00", "2026-12-28 12:00", PAYMENTS),
    ("payments, late Friday", "2026-11-20 17:00", "2026-11-20 18:00", "2026-11-20 22:00", PAYMENTS),
)
DORA_WEEKENDS = (  # row, anchor, its moment, due, kind of entity
    ("dora.intermediate", "sent:dora.initial", "2026-11-19 04:51", "2026-11-23 12:00", PAYMENTS),
    ("dora.intermediate", "sent:dora.initial", "2026-11-19 04:51", "2026-11-22 04:51", BANK),
    (
        "dora.intermediate",
        "sent:dora.initial",
        "2026-11-19 04:51",
        "2026-11-22 04:51",
        "central_counterparty",
    ),
    (
        "dora.intermediate",
        "sent:dora.initial",
        "2026-11-19 04:51",
        "2026-11-22 04:51",
        "trading_venue",
    ),
    (
        "dora.intermediate",
        "sent:dora.initial",
        "2026-11-19 04:51",
        "2026-11-22 04:51",
        "essential_entity",
    ),
    (
        "dora.intermediate",
        "sent:dora.initial",
        "2026-11-19 04:51",
        "2026-11-22 04:51",
        "important_entity",
    ),
    ("dora.intermediate", "sent:dora.initial", "2026-03-31 08:00", "2026-04-07 12:00", PAYMENTS),
    ("dora.intermediate", "sent:dora.initial", "2026-04-28 08:00", "2026-05-04 12:00", PAYMENTS),
    (
        "dora.final",
        "last_sent:dora.intermediate",
        "2026-10-22 09:00",
        "2026-11-23 12:00",
        PAYMENTS,
    ),
    ("dora.final", "last_sent:dora.intermediate", "2026-10-22 09:00", "2026-11-23 12:00", BANK),
    (
        "dora.final",
        "last_sent:dora.intermediate",
        "2026-10-23 09:00",
        "2026-11-23 23:59:59",
        BANK,
    ),
    ("dora.final", "last_sent:dora.intermediate", "2026-11-25 09:00", "2026-12-28 12:00", BANK),
    (
        "dora.final",
        "last_sent:dora.intermediate",
        "2026-08-31 09:00",
        "2026-09-30 23:59:59",
        BANK,
    ),
)
# Rows without a figure or without their anchor: what they wait for, and whether it is due at once.
OPEN = (
    ("nis2.intermediate", {}, "the request of the CSIRT or authority", False),
    ("nis2.intermediate", {"aware": "2026-11-18 23:30"}, "the request of the CSIRT", False),
    (
        "nis2.intermediate",
        {"authority_request": "2026-11-20 08:00"},
        "the time that the request names",
        True,
    ),
    (
        "nis2.intermediate",
        {"aware": "2026-11-18 23:30", "authority_request": "2026-11-22 08:00"},
        "the time that the request names",
        True,
    ),
    ("gdpr.data_subjects", {}, "The controller became aware", False),
    ("gdpr.data_subjects", {"aware": "2026-11-18 23:30"}, "The controller became aware", False),
    (
        "gdpr.data_subjects",
        {"controller_aware": "2026-11-19 10:05"},
        "without undue delay",
        True,
    ),
    (
        "gdpr.data_subjects",
        {"controller_aware": "2026-10-25 02:30"},
        "without undue delay",
        True,
    ),
    ("dora.intermediate_update", {}, "the recovery of regular activities", False),
    ("dora.intermediate_update", {"aware": "2026-11-18 23:30"}, "the recovery", False),
    (
        "dora.intermediate_update",
        {"activities_recovered": "2026-11-22 23:30"},
        "without undue delay",
        True,
    ),
    (
        "dora.intermediate_update",
        {"activities_recovered": "2026-12-25 00:30"},
        "without undue delay",
        True,
    ),
    ("dora.initial", {"aware": "2026-11-18 23:30"}, "Classified as a major incident", False),
    ("dora.initial", {"classified_major": "2026-11-18 23:30"}, "Aware of the", False),
    ("dora.intermediate", {"aware": "2026-11-18 23:30"}, "submission of the initial", False),
    ("dora.final", {"sent:dora.initial": "2026-11-18 23:30"}, "latest intermediate", False),
    ("nis2.final", {"aware": "2026-11-18 23:30"}, "submission of the incident", False),
    ("sec.filing", {"aware": "2026-11-18 23:30"}, "Determined to be material", False),
    ("cra.final_incident", {"manufacturer_aware": "2026-11-18 23:30"}, "submission of", False),
)


def article(key):
    rule = library().rule(key)
    return f"{rule.source} {rule.article}"


def case(key, *values):
    told = ", ".join(str(value) for value in values[:2] if isinstance(value, str))
    return pytest.param(key, *values, id=f"{article(key)}: {key}, {told}")


def zone_of(entity):
    return entity.zone


SINGLE = [
    case(key, start, end, anchor, entity)
    for key, anchor, entity, cases in ONE_ANCHOR
    for start, end in cases
]


@pytest.mark.parametrize(("key", "start", "end", "anchor", "entity"), SINGLE)
def test_a_limit_ends_to_the_minute(key, start, end, anchor, entity):
    rule = library().rule(key)

    found = deadline(rule, {anchor: at(start, entity.zone)}, entity)

    assert found.due_at == at(end, entity.zone)
    assert (found.anchor, found.waiting_for) == (anchor, "")


@pytest.mark.parametrize(
    ("aware", "classified", "due", "kind"),
    [pytest.param(*row, id=f"{article('dora.initial')}: {name}") for name, *row in DORA_INITIAL],
)
def test_dora_initial_is_the_earlier_of_two_unless_it_was_classified_late(
    aware, classified, due, kind
):
    moments = {"aware": at(aware, BERLIN), "classified_major": at(classified, BERLIN)}

    found = deadline(library().rule("dora.initial"), moments, berlin(kind))

    assert found.due_at == at(due, BERLIN)


@pytest.mark.parametrize(
    ("key", "start", "due", "anchor", "kind"),
    [
        pytest.param(key, start, due, anchor, kind, id=f"{article(key)}: {kind}, {start}")
        for key, anchor, start, due, kind in DORA_WEEKENDS
    ],
)
def test_dora_weekends_and_holidays_end_at_noon_of_the_next_working_day(
    key, start, due, anchor, kind
):
    found = deadline(library().rule(key), {anchor: at(start, BERLIN)}, berlin(kind))

    assert found.due_at == at(due, BERLIN)


@pytest.mark.parametrize(
    ("key", "moments", "waiting", "prompt"),
    [
        pytest.param(key, moments, waiting, prompt, id=f"{article(key)}: open for {waiting} {n}")
        for n, (key, moments, waiting, prompt) in enumerate(OPEN)
    ],
)
def test_a_row_without_a_figure_or_an_anchor_stays_open_and_says_for_what(
    key, moments, waiting, prompt
):
    known = {name: at(text, BERLIN) for name, text in moments.items()}

    found = deadline(library().rule(key), known, berlin())

    assert (found.due_at, found.prompt) == (None, prompt)
    assert waiting in found.waiting_for


@pytest.mark.parametrize(
    ("individuals", "due"),
    [
        pytest.param(start, end, id=f"{article('hipaa.hhs_500')}: with the notice of {start}")
        for start, end in (
            ("2026-02-10 09:00", "2026-02-10 23:59:59"),
            ("2026-03-30 09:00", "2026-03-02 23:59:59"),
        )
    ],
)
def test_the_secretary_is_told_of_500_with_the_individuals(individuals, due):
    moments = {
        "discovered": at("2026-01-01 10:00", NEW_YORK),
        "sent:hipaa.individuals": at(individuals, NEW_YORK),
    }

    found = deadline(library().rule("hipaa.hhs_500"), moments, new_york())

    assert found.due_at == at(due, NEW_YORK)


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [
        pytest.param("2026-11-02 10:00", last, due, id=f"{article('dora.final')}: update of {last}")
        for last, due in (
            ("2026-11-02 10:00", "2026-12-02 23:59:59"),
            ("2026-11-10 10:00", "2026-12-10 23:59:59"),
            ("2026-11-30 23:59", "2026-12-30 23:59:59"),
        )
    ],
)
def test_the_final_report_counts_from_the_latest_intermediate_of_both_kinds(first, last, due):
    moments = {
        "last_sent:dora.intermediate": at(first, BERLIN),
        "last_sent:dora.intermediate_update": at(last, BERLIN),
    }

    found = deadline(library().rule("dora.final"), moments, berlin(BANK))

    assert found.due_at == at(due, BERLIN)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        pytest.param(zone, due, id=f"{article('nis2.final')}: day of the anchor in {zone}")
        for zone, due in (
            ("UTC", "2026-12-20T23:59:59+00:00"),
            ("Pacific/Auckland", "2026-12-21T23:59:59+13:00"),
            ("America/Los_Angeles", "2026-12-20T23:59:59-08:00"),
            ("Asia/Kathmandu", "2026-12-21T23:59:59+05:45"),
        )
    ],
)
def test_days_are_those_of_the_entitys_zone(zone, due):
    entity = type(berlin())(zone)

    found = deadline(
        library().rule("nis2.final"), {"sent:nis2.notification": at("2026-11-20 20:00")}, entity
    )

    assert found.due_at == type(found.due_at).fromisoformat(due)


def test_every_row_of_the_library_has_four_dated_cases():
    count = dict.fromkeys((rule.key for rule in library().rules), 0)
    for key, *_ in (*(param.values for param in SINGLE), *DORA_WEEKENDS, *OPEN):
        count[key] += 1
    count["dora.initial"] += len(DORA_INITIAL)

    assert [key for key, cases in count.items() if cases < 4] == []


@pytest.mark.parametrize(
    ("key", "answers", "entity", "told"),
    [
        ("nis2.notification", {}, berlin(), UNDECIDED),
        ("nis2.notification", {"nis2_significant": "yes"}, berlin(), APPLIES),
        ("nis2.notification", {"nis2_significant": "no"}, berlin(), NOT),
        (
            "nis2.notification",
            {"nis2_significant": "yes"},
            berlin("trust_service_provider"),
            NOT,
        ),
        ("nis2.final", {"nis2_significant": "yes"}, berlin(), APPLIES),
        ("nis2.final", {"nis2_significant": "yes", "nis2_ongoing": "yes"}, berlin(), NOT),
        ("nis2.progress", {"nis2_significant": "yes", "nis2_ongoing": "yes"}, berlin(), APPLIES),
        ("gdpr.data_subjects", {"gdpr_breach": "yes"}, berlin(), UNDECIDED),
        ("gdpr.data_subjects", {"gdpr_high_risk": "no"}, berlin(), NOT),
        ("hipaa.hhs_fewer", {"hipaa_breach": "yes", "hipaa_500": "yes"}, new_york(), NOT),
    ],
)
def test_the_answers_decide_whether_a_duty_applies(key, answers, entity, told):
    assert decision(library().rule(key), answers, entity) == told


def test_the_library_is_whole():
    known = library()
    for rule in known.rules:
        assert rule.article
        assert rule.source
        assert {question for question, _ in rule.answers} <= set(known.questions)
        assert set(rule.needs) <= set(known.facts)
        assert rule.limits or rule.then, rule.key
        for limit in rule.limits:
            assert all(known.label(each) != each for each in limit.after)
