"""The ATT&CK page: the matrix in one hue and five steps, the number always printed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from soc.services import attack_matrix, attack_seen, counted
from soc.services.attack_matrix import Cell, Matrix
from soc.services.windows import DAYS

STEPS = (1, 5, 20, 100)  # alerts from which the hue is a step darker


@dataclass(frozen=True, slots=True)
class Box:
    """A technique as it is drawn: `step` 0 to 4, hatched without a rule, its sub-techniques that
    have something to show below it.
    """

    cell: Cell
    subs: list[Cell]

    @property
    def step(self) -> int:
        return sum(self.cell.alert_count >= least for least in STEPS)


def page() -> dict[str, Any]:
    """What the template shows; `counted` is false while a job has not counted many alerts yet."""
    told = attack_seen.found()
    found = attack_matrix.matrix(seen=told.content or [])
    return {
        "title": "ATT&CK",
        "numbers_name": counted.ATTACK,
        "counted": told.content is not None,
        "as_of": told.at,
        "version": found.version,
        "columns": [(column, _boxes(column.techniques)) for column in found.tactics],
        "days": DAYS,
        "since": f"{timezone.now() - timedelta(days=DAYS):%Y-%m-%dT%H:%M:%SZ}",
        "steps": STEPS,
        "seen": _count(found, seen=True),
        "blind": _count(found, seen=False),
    }


def _boxes(cells: list[Cell]) -> list[Box]:
    told = [cell for cell in cells if cell.alert_count or cell.rule_count]
    subs = [cell for cell in told if cell.is_subtechnique]
    return [
        Box(cell, [sub for sub in subs if sub.technique_id.startswith(f"{cell.technique_id}.")])
        for cell in cells
        if not cell.is_subtechnique
    ]


def _count(found: Matrix, *, seen: bool) -> int:
    """Techniques that were seen, or that no rule looks for."""
    techniques = [cell for cell in found.cells() if not cell.is_subtechnique]
    return sum(bool(cell.alert_count) if seen else not cell.is_covered for cell in techniques)
