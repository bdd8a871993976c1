"""The picture of what alerts share: users left, hosts in the middle, indicators right."""

from dataclasses import dataclass
from typing import Any

from soc.services.entities import Entity, Shared

WIDTH, GAP, TOP = 540, 66, 40
COLUMNS = {"user": 70, "host": 240, "indicator": 430}  # x of each kind
WIDEST = 6  # of a line, in pixels
LONGEST = 26  # characters of a name under its shape
ICONS = {"host": "computer", "user": "person", "ip": "lan", "domain": "public", "url": "link"}


@dataclass(frozen=True, slots=True)
class Node:
    """A shape at its place; its kind is told by shape and icon, its malice by word."""

    entity: Entity
    x: int
    y: int

    @property
    def shape(self) -> str:
        return self.entity.kind if self.entity.kind in ("host", "user") else "indicator"

    @property
    def icon(self) -> str:
        return ICONS.get(self.entity.kind, "fingerprint")

    @property
    def label(self) -> str:
        name = self.entity.name
        return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"

    @property
    def bad(self) -> str:
        return self.entity.malice if self.entity.malice in ("malicious", "suspicious") else ""


def drawing(found: Shared) -> dict[str, Any]:
    """Nodes and lines with their places, and the height of the whole."""
    columns: dict[str, list[Entity]] = {shape: [] for shape in COLUMNS}
    for entity in found.entities:
        shape = entity.kind if entity.kind in COLUMNS else "indicator"
        columns[shape].append(entity)
    longest = max((len(column) for column in columns.values()), default=0)
    nodes = {
        (entity.kind, entity.name): Node(entity, x, TOP + _offset(column, longest) + place * GAP)
        for (shape, x) in COLUMNS.items()
        for column in [columns[shape]]
        for place, entity in enumerate(column)
    }
    lines = [
        {
            "one": nodes[tie.one.kind, tie.one.name],
            "other": nodes[tie.other.kind, tie.other.name],
            "width": min(WIDEST, 1 + tie.alert_count // 2),
            "tie": tie,
        }
        for tie in found.ties
    ]
    return {
        "nodes": list(nodes.values()),
        "lines": lines,
        "width": WIDTH,
        "height": TOP + max(longest, 1) * GAP,
        "total": found.total,
    }


def _offset(column: list[Entity], longest: int) -> int:
    """Shorter columns stand in the middle."""
    return (longest - len(column)) * GAP // 2
