"""Merging investigations into one, and undoing it.

A merge is written down row by row: the columns that it changed as they were before, and a digest of
each whole row as it left it. Undoing puts the columns back, and is refused where a digest does not
match any more.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Max, Q
from django.utils import timezone

from core import audit, history, ids, records, workflow
from core.actors import Actor
from core.errors import BadInput, Conflict
from grc.models import Incident
from soc.models import (
    Comment,
    Finding,
    Investigation,
    InvestigationAlert,
    InvestigationMerge,
    InvestigationMergeItem,
    Task,
    TimelineEntry,
)
from soc.querysets import OPEN_INVESTIGATIONS
from soc.services import links, locks
from soc.workflows import RESPOND, WRITE

MAX_SOURCES = 50
# Of the row and not of its meaning: they rise with every write, the undoing's own included.
BOOKKEEPING = {"version", "updated_at", "updated_by"}
MOVED: dict[str, Any] = {
    "task": Task,
    "comment": Comment,
    "timeline_entry": TimelineEntry,
    "finding": Finding,
}
CLOSING = ("status", "pause_reason", "closed_at", "closure_reason", "merged_into_id")


@audit.verb
def merge(
    target: Investigation, source_ids: Iterable[UUID], *, actor: Actor, note: str = ""
) -> Investigation:
    """Alerts, tasks, comments and timeline entries of open investigations become this one's; they
    close, and point to it.
    """
    actor.require(WRITE)
    wanted = list(dict.fromkeys(source_ids))
    if not 0 < len(wanted) <= MAX_SOURCES:
        raise BadInput(f"Name 1 to {MAX_SOURCES} investigations to merge.", field="source_ids")
    if target.pk in wanted:
        raise BadInput("An investigation is not merged into itself.", field="source_ids")
    locked = locks.with_alerts([target.pk, *wanted])
    fresh, sources = _open_ones(locked, target, wanted)
    records.expect(target, fresh)
    incident = _one_incident([fresh, *sources])
    done = InvestigationMerge(target=fresh, created_by=actor.person_id, note=note)
    done.save(force_insert=True)
    items = list(_taken_incident(done, fresh, incident, actor, note))
    for source in sources:
        items += _take_over(done, source, fresh, actor=actor, note=note)
    InvestigationMergeItem.objects.bulk_create(items)
    records.remember(
        fresh,
        "merge",
        actor=actor,
        note=note,
        merge_id=done.pk,
        sources=[source.investigation_number for source in sources],
        items=len(items),
    )
    fresh.refresh_from_db()
    return fresh


@audit.verb
def undo(
    target: Investigation, done: InvestigationMerge, *, actor: Actor, note: str = ""
) -> Investigation:
    """Put every row back as it was before a merge; refused where one of them changed since."""
    actor.require(WRITE)
    items = list(done.items.order_by("id"))
    case_ids = {item.source_id for item in items} | {target.pk}
    locked = locks.with_alerts(case_ids, _alerts_of(items))
    for item in items:
        item.source = locked[item.source_id]
    fresh = locked[target.pk]
    records.expect(target, fresh)
    done = InvestigationMerge.objects.select_for_update().get(pk=done.pk)
    if done.target_id != fresh.pk:
        raise Conflict("This merge is one of another investigation.", field="merge_id")
    if done.undone_at is not None:
        raise Conflict("This merge is undone already.", field="merge_id")
    if fresh.status not in OPEN_INVESTIGATIONS:
        raise Conflict(f"{fresh.investigation_number} is not open any more. Reopen it first.")
    rows = _unchanged(items)
    for kind, restore in RESTORERS.items():
        for item in items:
            if item.kind == kind:
                restore(rows[item.pk], item, actor, note)
    done.undone_at, done.undone_by = timezone.now(), actor.person_id
    done.save(update_fields=["undone_at", "undone_by"])
    records.remember(fresh, "unmerge", actor=actor, note=note, merge_id=done.pk)
    fresh.refresh_from_db()
    return fresh


def of(case_ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The merges into each investigation, oldest first, with their sources: two queries."""
    merges = list(InvestigationMerge.objects.filter(target_id__in=list(case_ids)).order_by("id"))
    closed = InvestigationMergeItem.objects.filter(
        merge_id__in=[done.pk for done in merges], kind="source"
    ).select_related("source")
    sources: dict[UUID, list[Investigation]] = {}
    for item in closed.order_by("id"):
        sources.setdefault(item.merge_id, []).append(item.source)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for done in merges:
        found.setdefault(done.target_id, []).append(_shown(done, sources.get(done.pk, [])))
    return found


