"""Incidents from the files of others, each in a transaction of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core import audit, records, tenancy
from core.actors import Actor
from core.errors import DomainError
from core.services import counters
from core.texts import clean_text
from grc.incident_formats import table, veris
from grc.incident_formats.drafts import Fault, IncidentDraft, Skip
from grc.models import Incident
from grc.services import impact
from grc.workflows import WRITE

FORMATS = ("veris", "csv")
MOST_READ = 64 * 1024 * 1024


@dataclass(slots=True)
class Report:
    """What became of the records."""

    read: int = 0
    created: int = 0
    duplicates: int = 0
    rejected: int = 0
    skipped: int = 0
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The closing line."""
        return (
            f"read={self.read} created={self.created} duplicates={self.duplicates} "
            f"rejected={self.rejected} skipped={self.skipped}"
        )

    def reject(self, place: str, why: str) -> None:
        self.rejected += 1
        self.faults.append(f"{place}: {why}")


def run(
    files: list[Path],
    *,
    actor: Actor,
    format: str,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], object] = lambda count: None,
) -> Report:
    """Import files; what is known already counts as a duplicate."""
    report = Report()
    with tenancy.tenant_scope(actor.tenant_id):
        for path in files:
            _file(path, report, actor, format, mapping or {})
            progress(1)
    return report


@audit.verb
def take(draft: IncidentDraft, *, actor: Actor) -> Incident | None:
    """The incident of a draft; None where its record is known already."""
    actor.require(WRITE)
    if Incident.with_deleted.filter(external_id=draft.key).exists():
        return None
    made = Incident(
        external_id=clean_text(draft.key, field="incident_id"),
        title=clean_text(draft.title, field="title") or "Untitled incident",
        description=clean_text(draft.description, field="description"),
        category=draft.category,
        severity=draft.severity,
        financial_impact=draft.financial_impact,
        impact=impact.clean(draft.impact),
        partial_times=draft.times,
        tags=draft.tags,
        incident_number=counters.next_number("INC"),
    )
    return records.create(made, actor=actor, verb="import")


def _file(
    path: Path, report: Report, actor: Actor, format: str, mapping: Mapping[str, str]
) -> None:
    if path.stat().st_size > MOST_READ:
        report.read += 1
        report.reject(path.name, f"It is larger than {MOST_READ} bytes.")
        return
    try:
        for number, record in enumerate(_records(path, format, mapping), start=1):
            report.read += 1
            _one(record, f"{path.name} {number}", report, actor, format)
    except (Fault, DomainError) as error:
        report.read += 1
        report.reject(path.name, str(error))


def _records(path: Path, format: str, mapping: Mapping[str, str]) -> Iterator[Any]:
    body = path.read_bytes()
    return table.records(body, mapping) if format == "csv" else veris.records(body)


def _one(record: Any, place: str, report: Report, actor: Actor, format: str) -> None:
    try:
        draft = table.draft(record) if format == "csv" else veris.draft(record)
        made = take(draft, actor=actor)
    except Skip:
        report.skipped += 1
    except Fault as fault:
        report.reject(place, str(fault))
    except DomainError as refusal:
        report.reject(place, refusal.message)
    else:
        report.created += made is not None
        report.duplicates += made is None
