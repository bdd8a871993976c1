"""Imports of files, in batches, each with its checkpoint in one transaction.

So a killed import goes on where it stopped.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction

from core import retries, tenancy
from core.actors import Actor
from core.ahead import one_ahead
from soc.intake import formats
from soc.intake.envelope import Record
from soc.intake.runs import Given
from soc.intake.window import EnvelopeError
from soc.models import ImportCheckpoint
from soc.services import intake

BATCH = 1000  # records of one transaction
BATCH_BYTES = 8 * 1024 * 1024  # after which a batch ends even so: memory stays flat
# The alerts that a file resolved last, whose next record counts as a new one: so many are known
# while it is read, and so many of them after a stop.
RESOLVED, RESOLVED_KEPT = 50_000, 1_000
REASONS = 5
NAMES = ("read", "created", "duplicates", "rejected", "skipped")
Progress = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """What became of a file. `counts` are of the whole of it, `rejected` the first few of this run.

    `fault` is where the file could not be read on; what came before it is stored.
    """

    counts: dict[str, int]
    rejected: list[intake.Outcome] = field(default_factory=list)
    fault: EnvelopeError | None = None

    def line(self) -> str:
        """The closing line of every import."""
        return " ".join(f"{name}={count}" for name, count in self.counts.items())

    def counts_with(self, outcomes: Sequence[intake.Outcome]) -> dict[str, int]:
        more = intake.tally(outcomes) | {"read": len(outcomes)}
        return {name: self.counts[name] + more[name] for name in NAMES}

    def add(self, outcomes: Sequence[intake.Outcome]) -> None:
        self.counts = self.counts_with(outcomes)
        rejected = (outcome for outcome in outcomes if outcome.status == "rejected")
        self.rejected += islice(rejected, REASONS - len(self.rejected))


def run(
    file: BinaryIO,
    *,
    actor: Actor,
    format: str,
    origin: str,
    progress: Progress,
    names: formats.Names | None = None,
) -> Report:
    """Import a seekable file; the counts are of the whole of it, an earlier killed run included.

    `names` maps our fields to the columns of a table. `progress` is told how many bytes were done.
    Memory stays flat whatever the file's size.
    """
    format_ = formats.get(format)
    digest = _digest(file)
    with _sole_importer(actor, format, digest) as alone:
        kept = _begun(actor, format, digest, alone=alone)
        offset = kept.position
        report = Report({name: kept.counts.get(name, 0) for name in NAMES})
        progress(offset)

        @retries.after_deadlock
        def store(last: Record, given: Sequence[Given]) -> list[intake.Outcome]:
            resolved = dict.fromkeys(kept.resolved)
            with tenancy.tenant_scope(actor.tenant_id), transaction.atomic():
                taken = intake.take_drafted(
                    given, actor=actor, format=format, origin=origin, resolved=resolved
                )
                latest = list(resolved)[-RESOLVED:]
                if alone:
                    counts = report.counts_with(taken)
                    _save(format, digest, last, counts, latest[-RESOLVED_KEPT:])
            kept.resolved = latest
            return taken

        begin = (offset, kept.next_record)
        records = _until_fault(formats.records_of(format_, file, *begin, names), report)
        for last, given in one_ahead(_drafted(format_, records, report.counts["read"])):
            report.add(store(last, given))
            progress(last.end_offset - offset)
            offset = last.end_offset
        if alone:
            _finish(actor, format, digest)
    return report


def batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The records in parts for one transaction each, bounded in number and in bytes."""
    batch: list[Record] = []
    held = 0
    for record in records:
        batch.append(record)
        held += len(record.raw)
        if len(batch) == BATCH or held >= BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _drafted(
    format_: formats.Format, records: Iterable[Record], read: int
) -> Iterator[tuple[Record, list[Given]]]:
    """Batches that were looked at already, each with the last record of the file that it holds.
    Numbered on from the `read` ones.
    """
    for batch in batches(records):
        given = list(intake.drafted(formats.spread(format_, batch, read), format_.name))
        read += len(given)
        yield batch[-1], given


def _until_fault(records: Iterable[Record], report: Report) -> Iterator[Record]:
    """The records up to where the file cannot be read on: those of the last batch count too."""
    try:
        yield from records
    except EnvelopeError as fault:
        report.fault = fault


def _digest(file: BinaryIO) -> bytes:
    """The file's identity: a resumed import must be of the very same bytes."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    return digest.digest()


@contextmanager
def _sole_importer(actor: Actor, format: str, digest: bytes) -> Iterator[bool]:
    """Whether this process alone imports this file here; a second one works too, but without the
    checkpoint.
    """
    name = hashlib.sha256(actor.tenant_id.bytes + format.encode() + digest).digest()
    number = int.from_bytes(name[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [number])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [number])


def _begun(actor: Actor, format: str, digest: bytes, *, alone: bool) -> ImportCheckpoint:
    """Where an earlier import of this file stopped; else the beginning."""
    with tenancy.tenant_scope(actor.tenant_id), transaction.atomic():
        known = ImportCheckpoint.objects.filter(format=format, file_digest=digest)
        kept = known.first() if alone else None
        return kept or ImportCheckpoint(position=0, next_record=0)


def _save(
    format: str, digest: bytes, last: Record, counts: dict[str, int], resolved: list[UUID]
) -> None:
    ImportCheckpoint.objects.update_or_create(
        format=format,
        file_digest=digest,
        defaults={
            "position": last.end_offset,
            "next_record": last.position,
            "counts": counts,
            "resolved": resolved,
        },
    )


def _finish(actor: Actor, format: str, digest: bytes) -> None:
    """An import that came to its end leaves no checkpoint: the same file is read whole again."""
    with tenancy.tenant_scope(actor.tenant_id), transaction.atomic():
        ImportCheckpoint.objects.filter(format=format, file_digest=digest).delete()
