"""Playbooks from CACAO 2.0 files, and to them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from core import audit, ids, tenancy
from core.actors import Actor
from core.errors import BadInput, TooLarge
from core.services import people
from soc import conditions
from soc.models import Connector, Playbook
from soc.playbooks import graph
from soc.playbooks.cacao import reading, words, writing
from soc.services import playbooks

MAX_BYTES = 1024 * 1024


@audit.verb
def read(given: Mapping[str, Any], *, actor: Actor, note: str = "") -> Playbook:
    """A playbook from a file. What a person has to look at first is listed on it, and it is
    switched off while there is any. It never fires by itself before somebody says so.
    """
    actor.require(playbooks.WRITE)
    if len(orjson.dumps(given)) > MAX_BYTES:
        raise TooLarge(f"A file has at most {MAX_BYTES} bytes.")
    found = reading.read(dict(given), _known_connectors())
    _people(found)
    values = {
        "name": found.name[:200],
        "description": found.description,
        "category": found.category,
        "steps": found.steps,
        "trigger_conditions": _conditions(found),
        "trigger_on": found.trigger_on,
        "tags": [tag[:200] for tag in found.tags],
        "enabled": not found.faults,
    }
    kept = {"document": found.document, "steps": found.steps}
    return playbooks.create(values, actor=actor, note=note, faults=found.faults, cacao=kept)


def write(playbook: Playbook) -> dict[str, Any]:
    """The file of a playbook; no secret is in it, since none is in a playbook."""
    kept = playbook.cacao or {}
    wanted = [UUID(pk) for pk in playbook.required_connector_ids]
    rows = Connector.objects.filter(pk__in=wanted)
    before = kept.get("document", {}).get("id")
    return writing.write(
        writing.Source(
            id=before if _is_id(before) else words.named("playbook", playbook.pk),
            name=playbook.name,
            description=playbook.description,
            category=playbook.category,
            tags=playbook.tags,
            created=playbook.created_at,
            modified=playbook.updated_at,
            made_by=words.named("identity", tenancy.required()),
            graph=graph.checked(playbook.steps),
            trigger_conditions=playbook.trigger_conditions,
            trigger_on=playbook.trigger_on,
            connectors={row.shown_id: row.name for row in rows},
            kept=kept,
        )
    )


def _is_id(value: object) -> bool:
    head, separator, body = str(value).partition("--")
    return head == "playbook" and bool(separator) and ids.read("", body) is not None


def _known_connectors() -> dict[str, str]:
    known: dict[str, str] = {}
    for row in Connector.objects.order_by("id"):
        known[row.shown_id] = row.shown_id
        known.setdefault(row.name, row.shown_id)
    return known


def _conditions(found: reading.Reading) -> Any:
    try:
        conditions.read(found.trigger_conditions, field="trigger_conditions")
    except BadInput as refusal:
        found.faults.append(f"The trigger conditions were left out: {refusal.message}")
        return []
    return found.trigger_conditions


def _people(found: reading.Reading) -> None:
    """People of another tenant are not asked and given nothing here; what asked them says so."""
    for step in found.steps:
        given = step["with"]
        named = [given.get("assignee_id"), *(given.get("person_ids") or [])]
        strange = [
            each
            for each in named
            if each and "{{" not in each and not people.is_member(ids.read("per", each))
        ]
        if not strange:
            continue
        found.faults.append(f"Step '{step['key']}' names people who are not here.")
        if step["kind"] == "assign":
            step["kind"], step["with"] = "manual", {"instructions": step["name"]}
        else:
            step["with"] = {
                name: value
                for name, value in given.items()
                if name not in ("assignee_id", "person_ids")
            }
