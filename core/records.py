"""Writing rows: create, change, delete and restore, each with its version, its history and its
audit event.

The one place where a Record is written singly. Services call it inside an `@audit.verb`.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from core import audit, history, single
from core.actors import Actor
from core.errors import BadInput, Conflict, DomainError, Stale
from core.models.rows import Record

T = TypeVar("T", bound=Record)

Follower = Callable[..., None]

_followers: dict[type[models.Model], list[Follower]] = {}
_kept_while: dict[type[Record], list[Callable[[Any], str | None]]] = {}


class NotFound(DomainError):
    """Unknown, deleted or another tenant's: one answer for all three."""

    status = 404
    kind = "not_found"


def noun(model: type[models.Model] | models.Model) -> str:
    """What an object of this model is called in verbs and audit events: `alert`."""
    return str(model._meta.model_name)


def create(
    obj: T,
    *,
    actor: Actor,
    verb: str = "create",
    note: str = "",
    details: dict[str, Any] | None = None,
) -> T:
    """Save a new row in the actor's name."""
    audit.require_verb()
    obj.created_by = obj.updated_by = actor.person_id
    obj.app_id = actor.app_id
    obj.source_type = actor.source_type
    obj.save(force_insert=True)
    _remember(obj, history.CREATED, actor=actor, verb=verb, note=note, details=details)
    _follow(obj, ["id"], actor)
    return obj


def change(
    obj: T,
    values: dict[str, Any],
    *,
    actor: Actor,
    verb: str = "update",
    note: str = "",
    details: dict[str, Any] | None = None,
) -> T:
    """Write the values that differ from those the locked row has; nothing differs, nothing is
    written.

    A changed row has a new version, its time, its person, its history and its event.
    """
    changed = [name for name, value in values.items() if getattr(obj, name) != value]
    if not changed:
        return obj
    for name in changed:
        setattr(obj, name, values[name])
    _save(obj, changed, actor)
    _remember(obj, history.CHANGED, actor=actor, verb=verb, note=note, details=details)
    _follow(obj, changed, actor)
    return obj


def touch(obj: Record, *, actor: Actor) -> None:
    """Raise the version of a locked row whose own fields stay as they are: what its answers show
    along with them changed, such as the alerts it holds or the people who belong to it.
    """
    _save(obj, [], actor)


def remember(obj: models.Model, verb: str, *, actor: Actor, note: str = "", **details: Any) -> UUID:
    """An event about an object whose own fields stay as they are: a comment, a link, a refused
    try.
    """
    return audit.record(
        f"{noun(obj)}.{verb}",
        actor=actor,
        object_type=noun(obj),
        object_id=obj.pk,
        note=note,
        details=details,
    )


def lock(obj: T) -> T:
    """The row as it is now, locked until the transaction ends.

    Where the caller knows which version it looked at (`obj.expected_version`, from If-Match or a
    form), another one is refused.
    """
    fresh = single.locked(type(obj), obj.pk)
    if fresh is None:
        raise NotFound("Not found here. It may be in another tenant, or gone.")
    expect(obj, fresh)
    return fresh


def expect(obj: Record, fresh: Record) -> None:
    """Refuse where the caller looked at another version than the locked row has."""
    expected = getattr(obj, "expected_version", None)
    if expected is not None and fresh.version != expected:
        raise Stale("This changed since you opened it. Look at it again, then repeat your change.")


@audit.verb
def delete(obj: T, *, actor: Actor, scope: str, note: str = "") -> T:
    """Delete softly; refused while live rows hang on it, which are named."""
    actor.require(scope)
    fresh = lock(obj)
    reasons = (guard(fresh) for guard in [_live_children, *_kept_while.get(type(obj), [])])
    reason = next((reason for reason in reasons if reason), None)
    if reason:
        raise Conflict(reason)
    gone = {"is_deleted": True, "deleted_at": timezone.now(), "deleted_by": actor.person_id}
    return change(fresh, gone, actor=actor, verb="delete", note=note)


@audit.verb
def restore(obj: T, *, actor: Actor, scope: str, note: str = "") -> T:
    """Bring a deleted row back as it was."""
    actor.require(scope)
    fresh: T = type(obj).with_deleted.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
    expect(obj, fresh)
    if not fresh.is_deleted:
        raise Conflict("This is not deleted.")
    back = {"is_deleted": False, "deleted_at": None, "deleted_by": None}
    return change(fresh, back, actor=actor, verb="restore", note=note)


def clean_tags(value: object) -> list[str]:
    """Tags as they are kept: texts without blanks around them, once each, in the order given."""
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise BadInput("Tags are a list of texts.", field="tags")
    kept = [tag.strip() for tag in value if tag.strip()]
    if any(len(tag) > 200 for tag in kept):
        raise BadInput("A tag has at most 200 characters.", field="tags")
    return list(dict.fromkeys(kept))


def keep_while(model: type[Record], guard: Callable[[Any], str | None]) -> None:
    """Let an app refuse the deletion of rows in use: the guard says why not, or None."""
    _kept_while.setdefault(model, []).append(guard)


def add_follower(model: type[Record], follower: Follower) -> None:
    """Let an app keep in step with single writes of rows, in their transaction: it is given the
    row, the names of what changed (`id` when it is new), and the actor.
    """
    _followers.setdefault(model, []).append(follower)


def _follow(obj: Record, names: list[str], actor: Actor) -> None:
    for follower in _followers.get(type(obj), []):
        follower(obj, names, actor=actor)


def _live_children(obj: Record) -> str | None:
    """The live rows that hang on this one, by name; parts (comments) go and come with it."""
    found = []
    for relation in obj._meta.related_objects:
        model: Any = relation.related_model
        if relation.hidden or not issubclass(model, Record) or model.PART:
            continue
        if model.objects.filter(**{relation.field.name: obj.pk}).exists():
            found.append(str(model._meta.verbose_name_plural))
    return f"This still has {', '.join(found)}. Delete or move them first." if found else None


def _save(obj: Record, changed: list[str], actor: Actor) -> None:
    audit.require_verb()
    obj.version += 1
    obj.updated_at = timezone.now()
    obj.updated_by = actor.person_id
    single.write(obj, [*changed, "version", "updated_at", "updated_by"])


def _remember(
    obj: Record, kind: str, *, actor: Actor, verb: str, note: str, details: dict[str, Any] | None
) -> None:
    event_id = remember(obj, verb, actor=actor, note=note, **(details or {}))
    history.write(type(obj), [obj.pk], kind=kind, person_id=actor.person_id, event_id=event_id)
