"""What clocks belong to: alerts and investigations, and what of them a clock reads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from core import hot, tenancy
from soc.models import Alert, Investigation, SLADefinition
from soc.querysets import OPEN_ALERTS, OPEN_INVESTIGATIONS
from soc.sla.readings import STOPS, Step

_ANY = """
SELECT EXISTS (SELECT FROM soc_slaclock WHERE tenant_id = %s AND {key} = %s)
  OR EXISTS (SELECT FROM soc_sladefinition WHERE tenant_id = %s AND is_active AND NOT is_deleted
    AND applies_to = %s AND levels @> %s::jsonb) AS found
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clock may belong to. `level` decides which definition governs it; with one of `moved`
    its clocks may read otherwise.
    """

    noun: str
    model: Any
    level: str
    columns: tuple[str, ...]
    moved: frozenset[str]
    open: tuple[str, ...]
    chosen: str = ""

    @property
    def large(self) -> tuple[str, ...]:
        """What no notice reads."""
        return ("raw_data", "last_raw_data") if self.noun == "alert" else ()

    @property
    def key(self) -> str:
        return f"{self.noun}_id"

    @property
    def choosing(self) -> set[str]:
        return {self.level, self.chosen}


def _subject(noun: str, model: Any, level: str, statuses: tuple[str, ...], *more: str) -> Subject:
    times = {name for names in STOPS[noun].values() for name in names}
    kept = ("due_at",) if noun == "alert" else ()
    columns = ("id", level, "status", "is_deleted", "created_at", *sorted(times), *more, *kept)
    moved = frozenset({level, "status", "is_deleted", *times, *more})
    chosen = "sla_definition_id" if "sla_definition_id" in more else ""
    return Subject(noun, model, level, columns, moved, statuses, chosen)


SUBJECTS = {
    "alert": _subject("alert", Alert, "severity", OPEN_ALERTS, "suppressed_at"),
    "investigation": _subject(
        "investigation",
        Investigation,
        "priority",
        OPEN_INVESTIGATIONS,
        "sla_definition_id",
        "merged_into_id",
    ),
}


def stop(subject: Subject, row: Mapping[str, Any], kind: str) -> datetime | None:
    """The earliest time that answers what the clock asks. The closing of what was merged away does
    not: its work goes on elsewhere.
    """
    names = STOPS[subject.noun].get(kind, ())
    left_out = "closed_at" if row.get("merged_into_id") else ""
    times = [row[name] for name in names if row[name] is not None and name != left_out]
    return min(times, default=None)


def definition_of(
    row: Mapping[str, Any], subject: Subject, governing: Mapping[str | UUID, SLADefinition]
) -> SLADefinition | None:
    chosen = row[subject.chosen] if subject.chosen else None
    return governing.get(chosen or row[subject.level])


def has_any(subject: Subject, row: Any) -> bool:
    """Whether a row has clocks, or might get some: one quick look, since many rows have none."""
    level = orjson.dumps([getattr(row, subject.level)]).decode()
    values = [tenancy.required(), row.pk, tenancy.required(), subject.noun, level]
    if subject.chosen and getattr(row, subject.chosen):
        return True
    return bool(hot.rows(_ANY.format(key=subject.key), values)[0]["found"])


def locked(subject: Subject, pks: Iterable[UUID]) -> list[dict[str, Any]]:
    """The rows as they are, deleted ones too, locked in the order in which everyone locks them."""
    rows = subject.model.with_deleted.filter(pk__in=list(pks)).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True).values(*subject.columns))


def steps(subject: Subject, pks: Sequence[UUID]) -> dict[UUID, list[Step]]:
    """The statuses that the rows have had, in order, from their history."""
    found: dict[UUID, list[Step]] = defaultdict(list)
    if not pks:
        return found
    names = ["id", "status", "updated_at", *(["pause_reason"] if subject.chosen else [])]
    rows = subject.model.history.filter(id__in=pks).order_by("id", "version")
    for row in rows.values(*names):
        before, reason = found[row["id"]], row.get("pause_reason") or ""
        if not before or (before[-1].status, before[-1].reason) != (row["status"], reason):
            before.append(Step(row["updated_at"], row["status"], reason))
    return found
