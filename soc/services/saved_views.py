"""Verbs of the saved view. Changing somebody else's shared one needs soc:configure."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from core import audit, records
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.texts import clean_text
from soc.models import SavedView
from soc.vocabulary import VIEWED
from soc.workflows import WRITE

CONFIGURE = "soc:configure"
WRITABLE = ("name", "resource", "query", "is_shared", "tags")
MAX_NAME = 80


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> SavedView:
    """Keep the filters of a list under a name; `{}` is enough."""
    actor.require(WRITE)
    view = SavedView(**_clean(values), owner_id=actor.person_id)
    _refuse_twice(view)
    return records.create(view, actor=actor, note=note)


@audit.verb
def update(
    view: SavedView, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> SavedView:
    actor.require(WRITE)
    fresh = records.lock(view)
    _may_change(fresh, actor)
    clean = _clean({"resource": fresh.resource} | dict(values))
    if clean["resource"] != fresh.resource and "query" not in clean:
        raise BadInput("Filters of another list need to be given along.", field="query")
    wished = SavedView(pk=fresh.pk, owner_id=fresh.owner_id, name=fresh.name)
    for name in ("name", "resource", "is_shared"):
        setattr(wished, name, clean.get(name, getattr(fresh, name)))
    _refuse_twice(wished)
    return records.change(fresh, clean, actor=actor, note=note)


@audit.verb
def delete(view: SavedView, *, actor: Actor, note: str = "") -> SavedView:
    _may_change(view, actor)
    return records.delete(view, actor=actor, scope=WRITE, note=note)


@audit.verb
def restore(view: SavedView, *, actor: Actor, note: str = "") -> SavedView:
    _may_change(view, actor)
    _refuse_twice(view)
    return records.restore(view, actor=actor, scope=WRITE, note=note)


def _may_change(view: SavedView, actor: Actor) -> None:
    if view.owner_id != actor.person_id:
        actor.require(CONFIGURE)


def _refuse_twice(view: SavedView) -> None:
    same = Q(owner_id=view.owner_id, resource=view.resource, name=view.name) & ~Q(pk=view.pk)
    if SavedView.objects.filter(same).exists():
        raise Conflict(f"There is a view named '{view.name}' already.", field="name")


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if values.get(name) is not None}
    if clean.get("resource", VIEWED[0]) not in VIEWED:
        raise BadInput(f"Use one of: {', '.join(VIEWED)}.", field="resource")
    if "name" in clean:
        clean["name"] = clean_text(clean["name"], field="name") or "Untitled view"
        if len(clean["name"]) > MAX_NAME:
            raise BadInput(f"A name has at most {MAX_NAME} characters.", field="name")
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean
