"""Verbs of the playbook."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core import audit, ids, records
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.services import people
from core.texts import clean_text
from soc import conditions
from soc.models import Connector, Playbook, PlaybookVersion
from soc.playbooks import graph
from soc.playbooks.graph import Graph
from soc.playbooks.steps import Step, fault
from soc.playbooks.steps import read as read_steps
from soc.vocabulary import PLAYBOOK_CATEGORIES, TRIGGER_EVENTS

WRITE = "playbooks:write"
WRITABLE = (
    "name",
    "description",
    "category",
    "trigger_conditions",
    "trigger_on",
    "auto_execute",
    "mitre_tactics",
    "mitre_techniques",
    "steps",
    "required_connector_ids",
    "owner_id",
    "enabled",
    "tags",
)
# What a version keeps; a change of one of these makes another.
VERSIONED = ("name", "steps", "trigger_conditions", "trigger_on", "required_connector_ids")
LISTS = ("mitre_tactics", "mitre_techniques")
NULLABLE = ("category", "owner_id")


@audit.verb
def create(
    values: Mapping[str, Any],
    *,
    actor: Actor,
    note: str = "",
    faults: Sequence[str] = (),
    cacao: Mapping[str, Any] | None = None,
) -> Playbook:
    """A new playbook; `{}` is enough, and a run of that succeeds at once. `faults` and `cacao` are
    what an import leaves.
    """
    actor.require(WRITE)
    row = Playbook(**_clean(values, None), faults=list(faults), cacao=cacao)
    made = records.create(row, actor=actor, note=note)
    _keep_version(made, actor)
    return made


@audit.verb
def update(
    playbook: Playbook, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Playbook:
    """Change it. Other steps or triggers are another version; runs go on with theirs. Steps that
    are written anew are whole, so that what an import could not read is settled.
    """
    actor.require(WRITE)
    fresh = records.lock(playbook)
    clean = _clean(values, fresh)
    if "steps" in clean:
        clean["faults"] = []
    if clean.get("enabled", fresh.enabled) and clean.get("faults", fresh.faults):
        raise Conflict(
            "The import left faults. Look at them and save the steps, then switch it on.",
            field="enabled",
        )
    anew = any(getattr(fresh, name) != clean[name] for name in VERSIONED if name in clean)
    if anew:
        clean["number"] = fresh.number + 1
    changed = records.change(fresh, clean, actor=actor, note=note)
    if anew:
        _keep_version(changed, actor)
    return changed


def delete(playbook: Playbook, *, actor: Actor, note: str = "") -> Playbook:
    """Delete softly; its runs stay, and those that are going go on."""
    return records.delete(playbook, actor=actor, scope=WRITE, note=note)


def restore(playbook: Playbook, *, actor: Actor, note: str = "") -> Playbook:
    return records.restore(playbook, actor=actor, scope=WRITE, note=note)


def newest_version(playbook: Playbook) -> PlaybookVersion:
    found: PlaybookVersion = PlaybookVersion.objects.get(playbook=playbook, number=playbook.number)
    return found


def versions(playbook: Playbook) -> list[PlaybookVersion]:
    """What it was, newest first."""
    return list(PlaybookVersion.objects.filter(playbook=playbook).order_by("-number"))


def checked(given: object) -> Graph:
    """Steps as they may be kept: each by itself, how they hang together, and that what they name
    is of this tenant. BadInput names the step and the field.
    """
    found = graph.checked(given)
    known = _connectors(_named_connectors(found.order))
    for step in found.order:
        _check_references(found, step, known)
    return found


def connector_ids(steps: Sequence[Step]) -> list[str]:
    """The connectors that steps call, as they are kept."""
    return [str(pk) for pk in _named_connectors(steps)]


def _named_connectors(steps: Sequence[Step]) -> list[UUID]:
    named = (ids.read(Connector.ID_PREFIX, step.given.get("connector_id")) for step in steps)
    return list(dict.fromkeys(pk for pk in named if pk))


def _connectors(pks: Sequence[UUID]) -> dict[UUID, Connector]:
    return {row.pk: row for row in Connector.objects.filter(pk__in=pks)} if pks else {}


def _check_references(found: Graph, step: Step, known: Mapping[UUID, Connector]) -> None:
    place = found.places[step.key]
    named = step.given.get("connector_id")
    if named:
        row = known.get(ids.read(Connector.ID_PREFIX, named) or UUID(int=0))
        if row is None:
            raise fault(place, step.key, "with.connector_id", f"'{named}' is not known here.")
        if row.kind not in step.kind.connector:
            wanted = " or ".join(step.kind.connector)
            told = f"'{row.name}' is a connector of the kind {row.kind}; this takes {wanted}."
            raise fault(place, step.key, "with.connector_id", told)
    for name in ("assignee_id", "person_ids"):
        for shown in _listed(step.given.get(name)):
            if "{{" not in shown and not people.is_member(ids.read("per", shown)):
                raise fault(place, step.key, f"with.{name}", f"'{shown}' is not known here.")


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _keep_version(playbook: Playbook, actor: Actor) -> None:
    kept = {name: getattr(playbook, name) for name in VERSIONED}
    PlaybookVersion.objects.create(
        playbook=playbook, number=playbook.number, created_by=actor.person_id, **kept
    )


def _clean(values: Mapping[str, Any], playbook: Playbook | None) -> dict[str, Any]:
    clean = {
        name: values[name]
        for name in WRITABLE
        if name in values and (values[name] is not None or name in NULLABLE)
    }
    for name in {"name", "description"} & clean.keys():
        clean[name] = clean_text(clean[name], field=name)
    if clean.get("name") == "":
        clean["name"] = "Untitled playbook"
    for name in clean.keys() & set(LISTS):
        clean[name] = [clean_text(word, field=name) for word in clean[name]]
    if clean.get("owner_id"):
        clean["owner_id"] = people.require_member(clean["owner_id"], field="owner_id")
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    _clean_words(clean)
    if "trigger_conditions" in clean:
        conditions.read(clean["trigger_conditions"], field="trigger_conditions")
    _clean_steps(clean, playbook)
    return clean


def _clean_words(clean: dict[str, Any]) -> None:
    if clean.get("category") not in (None, *PLAYBOOK_CATEGORIES):
        raise BadInput(f"Use one of: {', '.join(PLAYBOOK_CATEGORIES)}.", field="category")
    for word in clean.get("trigger_on", ()):
        if word not in TRIGGER_EVENTS:
            raise BadInput(f"Use some of: {', '.join(TRIGGER_EVENTS)}.", field="trigger_on")
    if "trigger_on" in clean:
        clean["trigger_on"] = list(dict.fromkeys(clean["trigger_on"]))


def _clean_steps(clean: dict[str, Any], playbook: Playbook | None) -> None:
    """The connectors that the steps call are required ones, and go when no step calls them."""
    required = clean.get("required_connector_ids")
    given = None if required is None else [str(pk) for pk in required]
    if "steps" in clean:
        found = checked(clean["steps"])
        clean["steps"] = [step.shown() for step in found.order]
        used = connector_ids(found.order)
    else:
        used = connector_ids(read_steps(playbook.steps)) if playbook else []
    if given is None and playbook is not None:
        before = connector_ids(read_steps(playbook.steps))
        given = [pk for pk in playbook.required_connector_ids if pk not in before]
    if "steps" in clean or required is not None:
        clean["required_connector_ids"] = list(dict.fromkeys([*(given or []), *used]))
