"""Verbs of the risk, and of the scale on which a tenant weighs risks."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from core import audit, records
from core.actors import Actor
from core.errors import BadInput, Conflict
from grc.models import Risk, RiskScale
from grc.services import registers, sheets, texts
from grc.workflows import WRITE

TREATMENTS = ("accept", "mitigate", "transfer", "avoid")
LIKELIHOODS = ("inherent_likelihood", "residual_likelihood")
IMPACTS = ("inherent_impact", "residual_impact")
FEWEST, MOST = 2, 10


def scale() -> RiskScale:
    """The tenant's scale; five by five until it says otherwise."""
    return RiskScale.objects.first() or RiskScale()


@audit.verb
def set_scale(
    *, actor: Actor, likelihood_steps: int, impact_steps: int, note: str = ""
) -> RiskScale:
    """Choose how many steps there are; refused while a risk lies above them."""
    actor.require(WRITE)
    for names, steps, field in (
        (LIKELIHOODS, likelihood_steps, "likelihood_steps"),
        (IMPACTS, impact_steps, "impact_steps"),
    ):
        if not FEWEST <= steps <= MOST:
            raise BadInput(f"A scale has {FEWEST} to {MOST} steps.", field=field)
        highest = max(
            (value or 0 for value in Risk.objects.aggregate(*map(Max, names)).values()), default=0
        )
        if highest > steps:
            raise Conflict(f"A risk stands at {highest}. Weigh it anew first.", field=field)
    row = RiskScale.objects.select_for_update().first() or RiskScale()
    row.likelihood_steps, row.impact_steps = likelihood_steps, impact_steps
    row.save()
    steps_told = {"likelihood_steps": likelihood_steps, "impact_steps": impact_steps}
    records.remember(row, "change", actor=actor, note=note, **steps_told)
    return row


def _check(clean: dict[str, Any], row: Risk | None) -> None:
    texts.one_of(clean, "treatment", TREATMENTS)
    steps = scale()
    for names, most in ((LIKELIHOODS, steps.likelihood_steps), (IMPACTS, steps.impact_steps)):
        for name in names:
            value = clean.get(name)
            if value is not None and not 1 <= value <= most:
                raise BadInput(f"{name} goes from 1 to {most} on this scale.", field=name)


FIELDS = (
    "name",
    "category",
    *LIKELIHOODS,
    *IMPACTS,
    "treatment",
    "treatment_plan",
    "review_at",
    "description",
    "tags",
)
REGISTER = registers.Register(
    Risk,
    (*FIELDS, "owner_id"),
    _check,
    nullable=frozenset({"owner_id", "review_at", "treatment", *LIKELIHOODS, *IMPACTS}),
)


def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Risk:
    made: Risk = registers.create(REGISTER, values, actor=actor, note=note)
    return made


def update(risk: Risk, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Risk:
    changed: Risk = registers.update(REGISTER, risk, values, actor=actor, note=note)
    return changed


def delete(risk: Risk, *, actor: Actor, note: str = "") -> Risk:
    return records.delete(risk, actor=actor, scope=WRITE, note=note)


def restore(risk: Risk, *, actor: Actor, note: str = "") -> Risk:
    return records.restore(risk, actor=actor, scope=WRITE, note=note)


SHEET = sheets.Sheet(
    Risk,
    (*FIELDS, "owner"),
    REGISTER.clean,
    create,
    update,
    numbers=frozenset({*LIKELIHOODS, *IMPACTS}),
)
