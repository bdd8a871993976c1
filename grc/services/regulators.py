"""Verbs of the regulator."""

from collections.abc import Mapping
from typing import Any

from core import audit, records
from core.actors import Actor
from grc.models import Incident, Obligation, Regulator
from grc.obligations.rules import KINDS, library
from grc.services import obligations, sheets, texts
from grc.workflows import OPEN, WRITE

COUNTED = ("regimes", "entity_kinds", "time_zone", "holidays")
WRITABLE = ("name", "description", "jurisdiction", "contact", "entity_name", *COUNTED, "tags")


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Regulator:
    """Write one down; with `regimes` their rules are switched on for incidents assessed from now
    on.
    """
    actor.require(WRITE)
    return records.create(Regulator(**_clean(values)), actor=actor, note=note)


@audit.verb
def update(
    regulator: Regulator, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Regulator:
    """Change it; where rules, zone, kinds or holidays change, the duties of open incidents are
    counted anew.
    """
    actor.require(WRITE)
    fresh = records.lock(regulator)
    clean = _clean(values)
    counts = any(getattr(fresh, name) != clean[name] for name in COUNTED if name in clean)
    changed = records.change(fresh, clean, actor=actor, note=note)
    if counts:
        held = Obligation.objects.filter(regulator=changed).values("incident")
        for incident in Incident.objects.filter(pk__in=held, status__in=OPEN).order_by("id"):
            obligations.recount(incident, actor=actor, note=note or f"{changed.name} changed")
    return changed


def delete(regulator: Regulator, *, actor: Actor, note: str = "") -> Regulator:
    return records.delete(regulator, actor=actor, scope=WRITE, note=note)


def restore(regulator: Regulator, *, actor: Actor, note: str = "") -> Regulator:
    return records.restore(regulator, actor=actor, scope=WRITE, note=note)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = texts.clean(values, WRITABLE)
    if "regimes" in clean:
        clean["regimes"] = texts.all_of(clean["regimes"], "regimes", library().regimes)
    if "entity_kinds" in clean:
        clean["entity_kinds"] = texts.all_of(clean["entity_kinds"], "entity_kinds", KINDS)
    if "time_zone" in clean:
        clean["time_zone"] = texts.zone(clean["time_zone"])
    if "holidays" in clean:
        clean["holidays"] = texts.days(clean["holidays"])
    return clean


def _clean_line(values: dict[str, Any], row: Regulator | None) -> dict[str, Any]:
    return _clean(values)


SHEET = sheets.Sheet(Regulator, WRITABLE, _clean_line, create, update)
