"""Verbs of the account."""

from collections.abc import Mapping
from typing import Any

from core import records
from core.actors import Actor
from grc.models import Account
from grc.services import registers, sheets, texts
from grc.vocabulary import SEVERITIES
from grc.workflows import WRITE


def _check(clean: dict[str, Any], row: Account | None) -> None:
    texts.one_of(clean, "criticality", SEVERITIES)


FIELDS = ("name", "kind", "criticality", "description", "identifiers", "tags")
REGISTER = registers.Register(
    Account, (*FIELDS, "owner_id"), _check, nullable=frozenset({"owner_id"})
)


def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Account:
    made: Account = registers.create(REGISTER, values, actor=actor, note=note)
    return made


def update(account: Account, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Account:
    changed: Account = registers.update(REGISTER, account, values, actor=actor, note=note)
    return changed


def delete(account: Account, *, actor: Actor, note: str = "") -> Account:
    return records.delete(account, actor=actor, scope=WRITE, note=note)


def restore(account: Account, *, actor: Actor, note: str = "") -> Account:
    return records.restore(account, actor=actor, scope=WRITE, note=note)


SHEET = sheets.Sheet(Account, (*FIELDS, "owner"), REGISTER.clean, create, update)
