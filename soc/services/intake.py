"""Intake: records become alerts, repeats, counted skips or kept rejects, a batch at a time.

Everything of a batch is one transaction, stored in runs. AlertKey decides what is new in one upsert
a run, which also makes concurrent importers wait for one another key by key; keys of a run are
sorted, so that importers seldom wait in a circle, and one that did begins its batch anew.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from core import audit, history, hot, ids, retries, tenancy
from core.actors import Actor
from soc.intake import formats
from soc.intake.drafts import AlertDraft, Fault, Signal, Skip
from soc.intake.envelope import Record
from soc.intake.runs import Given, Run, runs
from soc.models import Alert, RejectedRecord, RepairedRecord
from soc.services import arrivals, keys, relations, rule_links, signals
from soc.services.arrivals import Arrival

INGEST = "soc:ingest"
STATUSES = ("created", "duplicate", "rejected", "skipped")

_KEEP = """
INSERT INTO soc_rejectedrecord AS r (id, tenant_id, created_at, format, origin, app_id, digest, raw,
  reason, position, seen_count)
SELECT pk, %(tenant)s, %(now)s, %(format)s, %(origin)s, %(app)s, digest, raw, reason, position,
  count
FROM unnest(%(pks)s::uuid[], %(digests)s::bytea[], %(raws)s::bytea[], %(reasons)s::text[],
  %(positions)s::bigint[], %(counts)s::int[]) AS given (pk, digest, raw, reason, position, count)
ON CONFLICT (tenant_id, format, digest) DO UPDATE SET
  seen_count = r.seen_count + excluded.seen_count, replayed_at = NULL, replayed_by = NULL
RETURNING digest, id
"""
# The alerts are locked already, in order, by whoever decided that these are repeats.
_REPEAT = """
UPDATE soc_alert AS a SET duplicate_count = a.duplicate_count + given.seen,
  last_seen_at = greatest(a.last_seen_at, given.at),
  last_raw_data = CASE WHEN given.at < a.last_seen_at THEN a.last_raw_data ELSE given.raw END
FROM json_to_recordset(%s::json) AS given (id uuid, seen int, at timestamptz, raw jsonb)
WHERE a.tenant_id = %s AND a.id = given.id
"""


@dataclass(slots=True)
class Outcome:
    """What became of one record: `status` is one of STATUSES; `id` the alert or the rejected
    record.
    """

    index: int
    status: str
    id: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class _Reject:
    """A record at fault, and how often the batch holds it."""

    record: Record
    reason: str
    seen_count: int = 0


@dataclass(slots=True)
class Batch:
    """A run of records that are stored together; `resolved` are the alerts that its tool resolved
    in earlier runs.
    """

    actor: Actor
    format: formats.Format
    origin: str
    resolved: dict[UUID, None]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    drafts: list[tuple[Record, AlertDraft]] = field(default_factory=list)
    signals: list[tuple[Record, Signal]] = field(default_factory=list)
    rejects: list[tuple[Record, str]] = field(default_factory=list)
    stubs: list[UUID] = field(default_factory=list)


@retries.after_deadlock
def take(
    records: Sequence[Record], *, actor: Actor, format: str, origin: str = ""
) -> list[Outcome]:
    """Take a batch of records in one tool's shape and say of each, in order, what became of it."""
    return take_drafted(drafted(records, format), actor=actor, format=format, origin=origin)


def drafted(records: Iterable[Record], format: str) -> Iterator[Given]:
    """Each record with what it is in this shape. Pure: no database, no tenant, no time."""
    format_ = formats.get(format)
    return ((record, formats.outcome(format_, record)) for record in records)


@audit.verb
def take_drafted(
    given: Iterable[Given],
    *,
    actor: Actor,
    format: str,
    origin: str = "",
    resolved: dict[UUID, None] | None = None,
) -> list[Outcome]:
    """As `take`, for records that were looked at already; only those of a run are held.

    Whoever takes a file in batches hands in what the file itself resolved before; the alerts that
    this batch resolves are added to it, in order.
    """
    actor.require(INGEST)
    outcomes: list[Outcome] = []
    resolved = {} if resolved is None else resolved
    for run in runs(given):
        batch = Batch(actor, formats.get(format), origin, resolved)
        outcomes += _take_run(batch, run)
    return outcomes


def _take_run(batch: Batch, run: Run) -> list[Outcome]:
    for record, draft in run.given:
        _sort(batch, record, draft)
    _keep_rejects(batch)
    with hot.pipelined():
        created = _store(batch)
        _tell(batch, [record for record, _ in run.given], created)
        arrivals.follow_later(created, actor=batch.actor)
        if run.is_last and not batch.signals:
            audit.append_now()
    _hear(batch)
    return [batch.outcomes[record.position] for record, _ in run.given]


