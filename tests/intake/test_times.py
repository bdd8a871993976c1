from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc.intake.times import parse

AT = datetime(2024, 5, 1, 10, 30, 15, tzinfo=UTC)
HALF = AT.replace(microsecond=500_000)

ZONED = {
    "2024-05-01T10:30:15Z": AT,
    "2024-05-01t10:30:15z": AT,
    "2024-05-01T04:30:15-0600": AT,
    "2024-05-01T04:30:15-06:00": AT,
    "2024-05-01T04:30:15-06": AT,
    "2024-05-01T16:00:15+0530": AT,
    "2024-05-01 10:30:15 +0000": AT,
    "2024-05-01 10:30:15 UTC": AT,
    "2024/05/01 10:30:15Z": AT,
    "20240501T103015Z": AT,
    "2024-05-01T10:30:15.5Z": HALF,
    "2024-05-01 10:30:15,500Z": HALF,
    "2024-05-01T10:30:15.500000999Z": HALF,
    "Wed, 01 May 2024 10:30:15 +0000": AT,
    "/Date(1714559415000)/": AT,
    "1714559415": AT,
    "1714559415.5": HALF,
    1714559415: AT,
    1714559415.5: HALF,
    1714559415_500: HALF,
    1714559415_500_000: HALF,
    1714559415_500_000_000: HALF,
    "1714559415500": HALF,
    "2016-12-31T23:59:60Z": datetime(2017, 1, 1, tzinfo=UTC),
    "2200-01-01T00:00:00Z": datetime(2200, 1, 1, tzinfo=UTC),
    "2262-12-31T00:00:00Z": datetime(2262, 12, 31, tzinfo=UTC),
}
WITHOUT_ZONE = {
    "2024-05-01T10:30:15": AT,
    "2024-05-01 10:30:15.5": HALF,
    "20240501103015": AT,
    "Wed, 01 May 2024 10:30:15 -0000": AT,
    "2024-05-01T10:30": AT.replace(second=0),
    "2024-05-01": AT.replace(hour=0, minute=0, second=0),
}
NO_TIMES = [
    *("", "yesterday", "10:30", "2024-13-01", "2024-05-01T25:00:00Z", "2024-05-01T10:30:99Z"),
    *("1969-12-31T23:59:59Z", "2263-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
    *(None, True, 0, -5, 1e300, float("nan"), [], {}, "12/31/2024", "2" * 500),
    *(
        "2024-05-01T10:30:15+99:00",
        "\uff11\uff17\uff11\uff14\uff15\uff15\uff19\uff14\uff11\uff15",
        "Wed, 99 May 2024 10:30:15",
    ),
]


@pytest.mark.parametrize(("value", "at"), ZONED.items())
def test_a_time_with_a_zone_is_read_to_utc(value, at):
    assert parse(value) == (at, True)


@pytest.mark.parametrize(("value", "at"), WITHOUT_ZONE.items())
def test_a_time_without_a_zone_is_taken_as_utc_and_marked(value, at):
    assert parse(value) == (at, False)


@pytest.mark.parametrize("value", NO_TIMES)
def test_what_is_no_time_is_none(value):
    assert parse(value) is None


@given(st.text() | st.from_regex(r"[0-9TZ:+ ,./-]{1,40}") | st.floats() | st.integers())
def test_no_value_crashes(value):
    moment = parse(value)

    assert moment is None or 1970 <= moment.at.year <= 2262


@given(st.datetimes(datetime(1971, 1, 1), datetime(2262, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 — strategies take bare bounds
def test_what_python_writes_is_read_back(at):
    assert parse(at.isoformat()) == (at, True)
