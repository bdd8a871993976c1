"""How a person's own pages look: time zone, density, theme, columns, and whether keys act."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from core import audit
from core.actors import Actor
from core.errors import BadInput
from core.models import Person
from core.models.person import DENSITIES, THEMES

WORDS = {"density": DENSITIES, "theme": THEMES}
# Files of the time zone database that are no places.
_NO_PLACES = ("posix/", "right/", "Etc/", "SystemV/", "US/")
_NO_NAMES = ("Factory", "localtime", "posixrules")


@cache
def zones() -> tuple[str, ...]:
    """The names of time zones that may be chosen, UTC first."""
    named = {
        name
        for name in available_timezones()
        if name not in _NO_NAMES and "/" in name and not name.startswith(_NO_PLACES)
    }
    return ("UTC", *sorted(named))


def zone_of(person: Person) -> ZoneInfo:
    """Where this person's clock is; UTC for a zone that the time zone database has dropped."""
    known = person.time_zone in zones()
    return ZoneInfo(person.time_zone if known else "UTC")


@audit.verb
def change(person: Person, values: Mapping[str, Any], *, actor: Actor) -> Person:
    """Set some of one's own preferences; what is not named stays. `columns` are lists of words by
    the list whose columns they are; the list's own app knows the words.
    """
    if person.pk != actor.person_id:
        raise BadInput("Preferences are changed by their owner only.", field="person_id")
    clean = _clean(values)
    if "columns" in values:
        clean["columns"] = {**person.columns, **values["columns"]}
    if not clean:
        raise BadInput("Name what is to change.", field="preferences")
    before = {name: getattr(person, name) for name in clean}
    for name, value in clean.items():
        setattr(person, name, value)
    person.save(update_fields=list(clean))
    audit.record(
        "person.change_preferences",
        actor=actor,
        object_type="person",
        object_id=person.pk,
        details={"before": before, "after": clean},
    )
    return person


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for name, words in WORDS.items():
        if name in values:
            if values[name] not in words:
                raise BadInput(f"Use one of: {', '.join(words)}.", field=name)
            clean[name] = values[name]
    if "time_zone" in values:
        if values["time_zone"] not in zones():
            raise BadInput("Use the name of a time zone, as Europe/Vilnius.", field="time_zone")
        clean["time_zone"] = values["time_zone"]
    if "keys_on" in values:
        clean["keys_on"] = bool(values["keys_on"])
    return clean