def _shown(done: InvestigationMerge, sources: list[Investigation]) -> dict[str, Any]:
    return {
        "id": str(done.pk),
        "at": done.created_at,
        "actor_id": ids.show("per", done.created_by),
        "note": done.note,
        "source_ids": [source.shown_id for source in sources],
        "source_numbers": [source.investigation_number for source in sources],
        "undone_at": done.undone_at,
        "undone_by": ids.show("per", done.undone_by),
    }


def _open_ones(
    locked: dict[UUID, Investigation], target: Investigation, source_ids: list[UUID]
) -> tuple[Investigation, list[Investigation]]:
    """The locked target and sources, all of them open."""
    found = [locked[pk] for pk in (target.pk, *source_ids) if pk in locked]
    if len(found) != len(source_ids) + 1:
        raise records.NotFound("Not found here. It may be in another tenant, or gone.")
    for case in found:
        if case.is_deleted or case.status not in OPEN_INVESTIGATIONS:
            raise Conflict(
                f"{case.investigation_number} is {case.status}. Only open investigations are "
                "merged; reopen it first.",
                field="source_ids",
            )
    return found[0], found[1:]


def _one_incident(cases: list[Investigation]) -> Incident | None:
    """The incident that all of them belong to, or those that belong to one."""
    found = {case.escalated_to_incident_id: case for case in cases if case.escalated_to_incident}
    if len(found) > 1:
        named = " and ".join(
            f"{case.investigation_number} to {case.escalated_to_incident.incident_number}"
            for case in list(found.values())[:2]
            if case.escalated_to_incident
        )
        raise Conflict(
            f"They belong to different incidents: {named}. Let them belong to one first.",
            field="source_ids",
        )
    return next((case.escalated_to_incident for case in found.values()), None)


def _taken_incident(
    done: InvestigationMerge,
    target: Investigation,
    incident: Incident | None,
    actor: Actor,
    note: str,
) -> Iterator[InvestigationMergeItem]:
    """The target takes the incident of its sources, where it has none. Needs sentinel:respond."""
    if incident is None or target.escalated_to_incident_id == incident.pk:
        return
    actor.require(RESPOND)
    links.point(target, incident, actor=actor, note=note)
    before = {"escalated_to_incident_id": None}
    after = {"escalated_to_incident_id": str(incident.pk)}
    yield _item(done, target, "incident", target.pk, before, _digest(after))


def _take_over(
    done: InvestigationMerge,
    source: Investigation,
    target: Investigation,
    *,
    actor: Actor,
    note: str,
) -> list[InvestigationMergeItem]:
    """Close one source and move what hangs on it."""
    before = {name: getattr(source, name) for name in CLOSING}
    closed = workflow.perform(
        source,
        "close",
        actor=actor,
        note=note,
        values={"closure_reason": f"Merged into {target.investigation_number}"},
        follow=lambda _: {"merged_into_id": target.pk},
    )
    event = records.remember(
        target, "take_over", actor=actor, note=note, source_id=source.pk, merge_id=done.pk
    )
    items = [_item(done, source, "source", source.pk, before, _digest(_state(closed)))]
    items += _move_links(done, source, target, actor, note)
    for kind, model in MOVED.items():
        items += _move_rows(done, source, target, kind, model, actor, event)
    return items


def _move_links(
    done: InvestigationMerge, source: Investigation, target: Investigation, actor: Actor, note: str
) -> Iterator[InvestigationMergeItem]:
    """The links end with the source, which goes on showing what it held, and new ones begin."""
    held = InvestigationAlert.objects.filter(investigation=source, left_at=None).order_by("id")
    for link in held:
        links.leave(link, actor=actor)
        made = InvestigationAlert(
            investigation=target,
            alert_id=link.alert_id,
            created_by=actor.person_id,
            reason=note or f"merged from {source.investigation_number}",
        )
        made.save(force_insert=True)
        before = {"left_at": None, "left_by": None}
        after = _digest([_state(link), _state(made)])
        yield _item(done, source, "alert", link.pk, before, after, made_id=made.pk)


def _move_rows(
    done: InvestigationMerge,
    source: Investigation,
    target: Investigation,
    kind: str,
    model: Any,
    actor: Actor,
    event: UUID,
) -> Iterator[InvestigationMergeItem]:
    """Live rows of one kind, with a new version and a history row each; tasks go behind the
    target's.
    """
    behind = 0
    if model is Task:
        behind = Task.objects.filter(investigation=target).aggregate(last=Max("position"))["last"]
    rows = list(model.objects.select_for_update(of=("self",)).filter(investigation=source))
    for row in rows:
        before: dict[str, Any] = {"investigation_id": source.pk}
        row.investigation_id = target.pk
        if model is Task:
            before["position"] = row.position
            row.position += behind or 0
        _save(row, list(before), actor)
        yield _item(done, source, kind, row.pk, before, _digest(_state(row)))
    _remember(model, rows, actor, event)


