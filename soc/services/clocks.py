"""Clocks: derived from the rows of alerts and investigations, in one place, as often as one likes.

Every single change of a row comes through `follow`, in its transaction; intake defers one job for a
batch; a job looks each minute at the clocks whose next moment has come.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils import timezone

from core import actors, audit, hot, jobs, tenancy
from core.actors import Actor
from core.models.rows import Record
from soc.models import Alert, SLAClock, SLADefinition
from soc.services import clock_subjects, notices, slas
from soc.services.clock_findings import AT_RISK, BREACHED, CHUNK, NOTICES, Findings, may_pause
from soc.services.clock_subjects import SUBJECTS, Subject
from soc.sla import readings
from soc.sla.readings import KINDS, Pause, Reading, Step, Target

LOOKED_BACK = timedelta(hours=2)
LATE_JOB = timedelta(minutes=2)

_DUE = """
UPDATE soc_alert AS a SET due_at = given.due
FROM unnest(%s::uuid[], %s::timestamptz[]) AS given (id, due)
WHERE a.tenant_id = %s AND a.id = given.id
"""
_waiting: ContextVar[dict[tuple[str, bool], list[UUID]] | None] = ContextVar("clocks", default=None)


def follow(row: Record, names: Collection[str], *, actor: Actor) -> None:
    """Adjust the clocks of a row that was just written; `id` among the names says that it is
    new.
    """
    subject = SUBJECTS[str(row._meta.model_name)]
    if "id" in names and subject.noun == "alert":
        later([row.pk])
    elif "id" in names or subject.moved & set(names):
        chosen_at = timezone.now() if subject.choosing & set(names) else None
        waiting = _waiting.get()
        if waiting is not None:
            waiting[subject.noun, chosen_at is not None].append(row.pk)
        elif clock_subjects.has_any(subject, row):
            values = {name: getattr(row, name) for name in subject.columns}
            _refresh(subject, [values], actor=actor, chosen_at=chosen_at)
            if "due_at" in values:
                vars(row)["due_at"] = values["due_at"]


@contextmanager
def together(*, actor: Actor) -> Iterator[None]:
    """Derive the clocks of all rows that are written inside in a few statements, at the end."""
    waiting: dict[tuple[str, bool], list[UUID]] = defaultdict(list)
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for (noun, chosen), pks in waiting.items():
        refresh(noun, pks, actor=actor, chosen_at=timezone.now() if chosen else None)


def later(alert_ids: Sequence[UUID]) -> None:
    """Defer the clocks of new alerts to a job, one for the batch, in the transaction of the
    change.
    """
    if alert_ids:
        jobs.later("soc.clocks", alert_ids=[str(pk) for pk in alert_ids])


@audit.verb
def refresh(
    noun: str, pks: Iterable[UUID], *, actor: Actor, chosen_at: datetime | None = None
) -> None:
    """Derive the clocks of these rows anew and tell of what has come due. `chosen_at` is when their
    level, or their definition, was set: what was due before is told to nobody.
    """
    subject = SUBJECTS[noun]
    _refresh(subject, clock_subjects.locked(subject, pks), actor=actor, chosen_at=chosen_at)


def _refresh(
    subject: Subject, rows: Sequence[dict[str, Any]], *, actor: Actor, chosen_at: datetime | None
) -> None:
    """Derive the clocks of rows that the caller has locked."""
    pinned = [row[subject.chosen] for row in rows] if subject.chosen else []
    governing = slas.governing(subject.noun, [pk for pk in pinned if pk])
    known: dict[UUID, dict[str, SLAClock]] = defaultdict(dict)
    kept = SLAClock.objects.filter(**{f"{subject.key}__in": [row["id"] for row in rows]})
    for clock in kept.select_related("definition__calendar").select_for_update(of=("self",)):
        known[getattr(clock, subject.key)][clock.kind] = clock
    chosen = {row["id"]: clock_subjects.definition_of(row, subject, governing) for row in rows}
    steps = clock_subjects.steps(
        subject, [pk for pk, each in chosen.items() if each and may_pause(each)]
    )
    work = Findings(timezone.now(), chosen_at)
    for row in rows:
        _derive(subject, row, chosen[row["id"]], known[row["id"]], steps.get(row["id"], []), work)
    work.save()
    if subject.noun == "alert":
        _keep_due(rows, [*work.new, *(each for kinds in known.values() for each in kinds.values())])
    whole = subject.model.with_deleted.defer(*subject.large)
    prefetch_related_objects(work.read, Prefetch(subject.noun, whole))
    for clock in work.read:
        _tell(clock, work)


@audit.verb
def announce(clock: SLAClock, kind: str, *, actor: Actor, pauses: Sequence[Pause] = ()) -> None:
    """Say that a clock is at risk, or that its time is over: an event of its alert or
    investigation, with every row that explains it.
    """
    noun = "alert" if clock.alert_id else "investigation"
    definition, calendar = clock.definition, clock.definition.calendar
    audit.record(
        f"{noun}.sla_{kind}",
        actor=actor,
        object_type=noun,
        object_id=clock.alert_id or clock.investigation_id,
        note=f"{definition.name}: {clock.minutes} minutes to {clock.kind}",
        details={
            "clock_id": clock.pk,
            "kind": clock.kind,
            "started_at": clock.started_at,
            "due_at": clock.due_at,
            "minutes": clock.minutes,
            "definition_id": definition.shown_id,
            "definition_version": definition.version,
            "calendar_id": calendar.shown_id if calendar else None,
            "calendar_version": calendar.version if calendar else None,
            "pauses": [
                {"from": each.begin, "to": each.end, "reason": each.reason} for each in pauses
            ],
        },
    )
    notices.deadline(clock, kind)


def check(*, actor: Actor) -> int:
    """Look at the clocks whose next moment has come; how many there were.

    The tenant is set where a transaction starts, so that each read of a job has one: without, it
    finds nothing.
    """
    found, rows = 0, SLAClock.objects.to_check(timezone.now())
    after = Q()
    while True:
        with transaction.atomic():
            due = list(rows.filter(after)[:CHUNK])
        if not due:
            return found
        found, last = found + len(due), due[-1]
        after = Q(check_at__gt=last.check_at) | Q(check_at=last.check_at, id__gt=last.pk)
        for subject in SUBJECTS.values():
            pks = {getattr(clock, subject.key) for clock in due} - {None}
            if pks:
                refresh(subject.noun, pks, actor=actor)


def apply(definition: SLADefinition, *, actor: Actor) -> None:
    """Derive the clocks of everything that a definition governs or has governed, chunk by chunk."""
    subject = SUBJECTS[definition.applies_to]
    going = SLAClock.objects.going().filter(definition=definition)
    rows = subject.model.objects.filter(status__in=subject.open)
    governed = rows.filter(**{f"{subject.level}__in": definition.levels})
    for pks in (*_chunks(going, subject.key), *_chunks(governed, "id")):
        refresh(subject.noun, pks, actor=actor)
    if subject.chosen:
        for pks in _chunks(rows.filter(**{subject.chosen: definition.pk}), "id"):
            refresh(subject.noun, pks, actor=actor)


def repair(*, actor: Actor) -> None:
    """Give clocks to the alerts of the last hours whose job was lost."""
    now = timezone.now()
    with transaction.atomic():
        levels = [level for level in slas.governing("alert") if isinstance(level, str)]
    recent = Alert.objects.waiting().filter(
        severity__in=levels,
        created_at__gte=now - LOOKED_BACK,
        created_at__lt=now - LATE_JOB,
    )
    without = recent.filter(~Exists(SLAClock.objects.filter(alert=OuterRef("pk"))))
    for pks in _chunks(without, "id"):
        refresh("alert", pks, actor=actor)


def _keep_due(rows: Sequence[dict[str, Any]], clocks: Iterable[SLAClock]) -> None:
    """Write when the first clock of each alert is due beside the alert, where it is another moment
    than before: one statement, and none where nothing changed.
    """
    due: dict[UUID | None, datetime] = {}
    for clock in clocks:
        if clock.due_at and clock.stopped_at is None and clock.state != "cancelled":
            due[clock.alert_id] = min(due.get(clock.alert_id, clock.due_at), clock.due_at)
    differing = [row for row in rows if row["due_at"] != due.get(row["id"])]
    for row in differing:
        row["due_at"] = due.get(row["id"])
    if differing:
        pks, moments = zip(*((row["id"], row["due_at"]) for row in differing), strict=True)
        hot.write(_DUE, [list(pks), list(moments), tenancy.required()])


def _tell(clock: SLAClock, work: Findings) -> None:
    kind = BREACHED if clock.state == "breached" else AT_RISK
    actor = actors.system(tenancy.required())
    announce(clock, kind, actor=actor, pauses=work.pauses[clock.pk])


def _derive(
    subject: Subject,
    row: Mapping[str, Any],
    definition: SLADefinition | None,
    known: Mapping[str, SLAClock],
    steps: Sequence[Step],
    work: Findings,
) -> None:
    """Read every clock of a row. One that has stopped stays as it was counted."""
    for kind in KINDS:
        clock = known.get(kind)
        minutes = getattr(definition, f"{kind}_minutes") if definition else None
        stopped_at = clock_subjects.stop(subject, row, kind)
        if clock is not None and clock.stopped_at and clock.stopped_at == stopped_at:
            continue
        if definition is None or minutes is None:
            if clock is not None:
                work.take(clock, _cancelled(), ())
            continue
        target = Target(minutes, definition.at_risk_share, work.calendar(definition))
        pauses = readings.pauses_of(steps, definition.pause_statuses, definition.pause_reasons)
        reading = readings.read(
            target,
            started_at=row["created_at"],
            stopped_at=stopped_at,
            cancelled=_is_cancelled(row),
            pauses=pauses,
            now=work.now,
        )
        if clock is None and _is_past(reading, definition):
            continue
        watched = _watched_from(clock, definition, minutes, work)
        clock = clock or SLAClock(kind=kind, **{subject.key: row["id"]})
        values = _values(reading, definition, minutes, row["created_at"])
        if watched != clock.watched_from:  # asked anew: what is due from now on is told again
            values |= dict.fromkeys(NOTICES.values())
        work.take(clock, values | {"watched_from": watched}, reading.pauses)


def _values(
    reading: Reading, definition: SLADefinition, minutes: int, started_at: datetime
) -> dict[str, Any]:
    return {
        "definition": definition,
        "minutes": minutes,
        "started_at": started_at,
        "state": reading.state,
        "due_at": reading.due_at,
        "at_risk_at": reading.at_risk_at,
        "stopped_at": reading.stopped_at,
        "breached_at": reading.due_at if reading.state == "breached" else None,
    }


def _cancelled() -> dict[str, Any]:
    nothing = dict.fromkeys(("due_at", "at_risk_at", "stopped_at", "breached_at"))
    return {"state": "cancelled", **nothing}


def _is_cancelled(row: Mapping[str, Any]) -> bool:
    """Deleted, suppressed, or merged into another: nobody has to do it any more."""
    return bool(row["is_deleted"] or row.get("suppressed_at") or row.get("merged_into_id"))


def _is_past(reading: Reading, definition: SLADefinition) -> bool:
    """Whether there is nothing to count: it was over before the definition came into force."""
    over = reading.stopped_at is not None and reading.stopped_at <= _since(definition)
    return over or reading.state == "cancelled"


def _watched_from(
    clock: SLAClock | None, definition: SLADefinition, minutes: int, work: Findings
) -> datetime:
    since = _since(definition)
    if clock is None:
        return max(since, work.chosen_at or since)
    if clock.definition_id == definition.pk and clock.minutes == minutes:
        return max(since, clock.watched_from)
    return max(since, work.chosen_at or work.now)


def _since(definition: SLADefinition) -> datetime:
    assert definition.activated_at is not None  # noqa: S101 - a constraint holds it of active ones
    return definition.activated_at


def _chunks(rows: Any, column: str) -> Iterator[list[UUID]]:
    """The ids in a column of many rows, a chunk at a time, in order."""
    last: UUID | None = None
    while True:
        after = rows.filter(**{f"{column}__gt": last}) if last else rows
        page = after.order_by(column).values_list(column, flat=True)
        with transaction.atomic():
            found = list(dict.fromkeys(page[:CHUNK]))
        if not found:
            return
        yield found
        last = found[-1]
