"""Times as tools write them, to UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1970, 2262  # what 64-bit nanoseconds since 1970 can say
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_NUMBER = re.compile(r"[0-9]{9,19}(?:\.[0-9]{1,9})?")
_DOTNET = re.compile(r"/Date\(([0-9]{1,15})(?:[+-][0-9]{4})?\)/")
_ISO = re.compile(
    r"([0-9]{4})([-/]?)([0-9]{2})\2([0-9]{2})"
    r"(?:[Tt _]*([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]{1,12}))?)?)?"
    r" ?(?:(Z|z|UTC|GMT)|([+-])([0-9]{2}):?([0-9]{2})?)?"
)


class Moment(NamedTuple):
    """A time in UTC; `zoned` is False where the text named no zone and UTC was assumed."""

    at: datetime
    zoned: bool


def parse(value: object) -> Moment | None:
    """Read ISO 8601 in its real spellings, RFC 2822, or an epoch in s, ms, µs or ns.

    None for anything else, for zero (how tools write "never"), and for years outside
    1970 to 2262. A far year within is kept: feeds do say 2200.
    """
    try:
        moment = _read(value)
    except (ValueError, OverflowError):
        return None
    if moment is None or not FIRST_YEAR <= moment.at.year <= LAST_YEAR:
        return None
    return moment


def _read(value: object) -> Moment | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _epoch(value)
    if not isinstance(value, str) or len(value) > 64:
        return None
    text = value.strip()
    if _NUMBER.fullmatch(text) and not _is_compact_date(text):
        return _epoch(float(text) if "." in text else int(text))
    if found := _DOTNET.fullmatch(text):
        return _epoch(int(found[1]) / 1000)
    if found := _ISO.fullmatch(text):
        return _iso(found)
    return _mail(text) if text[:1].isalpha() or "," in text else None


def _is_compact_date(text: str) -> bool:
    """20170324140129 is a date; as milliseconds it would be the year 2609."""
    return len(text) == 14 and text.startswith(("19", "20", "21", "22"))


def _epoch(number: float) -> Moment | None:
    """Tell the unit by size: seconds stay below 1e11 until the year 5138."""
    if not 0 < number < 1e20:
        return None
    power = next((p for p, top in enumerate((1e11, 1e14, 1e17)) if number < top), 3)
    micro = number * 10**6 // 1000**power if isinstance(number, int) else None
    if micro is None:
        micro = round(number * 1e6 / 1000**power)
    return Moment(EPOCH + timedelta(microseconds=micro), True)


def _iso(found: re.Match[str]) -> Moment:
    year, _, month, day, hour, minute, second, fraction, utc, sign, off_h, off_m = found.groups()
    whole = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=UTC)
    seconds = int(second or 0)
    if seconds > 60:  # 60 is a leap second and becomes the next minute
        raise ValueError("more than 60 seconds")
    micro = int((fraction or "0").ljust(6, "0")[:6])
    offset = timedelta(hours=int(off_h or 0), minutes=int(off_m or 0))
    timezone(offset)  # refuses 24 hours and more
    at = whole + timedelta(seconds=seconds, microseconds=micro)
    return Moment(at + offset if sign == "-" else at - offset, bool(utc or sign))


def _mail(text: str) -> Moment:
    at = parsedate_to_datetime(text)
    if at.tzinfo is None:
        return Moment(at.replace(tzinfo=UTC), False)
    return Moment(at.astimezone(UTC), True)
