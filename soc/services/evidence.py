"""The bytes of forensic artefacts: kept once, under a random key in the tenant's folder, and never
changed.

They go through Django's storage API (`STORAGES["evidence"]`), so that an operator may choose where.
The file is written before its row: a crash between them leaves a file that nothing names, never a
row without its file.
"""

import hashlib
import secrets
from collections.abc import Iterator
from typing import Any, Protocol

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.utils import timezone

from core import audit, ids, records
from core.actors import Actor
from core.errors import BadInput, Conflict, TooLarge
from core.texts import clean_text
from soc.models import CustodyEntry, Finding
from soc.vocabulary import CUSTODY_ACTIONS
from soc.workflows import WRITE

READ = "soc:read"
MAX_NAME = 255
CHUNK = 1 << 20


class Upload(Protocol):
    """What a door hands over: a name, a size in bytes, and the bytes in pieces."""

    name: str | None
    size: int | None

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]: ...


@audit.verb
def store(
    finding: Finding, upload: Upload, *, actor: Actor, sha256: str = "", note: str = ""
) -> Finding:
    """Keep the file of an artefact, once; `sha256` is what the sender measured, if they did.

    Refused for a finding that has one already, for one of another kind, over the limit, and where
    the digest differs.
    """
    actor.require(WRITE)
    fresh = records.lock(finding)
    if fresh.kind != "artefact":
        raise Conflict("Only an artefact holds a file; this finding is an agent's.")
    if fresh.has_file:
        raise Conflict("It holds its file already, and evidence is not replaced. Add another one.")
    if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:
        limit = settings.EVIDENCE_MAX_BYTES // CHUNK
        raise TooLarge(f"A file has at most {limit} MiB here.", field="file")
    digest, size = _measured(upload)
    if sha256 and sha256.strip().lower() != digest:
        raise BadInput("The file that arrived has another SHA-256. Send it again.", field="sha256")
    key = _place().save(_key(fresh), File(upload))  # type: ignore[arg-type]
    try:
        kept = records.change(
            fresh, _described(upload, key, size, digest), actor=actor, verb="store_file", note=note
        )
        _line(kept, "stored", actor, digest, note)
    except BaseException:
        _place().delete(key)
        raise
    return kept


@audit.verb
def read(finding: Finding, *, actor: Actor, note: str = "") -> Any:
    """The file, opened, after a line in its custody. The caller closes it."""
    actor.require(READ)
    _require_file(finding)
    _line(finding, "downloaded", actor, finding.sha256, note)
    records.remember(finding, "download_file", actor=actor, note=note)
    return _opened(finding)


@audit.verb
def verify(finding: Finding, *, actor: Actor, note: str = "") -> bool:
    """Whether the file still has its SHA-256; what was found is a line in its custody."""
    actor.require(WRITE)
    _require_file(finding)
    digest = _digest_now(finding)
    holds = digest == finding.sha256
    word = "verified" if holds else "found_changed" if digest else "found_missing"
    _line(finding, word, actor, digest, note)
    records.remember(finding, "measure_file", actor=actor, note=note, holds=holds)
    return holds


@audit.verb
def hand_over(finding: Finding, action: str, *, actor: Actor, note: str = "") -> CustodyEntry:
    """Write down what a person did with an artefact outside the platform; the note says what."""
    actor.require(WRITE)
    if action not in CUSTODY_ACTIONS:
        raise BadInput(f"Use one of: {', '.join(CUSTODY_ACTIONS)}.", field="action")
    clean = clean_text(note, field="note")
    if not clean:
        raise BadInput("Say who has it now, and where.", field="note")
    fresh = records.lock(finding)
    records.remember(fresh, "record_custody", actor=actor, note=clean, action=action)
    return _line(fresh, action, actor, fresh.sha256, clean)


def custody(finding: Finding) -> list[CustodyEntry]:
    """The chain of custody, oldest first."""
    return list(CustodyEntry.objects.filter(finding=finding).order_by("id"))


def _line(
    finding: Finding, action: str, actor: Actor, sha256: str | None, note: str
) -> CustodyEntry:
    entry = CustodyEntry(
        finding=finding, action=action, person_id=actor.person_id, sha256=sha256, note=note
    )
    entry.save(force_insert=True)
    return entry


def _described(upload: Upload, key: str, size: int, digest: str) -> dict[str, Any]:
    name = clean_text((upload.name or "").replace("\x00", ""), field="file")
    return {
        "storage_key": key,
        "file_name": name.replace("\\", "/").rpartition("/")[2][:MAX_NAME] or "unnamed",
        "size_bytes": size,
        "sha256": digest,
        "stored_at": timezone.now(),
    }


def _require_file(finding: Finding) -> None:
    if not finding.has_file:
        raise Conflict("This finding holds no file yet. Store one first.")


def _digest_now(finding: Finding) -> str | None:
    """What the file measures now; None where it is gone."""
    try:
        with _place().open(str(finding.storage_key), "rb") as file:
            return _measured(file)[0]
    except FileNotFoundError:
        return None


def _opened(finding: Finding) -> Any:
    try:
        return _place().open(str(finding.storage_key), "rb")
    except FileNotFoundError as error:
        raise Conflict(
            "The file is missing from the evidence store. Ask an operator to restore it."
        ) from error


def _measured(source: Any) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in source.chunks(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _key(finding: Finding) -> str:
    return f"{ids.show('ten', finding.tenant_id)}/{secrets.token_hex(16)}"


def _place() -> Storage:
    return storages["evidence"]
