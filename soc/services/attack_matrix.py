"""The matrix of ATT&CK in a tenant's numbers: what was seen, and what its rules cover.

Two statements count, whatever there is; three more read the edition that is current.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from core import tenancy
from soc import attack
from soc.models import AttackTactic, AttackTechnique, AttackVersion
from soc.services import attack_seen
from soc.services.attack_seen import Seen
from soc.services.windows import Window, window

NOT_ASSIGNED = "Not assigned"
LAYER_VERSIONS = {"navigator": "5.1.0", "layer": "4.5"}
COLOURS = ["#ffffff", "#0a6276"]
_COVERED = """
WITH named AS (
  SELECT DISTINCT r.id, r.mitre_tactics, code
  FROM soc_detectionrule r
  CROSS JOIN LATERAL jsonb_array_elements_text(r.mitre_techniques || r.mitre_subtechniques)
    AS given (text)
  CROSS JOIN LATERAL (VALUES (given.text), (split_part(given.text, '.', 1))) AS each (code)
  WHERE r.tenant_id = %(tenant)s AND NOT r.is_deleted AND r.is_active
)
SELECT code, count(DISTINCT id), array_agg(DISTINCT tactic) FILTER (WHERE tactic IS NOT NULL)
FROM named LEFT JOIN LATERAL jsonb_array_elements_text(named.mitre_tactics) AS t (tactic) ON true
GROUP BY code
"""


@dataclass(slots=True)
class Cell:
    """A technique or sub-technique, with the alerts that named it and the active rules that look
    for it. Those of its sub-techniques count along.
    """

    technique_id: str
    name: str = ""
    alert_count: int = 0
    true_positive_count: int = 0
    false_positive_count: int = 0
    rule_count: int = 0
    tactics: set[str] = field(default_factory=set)

    @property
    def is_subtechnique(self) -> bool:
        return "." in self.technique_id

    @property
    def is_covered(self) -> bool:
        return self.rule_count > 0


@dataclass(slots=True)
class Column:
    """A tactic; `tactic_id` is None for techniques that nothing assigns to one."""

    tactic_id: str | None
    name: str
    techniques: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Matrix:
    """`version` is the edition's name, None while none is imported."""

    window: Window
    version: str | None
    tactics: list[Column]

    def cells(self) -> Iterable[Cell]:
        """Each technique once."""
        found = {cell.technique_id: cell for column in self.tactics for cell in column.techniques}
        return [found[code] for code in sorted(found)]


def matrix(
    *, during: Window | None = None, app_id: UUID | None = None, seen: Seen | None = None
) -> Matrix:
    """The matrix: every technique of the current edition, and whatever alerts and rules name.
    `seen` is what was counted of the alerts already.
    """
    span = during or window()
    version = AttackVersion.objects.filter(is_current=True).first()
    cells: dict[str, Cell] = {}
    _published(cells, version)
    published = set(cells)
    _counted(cells, published, attack_seen.during(span, app_id) if seen is None else seen)
    return Matrix(span, version.name if version else None, _columns(version, cells))


def layer(found: Matrix) -> dict[str, Any]:
    """The matrix as a layer for the ATT&CK Navigator: the score is how many alerts were seen."""
    edition = {"attack": found.version.partition(".")[0]} if found.version else {}
    shown = [cell for cell in found.cells() if cell.alert_count or cell.rule_count]
    most = max((cell.alert_count for cell in shown), default=0)
    until = f" to {found.window.before:%Y-%m-%d}" if found.window.before else ""
    return {
        "name": "Alerts and rules",
        "versions": edition | LAYER_VERSIONS,
        "domain": attack.DOMAIN,
        "description": f"Alerts from {found.window.after:%Y-%m-%d}{until}, and active rules.",
        "techniques": [
            {
                "techniqueID": cell.technique_id,
                "score": cell.alert_count,
                "comment": _comment(cell),
                "enabled": True,
            }
            for cell in shown
        ],
        "gradient": {"colors": COLOURS, "minValue": 0, "maxValue": max(most, 1)},
    }


def _comment(cell: Cell) -> str:
    covered = f"{cell.rule_count} active rules" if cell.rule_count else "no rule"
    return (
        f"{cell.alert_count} alerts, {cell.true_positive_count} true and "
        f"{cell.false_positive_count} false positives; {covered}"
    )


def _published(cells: dict[str, Cell], version: AttackVersion | None) -> None:
    for row in AttackTechnique.objects.filter(version=version) if version else ():
        cells[row.attack_id] = Cell(row.attack_id, row.name, tactics=set(row.tactics))


def _counted(cells: dict[str, Cell], published: set[str], seen: Seen) -> None:
    """Add the numbers; what the edition does not know goes where alerts and rules put it."""
    placed: dict[str, list[str]] = defaultdict(list)
    for code, alerts, true, false, tactics in seen:
        cell = cells.setdefault(code, Cell(code))
        cell.alert_count, cell.true_positive_count = alerts, true
        cell.false_positive_count = false
        placed[code] += tactics
    with connection.cursor() as cursor:
        cursor.execute(_COVERED, {"tenant": tenancy.required()})
        for code, rules, tactics in cursor.fetchall():
            cells.setdefault(code, Cell(code)).rule_count = rules
            placed[code] += tactics or []
    for code, words in placed.items():
        if code not in published:
            cells[code].tactics = {found for word in words if (found := attack.tactic_id(word))}


def _columns(version: AttackVersion | None, cells: dict[str, Cell]) -> list[Column]:
    """The tactics in order, each with its techniques; last what has none, where there is such."""
    rows = AttackTactic.objects.filter(version=version).order_by("position") if version else ()
    named = {row.attack_id: row.name for row in rows} or attack.TACTICS
    columns = {tactic: Column(tactic, name) for tactic, name in named.items()}
    loose = Column(None, NOT_ASSIGNED)
    for code in sorted(cells):
        homes = [columns[tactic] for tactic in cells[code].tactics if tactic in columns]
        for column in homes or [loose]:
            column.techniques.append(cells[code])
    return [*columns.values(), *([loose] if loose.techniques else [])]
