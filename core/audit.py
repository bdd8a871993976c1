"""The audit trail: events are collected while verbs run and appended as the last act of the
outermost one.

Appending takes the lock of the tenant's chain; taking it earlier, inside nested verbs, deadlocks.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import orjson
from django.db import transaction

from core import hot, ids
from core.actors import Actor
from core.texts import clean_text

P = ParamSpec("P")
R = TypeVar("R")

correlation: ContextVar[UUID | None] = ContextVar("correlation", default=None)


@dataclass
class Trail:
    """The events of one outermost verb, not yet written."""

    actor: Actor
    correlation_id: UUID
    events: list[dict[str, Any]] = field(default_factory=list)
    depth: int = 0  # verbs that are open within the outermost one
    is_written: bool = False


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Make a service function one transaction whose audit events are written with it, or not at
    all.

    The function takes `actor` by keyword. Verbs may call verbs; the outermost one writes.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = kwargs["actor"]
        if not isinstance(actor, Actor):
            raise TypeError(
                f"{function.__qualname__} needs an actor: whoever changes something has a name."
            )
        with _one_verb(actor):
            return function(*args, **kwargs)

    return run


@contextmanager
def _one_verb(actor: Actor) -> Iterator[None]:
    """A transaction, or a part of a request's, which a refusal undoes alone and leaves usable; the
    events of the outermost one are its last act.
    """
    outer = _trail.get()
    if outer is not None:
        with _within(outer), transaction.atomic(savepoint=False):
            yield
        return
    trail = Trail(actor=actor, correlation_id=correlation.get() or ids.new())
    token = _trail.set(trail)
    try:
        with transaction.atomic():
            yield
            _append(trail)
    finally:
        _trail.reset(token)


@contextmanager
def _within(trail: Trail) -> Iterator[None]:
    trail.depth += 1
    try:
        yield
    finally:
        trail.depth -= 1


@contextmanager
def attempt() -> Iterator[None]:
    """One item of a bulk verb: if it raises, its changes and its events are undone, and the others
    stand.
    """
    trail = _open_trail()
    before = len(trail.events)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del trail.events[before:]
        raise


def record(
    name: str,
    *,
    actor: Actor,
    object_type: str,
    object_id: UUID | None,
    note: str = "",
    details: dict[str, Any] | None = None,
) -> UUID:
    """Collect one event and return its id, which history rows carry too."""
    event_id = ids.new()
    trail = _open_trail()
    if trail.is_written:
        raise RuntimeError("The events of this verb are written: nothing may be changed after.")
    trail.events.append(
        {
            "id": event_id,
            "actor_id": actor.person_id,
            "app_id": actor.app_id,
            "source_type": actor.source_type,
            "verb": name,
            "object_type": object_type,
            "object_id": object_id,
            "note": clean_text(note, field="note"),
            "details": details or {},
        }
    )
    return event_id


def append_now() -> None:
    """Append the events together with the last statements of a verb, in their pipeline: after this
    it may change nothing more. A verb within another leaves it to the outermost one.
    """
    trail = _open_trail()
    if trail.depth == 0:
        _append(trail)
        trail.is_written = True


def require_verb() -> None:
    """Raise before anything is written where no verb is open to tell of it."""
    _open_trail()


def _open_trail() -> Trail:
    trail = _trail.get()
    if trail is None:
        raise RuntimeError(
            "Nothing may be changed outside a verb: decorate the service function with @audit.verb."
        )
    return trail


def _append(trail: Trail) -> None:
    events, trail.events = trail.events, []
    if not events:
        return
    for event in events:
        event["correlation_id"] = trail.correlation_id
    hot.write("select core_audit_append(%s::jsonb)", [orjson.dumps(events, default=str).decode()])
