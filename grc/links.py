"""What grc shows of other apps: they register how to read and write it, so that grc imports none of them.

`read(incident_ids)` answers for a whole page at once: {incident_id: value}.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.actors import Actor
from core.errors import BadInput
from grc.models import Incident

Read = Callable[[Iterable[UUID]], dict[UUID, Any]]
Write = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Link:
    read: Read
    write: Write | None


_links: dict[str, Link] = {}


def register(name: str, *, read: Read, write: Write | None = None) -> None:
    _links[name] = Link(read, write)


def names() -> list[str]:
    return list(_links)


def read(name: str, incident_ids: Iterable[UUID]) -> dict[UUID, Any]:
    """The linked values of many incidents; nothing for an app that is not there."""
    link = _links.get(name)
    return link.read(incident_ids) if link else {}


def write(name: str, incident: Incident, value: Any, *, actor: Actor) -> None:
    link = _links.get(name)
    if link is None or link.write is None:
        raise BadInput(f"{name} is read only.", field=name)
    link.write(incident, value, actor=actor)
