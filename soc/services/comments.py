"""Comments on alerts and investigations."""

from core import audit, records
from core.actors import Actor
from core.errors import BadInput
from core.texts import clean_text
from soc.models import Alert, Comment, Investigation
from soc.workflows import WRITE

MAX_LENGTH = 20_000


@audit.verb
def add(target: Alert | Investigation, *, actor: Actor, text: str) -> Comment:
    """Write a comment on an alert or an investigation."""
    actor.require(WRITE)
    clean = clean_text(text, field="text")
    if not clean:
        raise BadInput("Write a comment first.", field="text")
    if len(clean) > MAX_LENGTH:
        raise BadInput(f"A comment has at most {MAX_LENGTH} characters.", field="text")
    place = {"alert": target} if isinstance(target, Alert) else {"investigation": target}
    comment = records.create(Comment(text=clean, **place), actor=actor)
    records.remember(target, "comment", actor=actor, comment_id=comment.pk)
    return comment
