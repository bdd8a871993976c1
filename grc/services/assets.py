"""Verbs of the asset."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from core import records
from core.actors import Actor
from core.errors import BadInput
from grc.models import Asset
from grc.services import asset_tree, registers, sheets, texts
from grc.services.asset_tree import DEEPEST
from grc.vocabulary import SEVERITIES
from grc.workflows import WRITE


def _check(clean: dict[str, Any], row: Asset | None) -> None:
    texts.one_of(clean, "criticality", SEVERITIES)
    parent = clean.get("parent_id")
    if isinstance(parent, Asset):
        clean["parent_id"] = parent.pk
        if row is not None:
            _no_loop(row, parent)


FIELDS = (
    "name",
    "kind",
    "criticality",
    "classification",
    "service",
    "description",
    "identifiers",
    "tags",
)
REGISTER = registers.Register(
    Asset,
    (*FIELDS, "owner_id", "parent_id"),
    _check,
    nullable=frozenset({"owner_id", "parent_id"}),
)


def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Asset:
    made: Asset = registers.create(REGISTER, values, actor=actor, note=note)
    return made


def update(asset: Asset, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Asset:
    """Change fields; a parent below the asset itself is refused."""
    changed: Asset = registers.update(REGISTER, asset, values, actor=actor, note=note)
    return changed


def delete(asset: Asset, *, actor: Actor, note: str = "") -> Asset:
    return records.delete(asset, actor=actor, scope=WRITE, note=note)


def restore(asset: Asset, *, actor: Actor, note: str = "") -> Asset:
    return records.restore(asset, actor=actor, scope=WRITE, note=note)


SHEET = sheets.Sheet(
    Asset,
    (*FIELDS, "owner", "parent"),
    REGISTER.clean,
    create,
    update,
    arrange=asset_tree.arrange,
)


def are_registered() -> bool:
    return bool(Asset.objects.exists())


def known_by(names: set[str]) -> dict[str, Asset]:
    """Assets by those of some names, addresses and identifiers, in lower case, that are theirs; the
    oldest where several have one.
    """
    if not names:
        return {}
    rows = Asset.objects.annotate(low=Lower("name")).filter(
        Q(low__in=names) | Q(identifiers__has_any_keys=sorted(names))
    )
    found: dict[str, Asset] = {}
    for row in rows.order_by("id"):
        for name in {row.name.lower(), *row.identifiers} & names:
            found.setdefault(name, row)
    return found


def _no_loop(asset: Asset, parent: Asset) -> None:
    at: UUID | None = parent.pk
    for _ in range(DEEPEST):
        if at is None:
            return
        if at == asset.pk:
            raise BadInput(
                f"{parent} is {asset} itself or lies below it. Choose another parent.",
                field="parent_id",
            )
        at = Asset.with_deleted.filter(pk=at).values_list("parent_id", flat=True).first()
    raise BadInput(f"Assets nest at most {DEEPEST} deep.", field="parent_id")
