"""What grc shows of other apps: they register how to read and write it, so that grc imports none of
them.

`read(incident_ids)` answers for a whole page at once: {incident_id: value}.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.actors import Actor
from core.errors import BadInput
from core.models.rows import Record
from grc.models import Incident


@dataclass(frozen=True, slots=True)
class Item:
    """One linked object as the incident's page shows it."""

    title: str
    url: str
    severity: str
    status: str
    at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of how a report came about: what led to what, by whom, when and why."""

    kind: str
    source: tuple[str, UUID]
    target: tuple[str, UUID]
    title: str
    at: datetime
    by: UUID
    why: str = ""


Read = Callable[[Iterable[UUID]], dict[UUID, Any]]
Rows = Callable[[Incident], Iterable[Record]]
Write = Callable[..., None]
Panel = tuple[str, list[Item]]


@dataclass(frozen=True, slots=True)
class Link:
    model: type[Record]
    read: Read
    write: Write | None
    rows: Rows | None


_links: dict[str, Link] = {}
_panels: list[Callable[[Incident], list[Panel]]] = []
_hops: list[Callable[[Incident, UUID | None], list[Hop]]] = []


def register_hops(read: Callable[[Incident, UUID | None], list[Hop]]) -> None:
    """Another app tells what led to an incident, in as many queries for any number of rows; with
    the id of an application, of its own rows only.
    """
    _hops.append(read)


def hops(incident: Incident, app_id: UUID | None = None) -> list[Hop]:
    """What other apps know of the way to an incident."""
    return [hop for read in _hops for hop in read(incident, app_id)]


def register(
    name: str,
    *,
    model: type[Record],
    read: Read,
    write: Write | None = None,
    rows: Rows | None = None,
) -> None:
    """Rows of `model` are shown, and set where there is a `write`, as the field `name`; `rows` of
    an incident are for the dialog that sets them.
    """
    _links[name] = Link(model, read, write, rows)


def register_panels(read: Callable[[Incident], list[Panel]]) -> None:
    """Another app shows linked rows on an incident's page, in one query for all its panels."""
    _panels.append(read)


def panels(incident: Incident) -> list[Panel]:
    """What other apps show on an incident's page: titles, each with its rows."""
    return [panel for read in _panels for panel in read(incident)]


def names() -> list[str]:
    return list(_links)


def model_of(name: str) -> type[Record]:
    """The model of the rows that a link's ids name."""
    return _links[name].model


def read(name: str, incident_ids: Iterable[UUID]) -> dict[UUID, Any]:
    """The linked values of many incidents."""
    return _links[name].read(incident_ids)


def rows(name: str, incident: Incident) -> list[Any]:
    """The linked rows themselves, in one query."""
    read_rows = _links[name].rows
    return list(read_rows(incident)) if read_rows else []


def write(name: str, incident: Incident, value: Any, *, actor: Actor, note: str = "") -> None:
    write = _links[name].write
    if write is None:
        raise BadInput(f"{name} is read only.", field=name)
    write(incident, value, actor=actor, note=note)
