"""The entity that reports to a regulator, as the arithmetic of deadlines takes it."""

from datetime import date

from grc.models import Regulator
from grc.obligations.counting import Entity


def of(regulator: Regulator) -> Entity:
    """Its zone, its holidays, and the kinds of regulated entity that it is."""
    return Entity(
        regulator.time_zone,
        frozenset(date.fromisoformat(day) for day in regulator.holidays),
        frozenset(regulator.entity_kinds),
    )
