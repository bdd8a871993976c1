"""The columns of the queue that a person sees. The title always stands; of the others at most as
many as usual, so that nothing is cut on a screen 1366 wide.
"""

from collections.abc import Iterable

from core.actors import Actor
from core.errors import BadInput
from core.models import Person
from core.services import preferences

LIST = "queue"
USUAL = ("severity", "clock", "entities", "source", "rule", "seen", "status", "age", "assignee")
COLUMNS = {
    "severity": "Severity",
    "clock": "Clock",
    "entities": "Host · user",
    "category": "Category",
    "malice": "Malice",
    "source": "Source",
    "rule": "Rule FP",
    "seen": "Seen",
    "status": "Status",
    "age": "Age",
    "assignee": "Assignee",
}
MOST = len(USUAL)


def of(person: Person) -> frozenset[str]:
    """The columns beside the title; those that are not known any more are left out."""
    chosen = person.columns.get(LIST)
    return frozenset(USUAL if chosen is None else COLUMNS.keys() & set(chosen))


def choose(person: Person, wanted: Iterable[str], *, actor: Actor) -> Person:
    """Show these columns from now on, in the usual order."""
    given = set(wanted)
    if not given <= COLUMNS.keys():
        raise BadInput(f"Use some of: {', '.join(COLUMNS)}.", field="columns")
    if len(given) > MOST:
        raise BadInput(
            f"At most {MOST} columns stand beside the title, so that nothing is cut. Let go of "
            f"{len(given) - MOST}.",
            field="columns",
        )
    chosen = [name for name in COLUMNS if name in given]
    return preferences.change(person, {"columns": {LIST: chosen}}, actor=actor)
