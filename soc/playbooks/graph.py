"""How steps hang together: where each leads, which belong to a parallel's branches, and that no way
leads back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from soc.playbooks.steps import END, Step, fault, read

SUCCESS, FAILURE = "success", "failure"


@dataclass(frozen=True, slots=True)
class Way:
    """What follows on a step: the keys of steps to begin, or that the run has failed."""

    starts: tuple[str, ...] = ()
    fails: bool = False


class Graph:
    """Steps that were read, in order."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.order = list(steps)
        self.steps = {step.key: step for step in self.order}
        self.places = {step.key: place for place, step in enumerate(self.order, 1)}
        self.regions = {
            step.key: self._region(step) for step in self.order if step.kind.name == "parallel"
        }

    @property
    def start(self) -> str | None:
        return self.order[0].key if self.order else None

    def target(self, key: str, outcome: str) -> str | None:
        """The step that an outcome leads to; None for the end of the path."""
        step = self.steps[key]
        chosen = step.on_success if outcome == SUCCESS else step.on_failure
        if chosen is not None:
            return None if chosen == END else chosen
        follows = outcome == SUCCESS and step.kind.name != "parallel"
        place = self.places[key]
        return self.order[place].key if follows and place < len(self.order) else None

    def edges(self, key: str) -> list[str]:
        """Every step that may follow on one."""
        found = [self.target(key, SUCCESS), self.target(key, FAILURE)]
        return [each for each in (*self.branches(key), *found) if each]

    def branches(self, key: str) -> tuple[str, ...]:
        step = self.steps[key]
        return tuple(step.given["branches"]) if step.kind.name == "parallel" else ()

    def after(self, key: str, outcome: str, active: Collection[str]) -> Way:
        """What to do when a step has ended, while the `active` others go on."""
        step = self.steps[key]
        if outcome == FAILURE and step.on_failure is None and step.kind.name != "condition":
            return Way(fails=True)
        if step.kind.name == "parallel" and outcome == SUCCESS:
            return Way(self.branches(key))
        target = self.target(key, outcome)
        while True:
            owner = self.owner(key)
            if owner is None:
                return Way((target,) if target else ())
            if target is not None and target != self.target(owner, SUCCESS):
                return Way((target,))
            if self.regions[owner] & set(active):
                return Way()
            key, target = owner, self.target(owner, SUCCESS)

    def owner(self, key: str) -> str | None:
        """The innermost parallel in whose branches a step lies."""
        around = [name for name, region in self.regions.items() if key in region]
        return min(around, key=lambda name: len(self.regions[name]), default=None)

    def downstream(self, key: str) -> set[str]:
        """A step and all that may follow on it, joins of the parallels round it included."""
        found = self._reachable([key], stop=None)
        owner = self.owner(key)
        while owner is not None:
            join = self.target(owner, SUCCESS)
            found |= self._reachable([join], stop=None) if join else set()
            owner = self.owner(owner)
        return found

    def _region(self, step: Step) -> frozenset[str]:
        join = self.target(step.key, SUCCESS)
        return frozenset(self._reachable(self.branches(step.key), stop=join))

    def _reachable(self, begin: Iterable[str], stop: str | None) -> set[str]:
        found: set[str] = set()
        waiting = [key for key in begin if key != stop]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += [each for each in self.edges(key) if each != stop]
        return found


def checked(given: object) -> Graph:
    """The graph of a body's steps; BadInput names the step and the field at fault."""
    steps = read(given)
    graph = Graph(steps)
    for step in steps:
        if step.key in _beyond(graph, step.key):
            told = "this way leads back to the step itself; a run does each step once."
            raise fault(graph.places[step.key], step.key, "on_success", told)
    for key in graph.regions:
        _check_parallel(graph, key)
    return graph


def _beyond(graph: Graph, key: str) -> set[str]:
    return graph._reachable(graph.edges(key), stop=None)


def _check_parallel(graph: Graph, key: str) -> None:
    join = graph.target(key, SUCCESS)
    place, seen = graph.places[key], set[str]()
    for branch in graph.branches(key):
        region = graph._reachable([branch], stop=join)
        shared = sorted(region & seen)
        if shared:
            told = f"two branches lead to '{shared[0]}'; end each with 'end' or with the join."
            raise fault(place, key, "with.branches", told)
        seen |= region
    for other in graph.order:
        strays = set(graph.edges(other.key)) & seen
        if other.key not in seen and other.key != key and strays:
            told = f"leads into a branch of '{key}' ('{min(strays)}')."
            raise fault(graph.places[other.key], other.key, "on_success", told)