def _alerts_of(items: list[InvestigationMergeItem]) -> list[UUID]:
    moved = [item.made_id for item in items if item.kind == "alert"]
    rows = InvestigationAlert.objects.filter(pk__in=moved)
    return list(rows.values_list("alert_id", flat=True))


def _unchanged(items: list[InvestigationMergeItem]) -> dict[UUID, Any]:
    """The rows of a merge, locked, by item; refused by name where one is not as the merge left
    it.
    """
    found: dict[UUID, Any] = {}
    for item in items:
        row, state, name = _READERS[item.kind](item)
        if _digest(state) != bytes(item.after):
            raise Conflict(
                f"{name} changed since the merge, and undoing would overwrite that. Move it by "
                "hand instead."
            )
        found[item.pk] = row
    return found


def _read_case(item: InvestigationMergeItem) -> tuple[Any, Any, str]:
    case = item.source
    return case, _state(case), case.investigation_number


def _read_incident(item: InvestigationMergeItem) -> tuple[Any, Any, str]:
    case = item.source
    shown = case.escalated_to_incident_id and str(case.escalated_to_incident_id)
    name = f"The incident of {case.investigation_number}"
    return case, {"escalated_to_incident_id": shown}, name


def _read_link(item: InvestigationMergeItem) -> tuple[Any, Any, str]:
    pair = Q(pk=item.row_id) | Q(pk=item.made_id)
    found = InvestigationAlert.objects.filter(pair).select_related("alert")
    rows: dict[UUID | None, InvestigationAlert] = {row.pk: row for row in found}
    left = rows[item.row_id]
    name = f"That {left.alert.shown_id} is part of the investigation"
    return left, [_state(left), _state(rows[item.made_id])], name


def _read_row(item: InvestigationMergeItem) -> tuple[Any, Any, str]:
    rows = MOVED[item.kind].with_deleted.select_for_update(of=("self",))
    row = rows.get(pk=item.row_id)
    return row, _state(row), f"The {item.kind.replace('_', ' ')} '{str(row)[:60]}'"


_READERS: dict[str, Callable[[InvestigationMergeItem], tuple[Any, Any, str]]] = {
    "incident": _read_incident,
    "source": _read_case,
    "alert": _read_link,
    **dict.fromkeys(MOVED, _read_row),
}


def _reopen_source(
    case: Investigation, item: InvestigationMergeItem, actor: Actor, note: str
) -> None:
    records.change(case, item.before, actor=actor, verb="unmerge", note=note)


def _restore_incident(
    case: Investigation, item: InvestigationMergeItem, actor: Actor, note: str
) -> None:
    actor.require(RESPOND)
    links.point(case, None, actor=actor, note=note)


def _restore_link(
    link: InvestigationAlert, item: InvestigationMergeItem, actor: Actor, note: str
) -> None:
    InvestigationAlert.objects.filter(pk=item.made_id).delete()
    link.left_at = link.left_by = None
    link.save(update_fields=["left_at", "left_by"])


def _restore_row(row: Any, item: InvestigationMergeItem, actor: Actor, note: str) -> None:
    before = item.before | {"investigation_id": UUID(item.before["investigation_id"])}
    records.change(row, before, actor=actor, verb="unmerge", note=note)


RESTORERS: dict[str, Callable[[Any, InvestigationMergeItem, Actor, str], None]] = {
    **dict.fromkeys(MOVED, _restore_row),
    "alert": _restore_link,
    "source": _reopen_source,
    "incident": _restore_incident,
}


def _item(
    done: InvestigationMerge,
    source: Investigation,
    kind: str,
    row_id: UUID,
    before: dict[str, Any],
    after: bytes,
    *,
    made_id: UUID | None = None,
) -> InvestigationMergeItem:
    plain = orjson.loads(orjson.dumps(before))
    return InvestigationMergeItem(
        merge=done,
        source=source,
        kind=kind,
        row_id=row_id,
        made_id=made_id,
        before=plain,
        after=after,
    )


def _save(row: Any, names: list[str], actor: Actor) -> None:
    row.version += 1
    row.updated_at = timezone.now()
    row.updated_by = actor.person_id
    row.save(update_fields=[*names, "version", "updated_at", "updated_by"])


def _remember(model: Any, rows: list[Any], actor: Actor, event: UUID) -> None:
    pks = [row.pk for row in rows]
    history.write(model, pks, kind=history.CHANGED, person_id=actor.person_id, event_id=event)


def _state(row: Any) -> dict[str, Any]:
    """Every column of a row but the bookkeeping."""
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in names if name not in BOOKKEEPING}


def _digest(state: Any) -> bytes:
    return hashlib.sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).digest()
