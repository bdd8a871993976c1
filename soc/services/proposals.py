"""Verbs of the investigation proposal: jobs propose, people accept or dismiss."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from core import audit, records, tenancy, workflow
from core.actors import Actor
from core.errors import MoveRefused
from soc.models import (
    Alert,
    AlertRelation,
    Investigation,
    InvestigationAlert,
    Proposal,
    ProposalAlert,
)
from soc.services import investigations
from soc.services.correlation import CORRELATED
from soc.vocabulary import PRIORITIES, SEVERITIES
from soc.workflows import PROPOSAL

ENOUGH = 4  # score of a tie that may make a group: more than one rare value
FEWEST, MOST = 3, 50  # alerts of a proposal
ROUNDS = 5  # ties that a group may be long, seen from a new alert
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('soc.proposals ' || %s, 0))"


@audit.verb
def perform(proposal: Proposal, verb: str, *, actor: Actor, note: str = "") -> Proposal:
    """Make the move of that name."""
    return (accept if verb == "accept" else dismiss)(proposal, actor=actor, note=note)


@audit.verb
def accept(proposal: Proposal, *, actor: Actor, note: str = "") -> Proposal:
    """Open an investigation with the alerts of the proposal that still wait outside any other."""

    def opened(fresh: Proposal) -> dict[str, Any]:
        alerts = list(_free(Alert.objects.filter(proposal_links__proposal=fresh)))
        if not alerts:
            raise MoveRefused(
                "None of its alerts waits any more, or others have taken them up. Dismiss it.",
                allowed=["dismiss"],
            )
        return {"investigation": _open(fresh, alerts, actor=actor, note=note)}

    return workflow.perform(proposal, "accept", actor=actor, note=note, follow=opened)


@audit.verb
def dismiss(proposal: Proposal, *, actor: Actor, note: str = "") -> Proposal:
    """Say that these alerts are no case. They are not proposed again."""
    return workflow.perform(proposal, "dismiss", actor=actor, note=note)


@audit.verb
def propose(alert_ids: Sequence[UUID], *, actor: Actor) -> list[Proposal]:
    """Put new alerts into the proposals that they are tied to, and propose the groups that the
    others make; the proposals that are new or grew.
    """
    if not _alone_if_any(alert_ids):
        return []
    ties = _ties(alert_ids)
    return [proposal for group in _groups(ties) for proposal in _propose(group, ties, actor=actor)]


def alerts_of(proposal_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The alerts of many proposals."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = ProposalAlert.objects.filter(proposal_id__in=list(proposal_ids)).order_by("alert_id")
    for proposal_id, alert_id in rows.values_list("proposal_id", "alert_id"):
        found[proposal_id].append(alert_id)
    return found


def with_alerts(proposals: list[Proposal]) -> list[Proposal]:
    """Proposals with the ids of their alerts."""
    held = alerts_of(row.pk for row in proposals)
    for row in proposals:
        shown: Any = row
        shown.shown_alert_ids = held.get(row.pk, [])
    return proposals


def _free(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    """The alerts that wait, in no investigation."""
    held = InvestigationAlert.objects.filter(alert=OuterRef("pk"), left_at=None)
    waiting: QuerySet[Alert] = rows.waiting().for_list()  # type: ignore[attr-defined]
    return waiting.filter(~Exists(held)).order_by("pk")


def _open(proposal: Proposal, alerts: Sequence[Alert], *, actor: Actor, note: str) -> Investigation:
    worst = max((alert.severity for alert in alerts), key=SEVERITIES.index)
    values = {
        "title": proposal.title,
        "description": proposal.reason,
        "priority": worst if worst in PRIORITIES else "medium",
        "alert_ids": [alert.pk for alert in alerts],
    }
    return investigations.create(values, actor=actor, note=note)


def _alone_if_any(alert_ids: Sequence[UUID]) -> bool:
    """Whether any of these is tied to another; then no other job of the tenant groups alerts until
    the transaction ends.
    """
    if not _tied(alert_ids).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [str(tenancy.required())])
    return True


def _tied(alert_ids: Iterable[UUID]) -> QuerySet[AlertRelation]:
    wanted = list(alert_ids)
    strong = AlertRelation.objects.filter(kind=CORRELATED, score__gte=ENOUGH)
    rows: QuerySet[AlertRelation] = strong.filter(alert_id__in=wanted) | strong.filter(
        related_id__in=wanted
    )
    return rows


def _ties(alert_ids: Sequence[UUID]) -> list[AlertRelation]:
    """The strong ties round these alerts, between alerts that wait in no investigation."""
    given = Alert.objects.filter(pk__in=alert_ids)
    free: set[UUID] = set(_free(given).values_list("pk", flat=True))
    asked: set[UUID] = set()
    found: dict[UUID, AlertRelation] = {}
    for _ in range(ROUNDS):
        frontier = free - asked
        if not frontier:
            break
        rows = list(_tied(frontier))
        asked |= frontier
        ends = {pk for row in rows for pk in (row.alert_id, row.related_id)} - free
        near = Alert.objects.filter(pk__in=ends)
        free |= set(_free(near).values_list("pk", flat=True))
        found |= {row.pk: row for row in rows}
    return [row for row in found.values() if {row.alert_id, row.related_id} <= free]


def _groups(ties: Sequence[AlertRelation]) -> list[list[UUID]]:
    """Alerts that hang together, each group in the order of their ids."""
    group_of: dict[UUID, set[UUID]] = {}
    for tie in ties:
        one = group_of.setdefault(tie.alert_id, {tie.alert_id})
        other = group_of.setdefault(tie.related_id, {tie.related_id})
        if one is not other:
            one |= other
            group_of |= dict.fromkeys(other, one)
    return sorted({id(group): sorted(group) for group in group_of.values()}.values())


def _propose(group: list[UUID], ties: Sequence[AlertRelation], *, actor: Actor) -> list[Proposal]:
    """The open proposal that the alerts of a group join, and new ones of those for which it has no
    room; none for what is too few. What was dismissed is left out.
    """
    links = ProposalAlert.objects.filter(alert_id__in=group).select_related("proposal")
    known = {link.alert_id: link.proposal for link in links}
    fresh = [pk for pk in group if pk not in known]
    open_ones = {row.pk: row for row in known.values() if row.status == PROPOSAL.initial}
    written = []
    if fresh and open_ones:
        grown, fresh = _grow(open_ones[min(open_ones)], fresh, ties, actor=actor)
        written += grown
    left = [tie for tie in ties if {tie.alert_id, tie.related_id} <= set(fresh)]
    wanted = [each[:MOST] for each in _groups(left) if len(each) >= FEWEST]
    return written + [_new(each, left, actor=actor) for each in wanted]


def _new(group: list[UUID], ties: Sequence[AlertRelation], *, actor: Actor) -> Proposal:
    reason, score = _told(group, ties)
    worst = Alert.objects.for_list().filter(pk__in=group).worst_first()[0]
    proposal = records.create(
        Proposal(title=worst.title, reason=reason, score=score),
        actor=actor,
        details={"alert_ids": group},
    )
    _hold(proposal, group)
    return proposal


def _grow(
    proposal: Proposal, fresh: list[UUID], ties: Sequence[AlertRelation], *, actor: Actor
) -> tuple[list[Proposal], list[UUID]]:
    """Let alerts join, while it is open and has room: the proposal if it grew, and the alerts that
    did not fit.
    """
    locked = records.lock(proposal)
    held = alerts_of([locked.pk])[locked.pk]
    room = max(0, MOST - len(held)) if locked.status == PROPOSAL.initial else 0
    joining, left = fresh[:room], fresh[room:]
    if not joining:
        return [], left
    _hold(locked, joining)
    reason, score = _told([*held, *joining], ties)
    values = {"reason": reason, "score": max(score, locked.score)}
    details = {"alert_ids": joining}
    grown = records.change(locked, values, actor=actor, verb="add_alerts", details=details)
    return [grown], left


def _hold(proposal: Proposal, alert_ids: Sequence[UUID]) -> None:
    ProposalAlert.objects.bulk_create(
        [ProposalAlert(proposal=proposal, alert_id=pk) for pk in alert_ids]
    )


def _told(group: Sequence[UUID], ties: Sequence[AlertRelation]) -> tuple[str, int]:
    """The reason of a group, from the strongest tie of its alerts, and that tie's score."""
    touching = [tie for tie in ties if {tie.alert_id, tie.related_id} & set(group)]
    best = max(touching, key=lambda tie: (tie.score, tie.pk))
    return f"{len(group)} alerts that wait hang together; the closest {best.reason}.", best.score
