"""Closing and reclassifying an alert: the classification decides verdict and cause."""

from typing import Any

from core import audit, records, workflow
from core.actors import Actor
from soc.models import Alert
from soc.services import fields
from soc.vocabulary import VERDICTS


@audit.verb
def close(
    alert: Alert,
    *,
    actor: Actor,
    close_classification: str | None = None,
    duplicate_of: Alert | None = None,
    note: str = "",
) -> Alert:
    """Close with one of the seven classifications, given now or set earlier."""
    fresh = records.lock(alert)
    classification = close_classification or fresh.close_classification
    return _classify(fresh, "close", actor, classification, duplicate_of, note)


@audit.verb
def reclassify(
    alert: Alert,
    *,
    actor: Actor,
    close_classification: str | None = None,
    duplicate_of: Alert | None = None,
    note: str = "",
) -> Alert:
    """Correct the classification of a closed alert."""
    return _classify(
        records.lock(alert), "reclassify", actor, close_classification, duplicate_of, note
    )


def _classify(
    alert: Alert,
    verb: str,
    actor: Actor,
    classification: str | None,
    duplicate_of: Alert | None,
    note: str,
) -> Alert:
    also: dict[str, Any] = {}
    if classification in VERDICTS:
        also["verdict"], also["cause"] = VERDICTS[classification]
    if classification == "Duplicate" or duplicate_of is not None:
        also["duplicate_of_id"] = fields.duplicate_of(alert, duplicate_of)
    given = {"close_classification": classification}
    return workflow.perform(alert, verb, actor=actor, note=note, values=given, also=also)
