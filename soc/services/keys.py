"""Dedup: which records are new, decided by AlertKey in one upsert (design: intake).

A key that never expires is the tool's own id or the digest of the record's bytes; a fingerprint
ends some hours after its last repeat arrived (24, settable per source). A repeat of a closed or
resolved alert makes a new alert, which takes over its keys, only when it happened after the
closing. What follows in the same request or file on the tool's own word that it is resolved did,
unless it was seen before.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.utils import timezone

from core import hot, ids, tenancy
from soc.intake.drafts import AlertDraft
from soc.models import Alert

Name = tuple[str, str]

_UPSERT = """
INSERT INTO soc_alertkey AS k (id, tenant_id, created_at, source_name, key, alert_id, expires_at)
SELECT id, %(tenant)s, %(now)s, source, key, alert, expires
FROM json_to_recordset(%(rows)s::json)
  AS given (id uuid, source text, key text, alert uuid, expires timestamptz)
ON CONFLICT (tenant_id, source_name, key) DO UPDATE SET
  alert_id = CASE WHEN k.expires_at <= %(now)s THEN excluded.alert_id ELSE k.alert_id END,
  expires_at = excluded.expires_at
RETURNING source_name, key, alert_id
"""
_TAKE_OVER = """
UPDATE soc_alertkey AS k SET alert_id = given.target
FROM unnest(%(sources)s::uuid[], %(targets)s::uuid[]) AS given (source, target)
WHERE k.tenant_id = %(tenant)s AND k.alert_id = given.source
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """The alert of a record: a new one, or the one it repeats. `follows` is the closed alert that
    came again.
    """

    alert_id: UUID
    is_new: bool
    follows: UUID | None = None


@dataclass(slots=True)
class _Group:
    """Records of one batch that share a key: one alert, whatever the database says."""

    proposed: UUID
    names: dict[Name, bool]
    members: list[int]


def decide(drafts: Sequence[AlertDraft], resolved: Collection[UUID] = ()) -> list[Decision]:
    """A decision for each draft, in order. Locks keys and repeated alerts until the transaction
    ends. `resolved`: the alerts that the tool itself resolved just before these drafts.
    """
    groups = _grouped(drafts)
    owners = _upsert(groups)
    owning = set(owners.values())
    found = {id(group): _existing(group, owners) for group in groups}
    alerts = _locked(pk for pk in found.values() if pk)
    decisions: dict[int, Decision] = {}
    moved: list[tuple[UUID, UUID]] = []
    for group in groups:
        known = found[id(group)]
        old = alerts.get(known) if known else None
        just_now = old is not None and old.pk in resolved
        decisions |= _decide_group(group, drafts, old, just_now)
        target = decisions[group.members[-1]].alert_id
        if target != group.proposed:
            if group.proposed in owning:
                moved.append((group.proposed, target))
        elif old is not None:
            moved.append((old.pk, target))
    _take_over(moved)
    return [decisions[index] for index in range(len(drafts))]


def _grouped(drafts: Sequence[AlertDraft]) -> list[_Group]:
    """Drafts of the batch that share a key are the same alert: the first is it, the others repeat
    it.
    """
    by_name: dict[Name, _Group] = {}
    groups: list[_Group] = []
    for index, draft in enumerate(drafts):
        names = {(draft.source_name, key.key): key.expires for key in draft.identity_keys}
        touched = {id(by_name[name]): by_name[name] for name in names if name in by_name}
        group, *others = touched.values() or [_Group(ids.new(), {}, [])]
        if not touched:
            groups.append(group)
        for other in others:
            group.names |= other.names
            group.members = sorted(group.members + other.members)
            groups.remove(other)
        group.names |= names
        group.members.append(index)
        by_name |= dict.fromkeys(group.names, group)
    return groups


def _upsert(groups: Sequence[_Group]) -> dict[Name, UUID]:
    """Claim every key for its group's proposed alert; who owns it now comes back."""
    claims = sorted(
        (name, group.proposed, expires) for group in groups for name, expires in group.names.items()
    )
    if not claims:
        return {}
    now = timezone.now()
    rows = [
        {
            "id": pk,
            "source": source,
            "key": key,
            "alert": alert,
            "expires": now + _fingerprint_lives(source) if expires else None,
        }
        for pk, ((source, key), alert, expires) in zip(
            ids.several(len(claims)), claims, strict=True
        )
    ]
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "now": now,
        "rows": orjson.dumps(rows).decode(),
    }
    return {(row["source_name"], row["key"]): row["alert_id"] for row in hot.rows(_UPSERT, values)}


def _fingerprint_lives(source: str) -> timedelta:
    hours = settings.FINGERPRINT_HOURS
    return timedelta(hours=hours.get(source.lower(), hours["*"]))


def _existing(group: _Group, owners: dict[Name, UUID]) -> UUID | None:
    """The alert that a key of the group led to before; a lasting key counts before one that
    expires.
    """
    names = sorted(group.names, key=lambda name: (group.names[name], name))
    return next((owners[name] for name in names if owners[name] != group.proposed), None)


def _locked(pks: Iterable[UUID]) -> dict[UUID, Alert]:
    known = set(pks)
    if not known:
        return {}
    rows = Alert.objects.filter(pk__in=known).select_for_update().order_by("pk")
    return {
        row.pk: row for row in rows.only("id", "status", "closed_at", "resolved_at", "last_seen_at")
    }


def _decide_group(
    group: _Group, drafts: Sequence[AlertDraft], old: Alert | None, just_now: bool
) -> dict[int, Decision]:
    ended = old.last_seen_at if old and just_now else _ended_at(old)
    current: UUID | None = old.pk if old else None
    follows: UUID | None = None
    decisions = {}
    for index in group.members:
        happened = drafts[index].happened_at
        later = happened > ended if happened and ended else just_now
        again = later and follows is None
        if current is None or again:
            follows = old.pk if old else None
            current = group.proposed
            decisions[index] = Decision(current, is_new=True, follows=follows)
        else:
            decisions[index] = Decision(current, is_new=False)
    return decisions


def _ended_at(alert: Alert | None) -> datetime | None:
    if alert is None or alert.status not in ("closed", "resolved"):
        return None
    return alert.closed_at if alert.status == "closed" else alert.resolved_at


def _take_over(moved: Sequence[tuple[UUID, UUID]]) -> None:
    """Move the keys of each source to its target, as if one pair after the other, in one
    statement.
    """
    ends: dict[UUID, UUID] = {}
    for source, target in moved:
        ends |= {each: target for each, end in ends.items() if end == source}
        ends.setdefault(source, target)
    if not ends:
        return
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "sources": list(ends),
        "targets": list(ends.values()),
    }
    hot.write(_TAKE_OVER, values)
