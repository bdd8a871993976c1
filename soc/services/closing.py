"""Closing and reclassifying an alert: the classification decides verdict and cause."""

from typing import Any

from core import audit, workflow
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
    return _classify(alert, "close", actor, close_classification, duplicate_of, note)


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
    return _classify(alert, "reclassify", actor, close_classification, duplicate_of, note)


def _classify(
    alert: Alert,
    verb: str,
    actor: Actor,
    given: str | None,
    duplicate_of: Alert | None,
    note: str,
) -> Alert:
    def follow(fresh: Alert) -> dict[str, Any]:
        classification = given or fresh.close_classification or ""
        verdict, cause = VERDICTS[classification]
        written: dict[str, Any] = {"verdict": verdict, "cause": cause}
        if classification == "Duplicate" or duplicate_of is not None:
            written["duplicate_of_id"] = fields.duplicate_of(fresh, duplicate_of)
        return written

    values = {"close_classification": given}
    return workflow.perform(alert, verb, actor=actor, note=note, values=values, follow=follow)
