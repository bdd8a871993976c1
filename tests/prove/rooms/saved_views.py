"""Saved views, live and deleted."""

from soc.services import saved_views
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor()
    number = line.alert.shown_id
    values = {"query": {"q": word}, "is_shared": True, "tags": [f"tag {word}"]}
    saved_views.create({"name": f"view {word} {number}", **values}, actor=actor)
    gone = saved_views.create({"name": f"gone {word} {number}", **values}, actor=actor)
    saved_views.delete(gone, actor=actor, note=f"gone {word}")
