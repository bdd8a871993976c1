"""The workflow kernel: life cycles are tables, and one function moves an object along them.

A move names its verb, where it may start, where it leads, the scope it needs, the guards that are
asked and what it writes beside the status. API, admin, commands and jobs all come here through a
service; nothing else writes a status.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from core import records
from core.actors import Actor
from core.errors import BadInput, InputNeeded, MoveRefused
from core.models.rows import Record
from core.texts import clean_text

T = TypeVar("T", bound=Record)
Guard = Callable[[Any], str | None]


@dataclass(frozen=True)
class Input:
    """A value that a move takes: drawn as a field in the admin's dialog, read from the body by the
    API.

    `needed` ones are refused with 422 when neither given nor set before (`kept`). `kind` is text,
    choice, time, check or id; an id names a row of `model`, which services get without the `_id`:
    `incident_id` arrives as `incident`.
    """

    name: str
    label: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    kept: bool = False
    help: str = ""
    model: type[Record] | None = None

    @property
    def argument(self) -> str:
        return self.name.removesuffix("_id") if self.model else self.name


IRREGULAR = {
    "apply": "applied",
    "hold": "put on hold",
    "put": "put",
    "take": "took",
    "undo": "undone",
    "send": "sent",
    "submit": "submitted",
    "set": "set",
    "intake": "taken in",
    "reset": "reset",
    "sla": "SLA",
    "sign": "signed",
}


def past(verb: str) -> str:
    """A verb as the history tells it: `close` is read as `closed`, `add_alert` as `added alert`."""
    first, _, rest = verb.partition("_")
    if first in IRREGULAR:
        return f"{IRREGULAR[first]} {rest.replace('_', ' ')}".strip()
    told = f"{first}d" if first.endswith("e") else f"{first}ed"
    told = f"{first[:-1]}ied" if first.endswith("ry") else told
    return f"{told} {rest.replace('_', ' ')}".strip()


NOTE = Input("note", "Note", help="Optional. It is kept with the move in the history.")


@dataclass(frozen=True)
class Move:
    """One row of a life cycle. `target` None leaves the status as it is."""

    verb: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    scope: str
    inputs: tuple[Input, ...] = (NOTE,)
    first: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    icon: str = "arrow_forward"

    @property
    def past(self) -> str:
        """The verb as it is told afterwards: `escalated`."""
        return past(self.verb)


@dataclass(frozen=True)
class Workflow:
    """The life cycle of one model."""

    model: type[Record]
    statuses: tuple[str, ...]
    initial: str
    moves: tuple[Move, ...]
    paired: tuple[str, ...] = ()
    guards: dict[str, list[Guard]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _registry[self.model] = self

    def __getitem__(self, verb: str) -> Move:
        for move in self.moves:
            if move.verb == verb:
                return move
        raise KeyError(verb)

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves)

    def allowed_from(self, status: str) -> list[Move]:
        return [move for move in self.moves if status in move.sources]

    def move_to(self, obj: Any, target: str) -> Move | None:
        """The one move that leads to a status from where the object is; None when it is there
        already.
        """
        if target not in self.statuses:
            raise BadInput(
                f"'{target}' is no status. Use one of: {', '.join(self.statuses)}.", field="status"
            )
        if obj.status == target:
            return None
        leading = [move for move in self.allowed_from(obj.status) if move.target == target]
        if len(leading) != 1:
            raise self.refusal(obj, f"become {target}")
        return leading[0]

    def refusal(self, obj: Any, wish: str) -> MoveRefused:
        allowed = [move.verb for move in self.allowed_from(obj.status)]
        way = (
            f"From here it can: {', '.join(allowed)}." if allowed else "No move leads on from here."
        )
        subject = str(self.model._meta.verbose_name)
        return MoveRefused(
            f"This {subject} is {obj.status} and cannot {wish}. {way}", allowed=allowed
        )

    def add_guard(self, verb: str, guard: Guard) -> None:
        """Let another app have a say in a move: it returns why not, or None."""
        self.guards.setdefault(verb, []).append(guard)

    def guards_of(self, move: Move) -> list[Guard]:
        return [*move.guards, *self.guards.get(move.verb, [])]


_registry: dict[type[models.Model], Workflow] = {}


def of(model: type[models.Model] | models.Model) -> Workflow:
    """The life cycle of a model or of an object."""
    return _registry[model if isinstance(model, type) else type(model)]


def has_one(model: type[models.Model]) -> bool:
    return model in _registry


def every() -> list[Workflow]:
    """All life cycles, in the order in which they were declared."""
    return list(_registry.values())


@dataclass(frozen=True)
class Option:
    """A move that a person may make now, or the reason why not."""

    move: Move
    why_not: str | None


def options(obj: Any, *, actor: Actor) -> list[Option]:
    """The moves that this status and this person allow; guarded ones carry the reason that holds
    them.
    """
    workflow = of(obj)
    reachable = [move for move in workflow.allowed_from(obj.status) if actor.may(move.scope)]
    return [Option(move, _why_not(workflow, move, obj)) for move in reachable]


def perform(
    obj: T,
    verb: str,
    *,
    actor: Actor,
    note: str = "",
    values: Mapping[str, Any] | None = None,
    follow: Callable[[T], Mapping[str, Any]] | None = None,
) -> T:
    """Make a move: scope, lock and re-read, table, inputs, guards, then one write of all that it
    changes.

    `values` are the move's inputs; empty ones count as not given. `follow` is asked, once the move
    is known to be allowed, for the fields that follow from it, and may refuse. Raises ScopeMissing,
    NotFound, Stale, MoveRefused or InputNeeded; the object that comes back is the row as written.
    """
    cycle = of(obj)
    move = cycle[verb]
    actor.require(move.scope)
    fresh = records.lock(obj)
    if _status(fresh) not in move.sources:
        raise cycle.refusal(fresh, f"be moved by '{verb}'")
    texts = {name: _clean(name, value) for name, value in (values or {}).items()}
    given = {name: value for name, value in texts.items() if value not in (None, "")}
    _require_inputs(move, fresh, given)
    reason = _why_not(cycle, move, fresh)
    if reason:
        raise MoveRefused(
            reason, allowed=[each.verb for each in cycle.allowed_from(_status(fresh))]
        )
    written = _written(move, fresh, given)
    if follow is not None:
        written |= follow(fresh)
    return records.change(fresh, written, actor=actor, verb=verb, note=note)


def arguments(move: Move, values: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a move among validated values, named as the service takes them; the note is
    apart.
    """
    given = {each.argument: values.get(each.name) for each in move.inputs if each.name != "note"}
    return {name: value for name, value in given.items() if value not in (None, "")}


def _status(obj: Any) -> str:
    return str(obj.status)


def _clean(name: str, value: Any) -> Any:
    return clean_text(value, field=name) if isinstance(value, str) else value


def _require_inputs(move: Move, obj: Any, given: Mapping[str, Any]) -> None:
    for each in move.inputs:
        if each.choices and each.name in given and given[each.name] not in dict(each.choices):
            known = ", ".join(value for value, _ in each.choices)
            raise BadInput(
                f"'{given[each.name]}' is not known here. Use one of: {known}.", field=each.name
            )
        if each.needed and each.name not in given and not (each.kept and getattr(obj, each.name)):
            raise InputNeeded(f"To {move.verb}, give {each.name}.", field=each.name)


def _why_not(workflow: Workflow, move: Move, obj: Any) -> str | None:
    reasons = (guard(obj) for guard in workflow.guards_of(move))
    return next((reason for reason in reasons if reason), None)


def _written(move: Move, obj: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    written: dict[str, Any] = dict.fromkeys(move.clears)
    written |= {name: now for name in move.first if getattr(obj, name) is None}
    written |= dict.fromkeys(move.stamps, now)
    written |= {name: value for name, value in given.items() if name != "note"}
    if move.target is not None:
        written["status"] = move.target
    return written
