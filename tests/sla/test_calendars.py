"""SLA arithmetic against a table of dated cases, and the properties that hold for all of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soc.sla.calendars import DAYS, Calendar, knows_zone, minutes_of, parse, problem_of_week

OFFICE = {day: ["09:00-17:00"] for day in DAYS[:5]}
BERLIN = parse("Europe/Berlin", False, OFFICE, ["2026-04-03", "2026-04-06", "2026-12-25"])
YORK = parse("America/New_York", False, OFFICE, [])
SPLIT = parse("Europe/Berlin", False, {"monday": ["09:00-12:00", "13:00-17:00"]}, [])
NIGHT = parse("Europe/Berlin", False, {day: ["22:00-24:00"] for day in DAYS}, [])
SMALL = parse("Europe/Berlin", False, {day: ["01:00-04:00"] for day in DAYS}, [])
MISSING = parse("Europe/Berlin", False, {day: ["02:30-10:00"] for day in DAYS}, [])
TWICE = parse("Europe/Berlin", False, {day: ["02:30-10:00"] for day in DAYS}, [])
TOUCHING = parse("Europe/Berlin", False, {day: ["01:00-02:30", "02:30-05:00"] for day in DAYS}, [])
WHOLE = parse("Europe/Berlin", False, {day: ["00:00-24:00"] for day in DAYS}, [])
AROUND = parse("Europe/Berlin", True, {}, [])
KIRITIMATI = parse("Pacific/Kiritimati", False, OFFICE, [])
NEPAL = parse("Asia/Kathmandu", False, OFFICE, [])
HOURLY = parse("UTC", False, {"wednesday": ["10:00-11:00"]}, ["2026-03-11"])


def at(text, zone="Europe/Berlin", fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


# What it is: calendar, start, minutes, due; local times of Berlin unless the zone is named.
CASES = {
    "within a day": (BERLIN, at("2026-03-24T10:00"), 60, at("2026-03-24T11:00")),
    "to the last minute of a day": (BERLIN, at("2026-03-24T16:00"), 60, at("2026-03-24T17:00")),
    "over a night": (BERLIN, at("2026-03-24T16:30"), 60, at("2026-03-25T09:30")),
    "over a weekend": (BERLIN, at("2026-03-20T16:30"), 60, at("2026-03-23T09:30")),
    "over a weekend on which the clocks go forward": (
        BERLIN,
        at("2026-03-27T16:30"),
        60,
        at("2026-03-30T09:30"),
    ),
    "over a weekend on which the clocks go back": (
        BERLIN,
        at("2026-10-23T16:30"),
        60,
        at("2026-10-26T09:30"),
    ),
    "started before opening": (BERLIN, at("2026-03-24T06:00"), 30, at("2026-03-24T09:30")),
    "started after closing": (BERLIN, at("2026-03-24T19:00"), 30, at("2026-03-25T09:30")),
    "started on a Sunday": (BERLIN, at("2026-03-22T12:00"), 30, at("2026-03-23T09:30")),
    "started on a holiday": (BERLIN, at("2026-12-25T10:00"), 30, at("2026-12-28T09:30")),
    "over Easter: two holidays and a weekend": (
        BERLIN,
        at("2026-04-02T16:30"),
        60,
        at("2026-04-07T09:30"),
    ),
    "over the end of a month": (BERLIN, at("2026-06-30T16:00"), 120, at("2026-07-01T10:00")),
    "over the end of a year": (BERLIN, at("2026-12-31T16:00"), 120, at("2027-01-01T10:00")),
    "over a leap day": (BERLIN, at("2028-02-28T16:00"), 10 * 60, at("2028-03-01T10:00")),
    "no leap day": (BERLIN, at("2027-02-26T16:00"), 10 * 60, at("2027-03-02T10:00")),
    "five days of eight hours": (BERLIN, at("2026-03-23T09:00"), 2400, at("2026-03-27T17:00")),
    "over lunch": (SPLIT, at("2026-03-23T11:30"), 60, at("2026-03-23T13:30")),
    "over days without hours": (SPLIT, at("2026-03-23T16:30"), 60, at("2026-03-30T09:30")),
    "until midnight": (NIGHT, at("2026-03-24T23:30"), 30, at("2026-03-25T00:00")),
    "past midnight": (NIGHT, at("2026-03-24T23:30"), 31, at("2026-03-25T22:01")),
    "an hour is left out inside the hours": (
        SMALL,
        at("2026-03-29T01:00"),
        120,
        at("2026-03-29T04:00"),
    ),
    "an hour comes twice inside the hours": (
        SMALL,
        at("2026-10-25T01:00"),
        240,
        at("2026-10-25T04:00"),
    ),
    "opens at a time that is left out: at the jump": (
        MISSING,
        at("2026-03-29T00:00"),
        60,
        at("2026-03-29T04:00"),
    ),
    "opens at a time that comes twice: at its first": (
        TWICE,
        at("2026-10-25T00:00"),
        60,
        at("2026-10-25T02:30", fold=1),
    ),
    "ranges that touch at a time that comes twice count once": (
        TOUCHING,
        at("2026-10-25T01:00"),
        300,
        at("2026-10-25T05:00"),
    ),
    "whole days over a short one": (WHOLE, at("2026-03-28T12:00"), 1440, at("2026-03-29T13:00")),
    "whole days over a long one": (WHOLE, at("2026-10-24T12:00"), 1440, at("2026-10-25T11:00")),
    "around the clock over a short day": (
        AROUND,
        at("2026-03-28T12:00"),
        1440,
        at("2026-03-29T13:00"),
    ),
    "started in an hour that comes twice, the second time": (
        AROUND,
        at("2026-10-25T02:30", fold=1),
        60,
        at("2026-10-25T03:30"),
    ),
    "another zone, other days of change": (
        YORK,
        at("2026-03-06T16:30", "America/New_York"),
        60,
        at("2026-03-09T09:30", "America/New_York"),
    ),
    "a start in UTC on another day than there": (
        KIRITIMATI,
        datetime(2026, 3, 22, 20, 0, tzinfo=UTC),
        30,
        at("2026-03-23T10:30", "Pacific/Kiritimati"),
    ),
    "a zone with a quarter of an hour": (
        NEPAL,
        datetime(2026, 3, 24, 3, 15, tzinfo=UTC),
        15,
        at("2026-03-24T09:15", "Asia/Kathmandu"),
    ),
    "one hour a week, and a holiday on it": (
        HOURLY,
        datetime(2026, 3, 4, 10, 30, tzinfo=UTC),
        60,
        datetime(2026, 3, 18, 10, 30, tzinfo=UTC),
    ),
}
# Pauses beside it: from, to.
PAUSED = {
    "over a weekend": (
        BERLIN,
        at("2026-03-27T10:00"),
        240,
        [(at("2026-03-27T12:00"), at("2026-03-30T11:00"))],
        at("2026-03-30T13:00"),
    ),
    "outside the hours changes nothing": (
        BERLIN,
        at("2026-03-24T16:30"),
        60,
        [(at("2026-03-24T18:00"), at("2026-03-25T08:00"))],
        at("2026-03-25T09:30"),
    ),
    "begins before and ends inside": (
        BERLIN,
        at("2026-03-24T10:00"),
        60,
        [(at("2026-03-24T08:00"), at("2026-03-24T10:30"))],
        at("2026-03-24T11:30"),
    ),
    "two that overlap count once": (
        BERLIN,
        at("2026-03-24T10:00"),
        60,
        [
            (at("2026-03-24T10:30"), at("2026-03-24T12:00")),
            (at("2026-03-24T11:00"), at("2026-03-24T13:00")),
        ],
        at("2026-03-24T13:30"),
    ),
    "around the clock, over the hour that is left out": (
        AROUND,
        at("2026-03-29T01:00"),
        60,
        [(at("2026-03-29T01:30"), at("2026-03-29T03:30"))],
        at("2026-03-29T04:00"),
    ),
    "around the clock, over the end of a month": (
        AROUND,
        at("2026-01-31T23:00"),
        120,
        [(at("2026-01-31T23:30"), at("2026-02-01T00:30"))],
        at("2026-02-01T02:00"),
    ),
}


@pytest.mark.parametrize("case", list(CASES))
def test_a_target_ends_when_the_table_says(case):
    calendar, start, minutes, due = CASES[case]

    assert calendar.add(start, minutes) == due.astimezone(UTC)
    assert calendar.minutes_between(start, due) == minutes


@pytest.mark.parametrize("case", list(PAUSED))
def test_a_pause_stops_the_clock(case):
    calendar, start, minutes, pauses, due = PAUSED[case]

    assert calendar.add(start, minutes, pauses) == due.astimezone(UTC)
    assert calendar.minutes_between(start, due, pauses) == minutes


def test_the_end_before_the_start_is_no_time():
    assert BERLIN.minutes_between(at("2026-03-24T12:00"), at("2026-03-24T10:00")) == 0


def test_a_calendar_that_never_opens_says_so():
    with pytest.raises(ValueError, match="too few hours"):
        Calendar("UTC", ((),) * 7).add(at("2026-03-24T12:00"), 1)


FIRST = datetime(2026, 1, 1, tzinfo=UTC)
STARTS = st.integers(0, 3 * 366 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes))
MINUTES = st.integers(1, 5000)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
BOUNDS = st.lists(st.integers(0, 48), min_size=2, max_size=6, unique=True).map(sorted)
DAY_RANGES = BOUNDS.map(
    lambda cuts: tuple((a * 30, b * 30) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
)
CALENDARS = st.builds(
    Calendar,
    ZONES,
    st.tuples(*[DAY_RANGES] * 7),
    st.sets(st.dates(date(2026, 1, 1), date(2029, 1, 1)), max_size=5).map(frozenset),
)
PAUSES = st.lists(
    st.tuples(STARTS, st.integers(1, 10_000)).map(
        lambda each: (each[0], each[0] + timedelta(minutes=each[1]))
    ),
    max_size=3,
)


@settings(deadline=None)
@given(CALENDARS, STARTS, MINUTES, PAUSES)
def test_what_was_added_lies_between(calendar, start, minutes, pauses):
    due = calendar.add(start, minutes, pauses)

    assert calendar.minutes_between(start, due, pauses) == pytest.approx(minutes)
    assert due - start >= timedelta(minutes=minutes)


@settings(deadline=None)
@given(CALENDARS, STARTS, MINUTES, MINUTES, PAUSES)
def test_more_time_is_never_over_sooner(calendar, start, one, other, pauses):
    less, more = sorted((one, other))

    assert calendar.add(start, less, pauses) <= calendar.add(start, more, pauses)


@settings(deadline=None)
@given(CALENDARS, STARTS, MINUTES, st.integers(0, 5000))
def test_a_later_start_never_ends_sooner(calendar, start, minutes, later):
    after = start + timedelta(minutes=later)

    assert calendar.add(start, minutes) <= calendar.add(after, minutes)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (OFFICE, None),
        ({"monday": ["09:00-10:00"]}, None),
        ({}, "at least one working hour"),
        ({"monday": ["09:00-09:30"]}, "at least one working hour"),
        ({"mondays": ["09:00-10:00"]}, "'mondays' is no weekday"),
        ({"monday": ["9-17"]}, "'9-17' is no time range"),
        ({"monday": ["17:00-09:00"]}, "Split a night"),
        ({"monday": ["09:00-24:01"]}, "Split a night"),
        ({"monday": ["09:61-10:00"]}, "Split a night"),
        ({"monday": ["09:00-12:00", "11:00-17:00"]}, "overlap or are not in order"),
        ({"monday": ["13:00-17:00", "09:00-12:00"]}, "overlap or are not in order"),
    ],
)
def test_the_hours_of_a_week_are_checked(hours, told):
    problem = problem_of_week(hours)

    assert problem is None if told is None else told in problem


def test_ranges_and_zones_are_read():
    assert minutes_of("22:00-24:00") == (1320, 1440)
    assert (knows_zone("Europe/Berlin"), knows_zone("Mars/Olympus")) == (True, False)
