"""Shift handovers: some that were handed over, and the one draft that there may be at a time."""

from soc.models import ShiftHandover
from soc.services import handovers
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor("manager")
    for draft in ShiftHandover.objects.filter(status="draft"):
        done = handovers.perform(draft, "sign_out", actor=actor, note=f"out {word}")
        handovers.perform(done, "sign_in", actor=line.cast.actor("responder"), note=f"in {word}")
    handovers.create({"remarks": f"remarks {word}"}, actor=actor, note=f"note {word}")
