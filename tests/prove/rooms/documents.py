"""Context documents, live and deleted."""

from soc.services import documents
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor()
    values = {
        "title": f"document {word}",
        "description": f"description {word}",
        "content": f"content {word}",
        "tags": [f"tag {word}"],
        "is_global": True,
        "targeting_rules": {"conditions": [{"field": "tags", "op": "equals", "value": word}]},
    }
    kept = documents.create(values, actor=actor)
    documents.update(kept, {"title": f"newer {word}"}, actor=actor, note=f"note {word}")
    gone = documents.create(values, actor=actor)
    documents.delete(gone, actor=actor, note=f"gone {word}")
