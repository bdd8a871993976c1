"""Clocks: derived from the rows of alerts and investigations, in one place, as often as one likes.

Every single change of a row comes through `follow`, in its transaction; intake defers one job for a
batch; a job looks each minute at the clocks whose next moment has come.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils import timezone
from procrastinate.contrib.django import app

from core import actors, audit, tenancy
from core.actors import Actor
from core.models.rows import Record
from soc.models import (
    Alert,
    BusinessCalendar,
    Investigation,
    SLAClock,
    SLADefinition,
    SLAPause,
)
from soc.querysets import OPEN_ALERTS, OPEN_INVESTIGATIONS
from soc.services import notices, slas
from soc.sla import calendars, readings
from soc.sla.readings import KINDS, STOPS, Pause, Reading, Step, Target

CHUNK = 500  # rows of one transaction
LOOKED_BACK = timedelta(hours=2)
LATE_JOB = timedelta(minutes=2)
AT_RISK, BREACHED = "at_risk", "breached"


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
    columns = ("id", level, "status", "is_deleted", "created_at", *sorted(times), *more)
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


def follow(row: Record, names: Collection[str], *, actor: Actor) -> None:
    """Adjust the clocks of a row that was just written; `id` among the names says that it is
    new.
    """
    subject = SUBJECTS[str(row._meta.model_name)]
    if "id" in names and subject.noun == "alert":
        later([row.pk])
    elif "id" in names or subject.moved & set(names):
        chosen_at = timezone.now() if subject.choosing & set(names) else None
        refresh(subject.noun, [row.pk], actor=actor, chosen_at=chosen_at)


def later(alert_ids: Sequence[UUID]) -> None:
    """Defer the clocks of new alerts to a job, one for the batch, in the transaction of the
    change.
    """
    if alert_ids:
        app.configure_task("soc.clocks").defer(
            tenant_id=str(tenancy.required()), alert_ids=[str(pk) for pk in alert_ids]
        )


@audit.verb
def refresh(
    noun: str, pks: Iterable[UUID], *, actor: Actor, chosen_at: datetime | None = None
) -> None:
    """Derive the clocks of these rows anew and tell of what has come due. `chosen_at` is when their
    level, or their definition, was set: what was due before is told to nobody.
    """
    subject = SUBJECTS[noun]
    rows = _locked(subject, pks)
    pinned = [row[subject.chosen] for row in rows] if subject.chosen else []
    governing = slas.governing(noun, [pk for pk in pinned if pk])
    known: dict[UUID, dict[str, SLAClock]] = defaultdict(dict)
    kept = SLAClock.objects.filter(**{f"{subject.key}__in": [row["id"] for row in rows]})
    for clock in kept.select_related("definition__calendar").select_for_update(of=("self",)):
        known[getattr(clock, subject.key)][clock.kind] = clock
    chosen = {row["id"]: _definition_of(row, subject, governing) for row in rows}
    steps = _steps(subject, [pk for pk, each in chosen.items() if each and _pauses(each)])
    work = _Work(timezone.now(), chosen_at)
    for row in rows:
        _derive(subject, row, chosen[row["id"]], known[row["id"]], steps.get(row["id"], []), work)
    work.save()
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


def calendar_of(definition: SLADefinition) -> calendars.Calendar:
    """The working time by which a definition counts."""
    row: BusinessCalendar | None = definition.calendar
    if row is None:
        return calendars.ALWAYS
    return calendars.parse(row.time_zone, row.always, row.hours, row.holidays)


class _Work:
    """What one refresh found and has to write."""

    def __init__(self, now: datetime, chosen_at: datetime | None) -> None:
        self.now, self.chosen_at = now, chosen_at
        self.new: list[SLAClock] = []
        self.changed: list[SLAClock] = []
        self.read: list[SLAClock] = []
        self.pauses: dict[UUID, tuple[Pause, ...]] = {}
        self.calendars: dict[UUID, calendars.Calendar] = {}

    def calendar(self, definition: SLADefinition) -> calendars.Calendar:
        if definition.pk not in self.calendars:
            self.calendars[definition.pk] = calendar_of(definition)
        return self.calendars[definition.pk]

    def take(self, clock: SLAClock, values: dict[str, Any], pauses: tuple[Pause, ...]) -> None:
        """Set what differs, and the marks of what is to be told."""
        new = clock._state.adding
        differs = new or any(getattr(clock, name) != value for name, value in values.items())
        for name, value in values.items():
            setattr(clock, name, value)
        self.pauses[clock.pk] = pauses
        news = news_of(clock, self.now)
        check_at = next_check(clock, news)
        if news or differs or clock.check_at != check_at:
            clock.check_at = check_at
            (self.new if new else self.changed).append(clock)
        if news:
            setattr(clock, NOTICES[news], self.now)
            self.read.append(clock)

    def save(self) -> None:
        SLAClock.objects.bulk_create(self.new)
        SLAClock.objects.bulk_update(self.changed, WRITTEN, batch_size=CHUNK)
        self._save_pauses()

    def _save_pauses(self) -> None:
        old: dict[UUID, list[Pause]] = defaultdict(list)
        fresh = {clock.pk for clock in self.new}
        asked = [pk for pk in self.pauses if pk not in fresh] if self._may_pause() else []
        for row in SLAPause.objects.filter(clock_id__in=asked).order_by("started_at"):
            old[row.clock_id].append(Pause(row.started_at, row.ended_at, row.reason))
        differing = {pk: each for pk, each in self.pauses.items() if tuple(old[pk]) != each}
        if not differing:
            return
        SLAPause.objects.filter(clock_id__in=list(differing)).delete()
        SLAPause.objects.bulk_create(
            SLAPause(clock_id=pk, started_at=each.begin, ended_at=each.end, reason=each.reason)
            for pk, found in differing.items()
            for each in found
        )

    def _may_pause(self) -> bool:
        """Whether any of the definitions ever pauses; without, there is nothing to look up."""
        clocks = [*self.new, *self.changed]
        return any(self.pauses.values()) or any(_pauses(clock.definition) for clock in clocks)


NOTICES = {AT_RISK: "at_risk_notified_at", BREACHED: "breach_notified_at"}
WRITTEN = (
    "definition",
    "state",
    "minutes",
    "started_at",
    "due_at",
    "at_risk_at",
    "stopped_at",
    "breached_at",
    "watched_from",
    "check_at",
    *NOTICES.values(),
)


def news_of(clock: SLAClock, now: datetime) -> str | None:
    """What nobody has been told of this clock yet and is to be told now, once."""
    if clock.due_at is None or clock.state in ("met", "cancelled"):
        return None
    if clock.state == "breached":
        told = clock.breach_notified_at or clock.due_at <= clock.watched_from
        return None if told else BREACHED
    near = clock.at_risk_at is not None and clock.watched_from < clock.at_risk_at <= now
    return AT_RISK if near and not clock.at_risk_notified_at else None


def next_check(clock: SLAClock, news: str | None) -> datetime | None:
    """The next moment at which something happens to this clock by itself."""
    if clock.state != "running":
        return None
    past = clock.at_risk_at is None or clock.at_risk_at <= clock.watched_from
    told = clock.at_risk_notified_at or news == AT_RISK
    return clock.due_at if past or told else clock.at_risk_at


def _tell(clock: SLAClock, work: _Work) -> None:
    kind = BREACHED if clock.state == "breached" else AT_RISK
    actor = actors.system(tenancy.required())
    announce(clock, kind, actor=actor, pauses=work.pauses[clock.pk])


def _derive(
    subject: Subject,
    row: Mapping[str, Any],
    definition: SLADefinition | None,
    known: Mapping[str, SLAClock],
    steps: Sequence[Step],
    work: _Work,
) -> None:
    """Read every clock of a row. One that has stopped stays as it was counted."""
    for kind in KINDS:
        clock = known.get(kind)
        minutes = getattr(definition, f"{kind}_minutes") if definition else None
        stopped_at = _stop(subject, row, kind)
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
    clock: SLAClock | None, definition: SLADefinition, minutes: int, work: _Work
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


def _stop(subject: Subject, row: Mapping[str, Any], kind: str) -> datetime | None:
    """The earliest time that answers what the clock asks. The closing of what was merged away does
    not: its work goes on elsewhere.
    """
    names = STOPS[subject.noun].get(kind, ())
    left_out = "closed_at" if row.get("merged_into_id") else ""
    times = [row[name] for name in names if row[name] is not None and name != left_out]
    return min(times, default=None)


def _definition_of(
    row: Mapping[str, Any], subject: Subject, governing: Mapping[str | UUID, SLADefinition]
) -> SLADefinition | None:
    chosen = row[subject.chosen] if subject.chosen else None
    return governing.get(chosen or row[subject.level])


def _pauses(definition: SLADefinition) -> bool:
    """Whether the past statuses of a row matter: not where only its first answer is waited for."""
    others = (definition.triage_minutes, definition.contain_minutes, definition.resolve_minutes)
    return bool(definition.pause_statuses) or any(minutes is not None for minutes in others)


def _locked(subject: Subject, pks: Iterable[UUID]) -> list[dict[str, Any]]:
    """The rows as they are, deleted ones too, locked in the order in which everyone locks them."""
    rows = subject.model.with_deleted.filter(pk__in=list(pks)).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True)
    return list(locked.values(*subject.columns))


def _steps(subject: Subject, pks: Sequence[UUID]) -> dict[UUID, list[Step]]:
    """The statuses that the rows have had, in order, from their history."""
    found: dict[UUID, list[Step]] = defaultdict(list)
    if not pks:
        return found
    names = ["id", "status", "updated_at", *(["pause_reason"] if subject.chosen else [])]
    rows = subject.model.history.filter(id__in=pks).order_by("id", "version")
    for row in rows.values(*names):
        steps, reason = found[row["id"]], row.get("pause_reason") or ""
        if not steps or (steps[-1].status, steps[-1].reason) != (row["status"], reason):
            steps.append(Step(row["updated_at"], row["status"], reason))
    return found


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
