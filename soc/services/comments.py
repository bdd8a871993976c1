"""Comments on alerts and investigations."""

from collections.abc import Mapping
from typing import Any

from core import audit, records
from core.actors import Actor
from core.errors import BadInput, DomainError
from core.texts import clean_text
from soc.models import Alert, Comment, Investigation
from soc.services import mentions, notices
from soc.workflows import WRITE

MAX_LENGTH = 20_000


class NotYours(DomainError):
    """A comment is changed by whoever wrote it."""

    status = 403
    kind = "not_yours"

    def __init__(self) -> None:
        super().__init__("Only its author changes a comment. Write one of your own.")


@audit.verb
def add(target: Alert | Investigation, *, actor: Actor, text: str) -> Comment:
    """Write a comment on an alert or an investigation."""
    actor.require(WRITE)
    place = {"alert": target} if isinstance(target, Alert) else {"investigation": target}
    comment = records.create(Comment(text=_clean(text), **place), actor=actor)
    records.remember(target, "comment", actor=actor, comment_id=comment.pk)
    _mention(comment, actor)
    notices.answered(target, actor=actor)
    return comment


@audit.verb
def update(comment: Comment, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Comment:
    """Correct one's own comment; what it said before stays in its history."""
    actor.require(WRITE)
    fresh = _own(records.lock(comment), actor)
    given = {"text": _clean(values["text"])} if "text" in values else {}
    fresh = records.change(fresh, given, actor=actor, note=note)
    _mention(fresh, actor)
    return fresh


@audit.verb
def delete(comment: Comment, *, actor: Actor, note: str = "") -> Comment:
    """Take one's own comment away."""
    _own(comment, actor)
    return records.delete(comment, actor=actor, scope=WRITE, note=note)


@audit.verb
def restore(comment: Comment, *, actor: Actor, note: str = "") -> Comment:
    """Bring one's own comment back."""
    _own(comment, actor)
    return records.restore(comment, actor=actor, scope=WRITE, note=note)


def with_mentions(comments: list[Comment]) -> list[Comment]:
    """Comments with whom they mention, read for all at once."""
    found = mentions.of([comment.pk for comment in comments])
    for comment in comments:
        shown: Any = comment
        shown.shown_mentions = found.get(comment.pk, [])
    return comments


def _mention(comment: Comment, actor: Actor) -> None:
    """Keep the mentions. Whoever is told of one is told from here: `new` are the people who were
    not mentioned before.
    """
    new = mentions.set_of(comment)
    if new:
        told = [str(person_id) for person_id in new]
        records.remember(comment, "mention", actor=actor, person_ids=told)
        notices.mentioned(comment, new, actor=actor)


def _own(comment: Comment, actor: Actor) -> Comment:
    if comment.created_by != actor.person_id:
        raise NotYours
    return comment


def _clean(text: str) -> str:
    clean = clean_text(text, field="text")
    if not clean:
        raise BadInput("Write a comment first.", field="text")
    if len(clean) > MAX_LENGTH:
        raise BadInput(f"A comment has at most {MAX_LENGTH} characters.", field="text")
    return clean
