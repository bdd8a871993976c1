"""What the registers of assets, accounts and risks share in writing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core import audit, records
from core.actors import Actor
from core.errors import BadInput
from core.models.rows import INDEXABLE, Record
from grc.services import texts
from grc.workflows import WRITE

MOST_IDENTIFIERS = 100


@dataclass(frozen=True)
class Register:
    """One register: its model, what may be written, and how the values are checked."""

    model: type[Record]
    writable: tuple[str, ...]
    check: Callable[[dict[str, Any], Any], None]
    nullable: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any], row: Any = None) -> dict[str, Any]:
        clean = texts.clean(values, self.writable, nullable=self.nullable)
        if "identifiers" in clean:
            clean["identifiers"] = _identifiers(clean["identifiers"])
        if len(clean.get("name", "")) > INDEXABLE:
            raise BadInput(f"A name has at most {INDEXABLE} characters.", field="name")
        self.check(clean, row)
        return clean


@audit.verb
def create(register: Register, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Any:
    """Write one down; `{}` is enough."""
    actor.require(WRITE)
    return records.create(register.model(**register.clean(values)), actor=actor, note=note)


@audit.verb
def update(
    register: Register, row: Any, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Any:
    """Change fields."""
    actor.require(WRITE)
    fresh = records.lock(row)
    return records.change(fresh, register.clean(values, fresh), actor=actor, note=note)


def _identifiers(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise BadInput("identifiers is a list of names and addresses.", field="identifiers")
    if len(given) > MOST_IDENTIFIERS:
        raise BadInput(f"At most {MOST_IDENTIFIERS} identifiers.", field="identifiers")
    return list(dict.fromkeys(each.strip().lower() for each in given if each.strip()))
