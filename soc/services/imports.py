"""Imports of files: in batches, each with its checkpoint in one transaction, so that a killed
import goes on.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO

from django.db import connection, transaction

from core import tenancy
from core.actors import Actor
from soc.intake.envelope import Record, stream
from soc.models import ImportCheckpoint
from soc.services import intake

BATCH = 500
Progress = Callable[[int], None]


def run(
    file: BinaryIO, *, actor: Actor, format: str, origin: str, progress: Progress
) -> dict[str, int]:
    """Import a seekable file; the tally counts the whole of it, an earlier killed run included.

    `progress` is told how many bytes were done. Memory stays flat whatever the file's size.
    """
    digest = _digest(file)
    with _sole_importer(actor, format, digest) as alone:
        counts, offset, position = _resume(actor, format, digest) if alone else ({}, 0, 0)
        progress(offset)
        records = stream(file, offset, position)
        while batch := list(islice(records, BATCH)):
            with tenancy.tenant_scope(actor.tenant_id), transaction.atomic():
                done = intake.take(batch, actor=actor, format=format, origin=origin)
                counts = _added(counts, intake.tally(done), len(batch))
                if alone:
                    _save(format, digest, batch[-1], counts)
            progress(batch[-1].end_offset - offset)
            offset = batch[-1].end_offset
        if alone:
            _finish(actor, format, digest)
    return {
        name: counts.get(name, 0)
        for name in ("read", "created", "duplicates", "rejected", "skipped")
    }


def _digest(file: BinaryIO) -> bytes:
    """The file's identity: a resumed import must be of the very same bytes."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    return digest.digest()


def _added(counts: dict[str, int], more: dict[str, int], read: int) -> dict[str, int]:
    added = {name: counts.get(name, 0) + count for name, count in more.items()}
    return added | {"read": counts.get("read", 0) + read}


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


def _resume(actor: Actor, format: str, digest: bytes) -> tuple[dict[str, int], int, int]:
    with tenancy.tenant_scope(actor.tenant_id), transaction.atomic():
        kept = ImportCheckpoint.objects.filter(format=format, file_digest=digest).first()
    return (dict(kept.counts), kept.position, kept.next_record) if kept else ({}, 0, 0)


def _save(format: str, digest: bytes, last: Record, counts: dict[str, int]) -> None:
    ImportCheckpoint.objects.update_or_create(
        format=format,
        file_digest=digest,
        defaults={"position": last.end_offset, "next_record": last.position, "counts": counts},
    )


def _finish(actor: Actor, format: str, digest: bytes) -> None:
    """A finished import leaves no checkpoint: the same file again is read whole."""
    with tenancy.tenant_scope(actor.tenant_id), transaction.atomic():
        ImportCheckpoint.objects.filter(format=format, file_digest=digest).delete()
