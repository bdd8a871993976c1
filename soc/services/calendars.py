"""Verbs of the business calendar."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core import audit, records
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.texts import clean_text
from soc.models import BusinessCalendar
from soc.services import slas
from soc.sla import calendars

CONFIGURE = "soc:configure"
WRITABLE = ("name", "description", "time_zone", "always", "hours", "holidays", "tags")
COUNTED = {"time_zone", "always", "hours", "holidays"}
OFFICE = {day: ["09:00-17:00"] for day in calendars.DAYS[:5]}


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> BusinessCalendar:
    """Write a calendar down; `{}` is Monday to Friday, nine to five, UTC."""
    actor.require(CONFIGURE)
    clean = _clean({"name": "New calendar", "hours": OFFICE, **values})
    calendar = BusinessCalendar(**clean)
    _check(calendar)
    return records.create(calendar, actor=actor, note=note)


@audit.verb
def update(
    calendar: BusinessCalendar, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> BusinessCalendar:
    """Change it; clocks that run by it are counted anew, and what is then late already is told to
    nobody.
    """
    actor.require(CONFIGURE)
    fresh = records.lock(calendar)
    clean = _clean(values)
    counts = any(getattr(fresh, name) != clean[name] for name in COUNTED & clean.keys())
    changed = records.change(fresh, clean, actor=actor, note=note)
    _check(changed)
    if counts:
        slas.calendar_changed(changed, actor=actor)
    return changed


def delete(calendar: BusinessCalendar, *, actor: Actor, note: str = "") -> BusinessCalendar:
    return records.delete(calendar, actor=actor, scope=CONFIGURE, note=note)


@audit.verb
def restore(calendar: BusinessCalendar, *, actor: Actor, note: str = "") -> BusinessCalendar:
    """Bring it back, unless another has taken its name."""
    actor.require(CONFIGURE)
    _name_is_free(calendar)
    return records.restore(calendar, actor=actor, scope=CONFIGURE, note=note)


def _check(calendar: BusinessCalendar) -> None:
    problem = None if calendar.always else calendars.problem_of_week(calendar.hours)
    if problem:
        raise BadInput(problem, field="hours")
    _name_is_free(calendar)


def _name_is_free(calendar: BusinessCalendar) -> None:
    if BusinessCalendar.objects.filter(name=calendar.name).exclude(pk=calendar.pk).exists():
        raise Conflict(f"There is a calendar '{calendar.name}' already.", field="name")


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if values.get(name) is not None}
    for name in ("name", "description"):
        if name in clean:
            clean[name] = clean_text(clean[name], field=name)
    if clean.get("name") == "":
        raise BadInput("Give it a name.", field="name")
    if "time_zone" in clean and not calendars.knows_zone(clean["time_zone"]):
        raise BadInput("Name a time zone, like Europe/Berlin.", field="time_zone")
    if "hours" in clean:
        _check_shape(clean["hours"])
    if "holidays" in clean:
        clean["holidays"] = _clean_holidays(clean["holidays"])
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean


def _check_shape(hours: Any) -> None:
    ranges = hours.values() if isinstance(hours, dict) else [None]
    if not all(isinstance(day, list) and all(isinstance(x, str) for x in day) for day in ranges):
        raise BadInput('Give {"monday": ["09:00-17:00"], …}.', field="hours")


def _clean_holidays(given: Any) -> list[str]:
    try:
        days = sorted({date.fromisoformat(each.strip()) for each in given if each.strip()})
    except (AttributeError, TypeError, ValueError) as error:
        raise BadInput("Holidays are dates like 2026-12-25.", field="holidays") from error
    if len(days) > calendars.MOST_HOLIDAYS:
        raise BadInput(f"At most {calendars.MOST_HOLIDAYS} holidays.", field="holidays")
    return [day.isoformat() for day in days]
