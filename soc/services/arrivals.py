"""New alerts of a batch as they are written: columns of a statement, and no instance of a model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core import jobs, setwise
from core.actors import Actor
from soc.intake.drafts import AlertDraft
from soc.intake.envelope import Record
from soc.models import Alert
from soc.services import fields


@dataclass(slots=True)
class Arrival:
    """A record that became a new alert; its rule may fill what the record does not say."""

    pk: UUID
    record: Record
    draft: AlertDraft
    rule_id: UUID | None = None
    mitre_tactics: list[str] = field(default_factory=list)
    mitre_techniques: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mitre_tactics = self.draft.mitre_tactics
        self.mitre_techniques = self.draft.mitre_techniques

    @property
    def source_name(self) -> str:
        return self.draft.source_name

    @property
    def rule_key(self) -> str | None:
        return self.draft.rule_key or None

    @property
    def rule_name(self) -> str | None:
        return self.draft.rule_name or None

    @property
    def severity(self) -> str:
        return self.draft.severity

    @property
    def occurred_at(self) -> datetime | None:
        return self.draft.occurred_at


def write(arrivals: Sequence[Arrival], *, actor: Actor, now: datetime) -> None:
    """Write the alerts in one statement."""
    same = setwise.written_by(actor, now)
    setwise.insert(Alert, [_columns(each, now) for each in arrivals], same=same)


def follow_later(arrivals: Sequence[Arrival], *, actor: Actor) -> None:
    """Defer what new alerts wait for to one job, in the transaction that brings them."""
    if arrivals:
        jobs.later(
            "soc.arrived",
            alert_ids=[str(each.pk) for each in arrivals],
            person_id=str(actor.person_id),
        )


def _columns(arrival: Arrival, now: datetime) -> dict[str, Any]:
    draft = arrival.draft
    return {
        "id": arrival.pk,
        "title": draft.title,
        "description": draft.description,
        "severity": draft.severity,
        "source_severity": draft.source_severity,
        "category": draft.category or None,
        "source_name": draft.source_name,
        "source_id": draft.source_id or None,
        "rule_key": arrival.rule_key,
        "rule_name": arrival.rule_name,
        "rule_id": arrival.rule_id,
        "occurred_at": draft.occurred_at,
        "last_seen_at": draft.happened_at or now,
        "fingerprint": draft.fingerprint,
        "metadata": draft.metadata,
        "host": draft.host or None,
        "user": draft.user or None,
        "host_name": fields.filter_name(draft.host_name),
        "user_name": fields.filter_name(draft.user_name),
        "affected_assets": draft.affected_assets,
        "mitre_tactics": arrival.mitre_tactics,
        "mitre_techniques": arrival.mitre_techniques,
        "kill_chain_phase": draft.kill_chain_phase or None,
        "tags": draft.tags,
        "raw_data": arrival.record.value,
    }