def tally(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many of each: `{created, duplicates, rejected, skipped}`, as the answer and the closing
    line say.
    """
    count = Counter(outcome.status for outcome in outcomes)
    return {
        "created": count["created"],
        "duplicates": count["duplicate"],
        "rejected": count["rejected"],
        "skipped": count["skipped"],
    }


def _sort(batch: Batch, record: Record, draft: formats.Drafted) -> None:
    if isinstance(draft, Skip):
        batch.outcomes[record.position] = Outcome(record.position, "skipped", reason=draft.reason)
    elif isinstance(draft, Fault):
        batch.rejects.append((record, draft.reason))
    elif not batch.actor.may_send_for(draft.source_name):
        batch.rejects.append((record, f"this key may not send for '{draft.source_name}'"))
    elif isinstance(draft, Signal):
        batch.signals.append((record, draft))
    else:
        batch.drafts.append((record, draft))


def _hear(batch: Batch) -> None:
    """What tools say of alerts they sent counts after what is new: a batch may hold both."""
    heard = signals.apply([signal for _, signal in batch.signals], actor=batch.actor)
    for (record, _), each in zip(batch.signals, heard, strict=True):
        status = "duplicate" if each.alert_id else "skipped"
        shown = ids.show(Alert.ID_PREFIX, each.alert_id) if each.alert_id else None
        if each.resolved and each.alert_id:
            batch.resolved.pop(each.alert_id, None)  # the latest comes last
            batch.resolved[each.alert_id] = None
        batch.outcomes[record.position] = Outcome(record.position, status, shown, each.reason)


def _keep_rejects(batch: Batch) -> None:
    """Keep the bytes of each record at fault once per digest, and count how often it came; one that
    is kept already has its old id.
    """
    rows: dict[bytes, _Reject] = {}
    for record, reason in batch.rejects:
        digest = hashlib.sha256(record.raw).digest()
        rows.setdefault(digest, _Reject(record, reason)).seen_count += 1
        batch.outcomes[record.position] = Outcome(record.position, "rejected", reason=reason)
    kept = _upsert_rejects(batch, rows) if rows else {}
    for record, _ in batch.rejects:
        pk = kept[hashlib.sha256(record.raw).digest()]
        batch.outcomes[record.position].id = ids.show(RejectedRecord.ID_PREFIX, pk)


def _upsert_rejects(batch: Batch, rows: dict[bytes, _Reject]) -> dict[bytes, UUID]:
    """The id that each digest is kept under. Sorted, so that two importers never wait in a
    circle.
    """
    digests = sorted(rows)
    rejects = [rows[digest] for digest in digests]
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "now": timezone.now(),
        "format": batch.format.name,
        "origin": batch.origin,
        "app": batch.actor.app_id,
        "pks": [ids.new() for _ in rejects],
        "digests": digests,
        "raws": [each.record.raw for each in rejects],
        "reasons": [each.reason for each in rejects],
        "positions": [each.record.position for each in rejects],
        "counts": [each.seen_count for each in rejects],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        return {bytes(digest): pk for digest, pk in cursor.fetchall()}


def _store(batch: Batch) -> list[Arrival]:
    """Decide which drafts are new, write those, and count the others on the alerts they repeat."""
    decided = keys.decide([draft for _, draft in batch.drafts], batch.resolved)
    created: list[Arrival] = []
    repeats: dict[UUID, list[tuple[Record, AlertDraft]]] = {}
    for (record, draft), decision in zip(batch.drafts, decided, strict=True):
        shown = ids.show(Alert.ID_PREFIX, decision.alert_id)
        if decision.is_new:
            created.append(Arrival(decision.alert_id, record, draft))
            batch.outcomes[record.position] = Outcome(record.position, "created", shown)
        else:
            repeats.setdefault(decision.alert_id, []).append((record, draft))
            batch.outcomes[record.position] = Outcome(record.position, "duplicate", shown)
    batch.stubs = rule_links.link(created, actor=batch.actor)
    arrivals.write(created, actor=batch.actor, now=timezone.now())
    _count_repeats(repeats)
    _link(batch, created, decided)
    return created


def _count_repeats(repeats: dict[UUID, list[tuple[Record, AlertDraft]]]) -> None:
    """A repeat raises the count; the record of the last sighting is kept, of two at once the one
    that came last. No history, no event, no version.
    """
    now = timezone.now()
    rows = []
    for alert_id, seen in repeats.items():
        last, draft = max(reversed(seen), key=lambda each: each[1].happened_at or now)
        at = draft.happened_at or now
        rows.append({"id": alert_id, "seen": len(seen), "at": at, "raw": last.value})
    if rows:
        hot.write(_REPEAT, [orjson.dumps(rows).decode(), tenancy.required()])


def _link(batch: Batch, created: Sequence[Arrival], decided: Sequence[keys.Decision]) -> None:
    """Indicators of the new alerts, the closed alerts that they follow, and the bytes of repaired
    records.
    """
    seen = [(each, sighting) for each in created for sighting in each.draft.indicators]
    relations.link_indicators(seen, actor=batch.actor)
    following = [(each.alert_id, each.follows) for each in decided if each.is_new and each.follows]
    relations.relate(
        following, kind="repeat", reason="came again after it was closed", actor=batch.actor
    )
    repaired = [each for each in created if each.record.repaired]
    if repaired:
        RepairedRecord.objects.bulk_create(
            RepairedRecord(alert_id=each.pk, raw=each.record.original or each.record.raw)
            for each in repaired
        )


def _tell(batch: Batch, taken: Sequence[Record], created: Sequence[Arrival]) -> None:
    """One event for the batch; a batch of mere repeats leaves none. What signals move has events of
    its own.
    """
    if not created and not batch.rejects:
        return
    digest = hashlib.sha256(b"\n".join(record.raw for record in taken)).hexdigest()
    details: dict[str, Any] = tally(batch.outcomes.values()) | {
        "format": batch.format.name,
        "origin": batch.origin,
        "digest": digest,
        "signals": len(batch.signals),
    }
    only = created[0].pk if len(created) == 1 else None
    event_id = audit.record(
        "alert.intake", actor=batch.actor, object_type="alert", object_id=only, details=details
    )
    pks = [alert.pk for alert in created]
    history.write(
        Alert, pks, kind=history.CREATED, person_id=batch.actor.person_id, event_id=event_id
    )
    rule_links.remember(batch.stubs, actor=batch.actor, event_id=event_id)
