"""Values that services of grc are given, each checked with a sentence that names the field."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from core import records
from core.errors import BadInput
from core.services import people
from core.texts import clean_text

MOST_HOLIDAYS = 1000


def clean(
    values: Mapping[str, Any],
    names: Sequence[str],
    *,
    nullable: frozenset[str] | set[str] = frozenset(),
) -> dict[str, Any]:
    """The named values that were given; null leaves a field as it is where it cannot be null."""
    kept = {n: values[n] for n in names if n in values and (values[n] is not None or n in nullable)}
    for name, value in kept.items():
        if isinstance(value, str):
            kept[name] = clean_text(value, field=name)
    for name in ("title", "name"):
        if kept.get(name) == "":
            raise BadInput(f"Give it a {name}.", field=name)
    if "tags" in kept:
        kept["tags"] = records.clean_tags(kept["tags"])
    if "owner_id" in kept:
        kept["owner_id"] = people.require_member(kept["owner_id"], field="owner_id")
    return kept


def one_of(given: Mapping[str, Any], name: str, words: Sequence[str]) -> None:
    if given.get(name) is not None and given[name] not in words:
        raise BadInput(
            f"'{given[name]}' is not known here. Use one of: {', '.join(words)}.", field=name
        )


def all_of(given: Any, name: str, words: Sequence[str]) -> list[str]:
    """A list of known words, once each."""
    if not isinstance(given, list):
        raise BadInput(f"{name} is a list.", field=name)
    unknown = [word for word in given if word not in words]
    if unknown:
        raise BadInput(f"'{unknown[0]}' is none of: {', '.join(words)}.", field=name)
    return list(dict.fromkeys(given))


def zone(name: str) -> str:
    if name not in available_timezones():
        raise BadInput("Name a time zone, like Europe/Berlin.", field="time_zone")
    return name


def days(given: Any) -> list[str]:
    """Holidays as ISO dates, in order."""
    try:
        found = sorted({date.fromisoformat(str(each).strip()) for each in given})
    except (TypeError, ValueError) as error:
        raise BadInput("Holidays are dates like 2026-12-25.", field="holidays") from error
    if len(found) > MOST_HOLIDAYS:
        raise BadInput(f"At most {MOST_HOLIDAYS} holidays.", field="holidays")
    return [day.isoformat() for day in found]
