"""Verbs of the SLA definition, and which of them governs what."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from core import audit, records, tenancy
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.texts import clean_text
from soc.models import BusinessCalendar, SLADefinition
from soc.models.sla import CLOCKS
from soc.querysets import OPEN_ALERTS, OPEN_INVESTIGATIONS
from soc.sla.readings import STOPS
from soc.vocabulary import PRIORITIES, SEVERITIES

CONFIGURE = "soc:configure"
RULES = (
    "levels",
    *CLOCKS,
    "calendar_id",
    "at_risk_share",
    "pause_statuses",
    "pause_reasons",
    "is_active",
)
WRITABLE = ("name", "description", "applies_to", *RULES, "tags")
NULLABLE = {*CLOCKS, "calendar_id"}
TEXTS = {"name", "description"}
LISTS = {"levels", "pause_statuses", "pause_reasons"}
LEVELS = {"alert": SEVERITIES, "investigation": PRIORITIES}
PAUSING = {"alert": OPEN_ALERTS[1:], "investigation": OPEN_INVESTIGATIONS[1:]}
MOST_MINUTES = 90 * 24 * 60
# What the threats page promises: minutes to the acknowledgement of an alert, none for low.
DEFAULTS = (
    ("Critical alerts", "critical", 15),
    ("High alerts", "high", 60),
    ("Medium alerts", "medium", 24 * 60),
)


@audit.verb
def defaults(*, actor: Actor) -> list[SLADefinition]:
    """The definitions of the threats page, switched on; those whose name is there already stay."""
    known = set(SLADefinition.with_deleted.values_list("name", flat=True))
    return [
        create(
            {"name": name, "levels": [level], "acknowledge_minutes": minutes, "is_active": True},
            actor=actor,
            note="The default of a new tenant.",
        )
        for name, level, minutes in DEFAULTS
        if name not in known
    ]


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> SLADefinition:
    """Write a definition down; `{}` is one without targets, switched off."""
    actor.require(CONFIGURE)
    given = {"name": "New SLA", "applies_to": "alert", **values}
    if given["applies_to"] == "investigation":
        given = {"pause_statuses": ["on_hold"], **given}
    definition = SLADefinition(**_clean(given))
    if definition.is_active:
        definition.activated_at = timezone.now()
    _check(definition)
    made = records.create(definition, actor=actor, note=note)
    if made.is_active:
        apply_later(made)
    return made


@audit.verb
def update(
    definition: SLADefinition, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> SLADefinition:
    """Change it. New rules are in force from now on: clocks that run are counted anew, those that
    have stopped stay, and what is then late already is told to nobody.
    """
    actor.require(CONFIGURE)
    fresh = records.lock(definition)
    clean = _clean(values)
    if clean.get("applies_to", fresh.applies_to) != fresh.applies_to:
        raise BadInput("Make another definition for those.", field="applies_to")
    anew = any(getattr(fresh, name) != clean[name] for name in RULES if name in clean)
    if anew and clean.get("is_active", fresh.is_active):
        clean["activated_at"] = timezone.now()
    changed = records.change(fresh, clean, actor=actor, note=note)
    _check(changed)
    if anew:
        apply_later(changed)
    return changed


@audit.verb
def delete(definition: SLADefinition, *, actor: Actor, note: str = "") -> SLADefinition:
    """Switch it off and delete it; its clocks that run are cancelled."""
    actor.require(CONFIGURE)
    fresh = records.lock(definition)
    fresh = records.change(fresh, {"is_active": False}, actor=actor, verb="deactivate", note=note)
    gone = records.delete(fresh, actor=actor, scope=CONFIGURE, note=note)
    apply_later(gone)
    return gone


@audit.verb
def restore(definition: SLADefinition, *, actor: Actor, note: str = "") -> SLADefinition:
    """Bring it back, switched off."""
    actor.require(CONFIGURE)
    _name_is_free(definition)
    return records.restore(definition, actor=actor, scope=CONFIGURE, note=note)


@audit.verb
def calendar_changed(calendar: BusinessCalendar, *, actor: Actor) -> None:
    """Have everything counted anew that runs by a calendar."""
    for definition in SLADefinition.objects.filter(calendar=calendar, is_active=True):
        since = {"activated_at": timezone.now()}
        fresh = records.lock(definition)
        apply_later(records.change(fresh, since, actor=actor, verb="calendar_change"))


def apply_later(definition: SLADefinition) -> None:
    """Have a job count the clocks that a definition governs, or governed."""
    app.configure_task("soc.apply_sla").defer(
        tenant_id=str(tenancy.required()), definition_id=str(definition.pk)
    )


def governing(applies_to: str, pinned: Sequence[UUID] = ()) -> dict[str | UUID, SLADefinition]:
    """The active definitions by the level that they govern, and those that rows name by id."""
    rows = SLADefinition.objects.filter(is_active=True, applies_to=applies_to)
    found: dict[str | UUID, SLADefinition] = {}
    for row in rows.select_related("calendar").order_by("id"):
        found |= dict.fromkeys(row.levels, row)
        if row.pk in pinned:
            found[row.pk] = row
    return found


def _check(definition: SLADefinition) -> None:
    """What the rules of a whole definition must be."""
    of = definition.applies_to
    _known(definition.levels, LEVELS[of], "levels")
    _known(definition.pause_statuses, PAUSING[of], "pause_statuses")
    for name in CLOCKS:
        if getattr(definition, name) is not None and name.removesuffix("_minutes") not in STOPS[of]:
            raise BadInput(f"There is no such clock for an {of}.", field=name)
    _name_is_free(definition)
    if definition.is_active:
        _alone(definition)


def _alone(definition: SLADefinition) -> None:
    others = SLADefinition.objects.filter(is_active=True, applies_to=definition.applies_to)
    for other in others.exclude(pk=definition.pk):
        shared = set(other.levels) & set(definition.levels)
        if shared:
            raise Conflict(
                f"'{other.name}' governs {', '.join(sorted(shared))} already. Switch it off first, "
                "or leave these levels out.",
                field="levels",
            )


def _name_is_free(definition: SLADefinition) -> None:
    if SLADefinition.objects.filter(name=definition.name).exclude(pk=definition.pk).exists():
        raise Conflict(f"There is an SLA definition '{definition.name}' already.", field="name")


def _known(given: Sequence[str], words: Sequence[str], field: str) -> None:
    unknown = [word for word in given if word not in words]
    if unknown:
        raise BadInput(f"'{unknown[0]}' is none of: {', '.join(words)}.", field=field)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {
        name: values[name]
        for name in WRITABLE
        if name in values and (values[name] is not None or name in NULLABLE)
    }
    _check_numbers(clean)
    for name in TEXTS & clean.keys():
        clean[name] = clean_text(clean[name], field=name)
    for name in LISTS & clean.keys():
        texts = [clean_text(word, field=name) for word in clean[name]]
        clean[name] = list(dict.fromkeys(text for text in texts if text))
    if clean.get("name") == "":
        raise BadInput("Give it a name.", field="name")
    if clean.get("applies_to", "alert") not in STOPS:
        raise BadInput("Use one of: alert, investigation.", field="applies_to")
    if isinstance(clean.get("calendar_id"), BusinessCalendar):
        clean["calendar_id"] = clean["calendar_id"].pk
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean


def _check_numbers(clean: Mapping[str, Any]) -> None:
    for name in CLOCKS:
        minutes = clean.get(name)
        if minutes is not None and not 0 < minutes <= MOST_MINUTES:
            raise BadInput(f"Give 1 to {MOST_MINUTES} minutes, or none.", field=name)
    if not 0 < clean.get("at_risk_share", 0.75) < 1:
        raise BadInput("Give a share between 0 and 1, like 0.75.", field="at_risk_share")
