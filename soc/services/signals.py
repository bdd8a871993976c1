"""What tools say of alerts they sent before: acknowledged or resolved on their side."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.actors import Actor
from soc.intake.drafts import Signal
from soc.models import Alert, AlertKey
from soc.services import alerts
from soc.workflows import WRITE

RESOLUTION = "other"
INPUTS = {"acknowledge": {}, "resolve": {"resolution": RESOLUTION}}


@dataclass(frozen=True, slots=True)
class Heard:
    """The alert that a signal is about, None where there is none, and what became of it:
    `resolved` where the signal did that.
    """

    alert_id: UUID | None
    reason: str
    resolved: bool = False


def apply(signals: Sequence[Signal], *, actor: Actor) -> list[Heard]:
    """Move the alerts that the tools speak of, each of its own source only; say of each what became
    of it, in order. What a person has moved on already stays as it is.

    The key to send is the right to do this; no other write goes with it.
    """
    known = _known(signals)
    wanted: dict[str, dict[UUID, str]] = defaultdict(dict)
    for signal in signals:
        if alert_id := known.get((signal.source_name, signal.key)):
            wanted[signal.verb][alert_id] = signal.source_name
    stopped: dict[tuple[str, UUID], str] = {}
    for verb in sorted(wanted):
        stopped |= _move(verb, wanted[verb], actor)
    return [_heard(signal, known, stopped) for signal in signals]


def _known(signals: Sequence[Signal]) -> dict[tuple[str, str], UUID]:
    if not signals:
        return {}
    rows = AlertKey.objects.filter(
        source_name__in={signal.source_name for signal in signals},
        key__in={signal.key for signal in signals},
    )
    return {(row.source_name, row.key): row.alert_id for row in rows}


def _move(verb: str, sources: dict[UUID, str], actor: Actor) -> dict[tuple[str, UUID], str]:
    """Why each alert was not moved, for those that were not."""
    sender = replace(actor, scopes=actor.scopes | {WRITE})
    rows = list(Alert.objects.filter(pk__in=sources).order_by("pk"))
    note = f"{verb} by {', '.join(sorted(set(sources.values())))}"
    results = alerts.bulk(rows, verb, actor=sender, note=note, **INPUTS[verb])
    return {
        (verb, row.pk): f"the alert is {row.status} already"
        for row, result in zip(rows, results, strict=True)
        if isinstance(result, Exception)
    }


def _heard(
    signal: Signal,
    known: dict[tuple[str, str], UUID],
    stopped: dict[tuple[str, UUID], str],
) -> Heard:
    alert_id = known.get((signal.source_name, signal.key))
    if alert_id is None:
        return Heard(None, f"{signal.verb}: no alert of this key is here")
    why = stopped.get((signal.verb, alert_id))
    return Heard(alert_id, f"{signal.verb}: {why or 'done'}", not why and signal.verb == "resolve")
