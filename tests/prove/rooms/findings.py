"""Findings with a file and custody, live and deleted."""

from django.core.files.uploadedfile import SimpleUploadedFile

from soc.services import evidence, findings
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor = line.cast.actor()
    about = {"alert_ids": [line.alert.pk], "investigation": line.investigation}
    texts = {
        "title": f"finding {word}",
        "description": f"description {word}",
        "tags": [f"tag {word}"],
    }
    artefact = findings.create(texts | about, actor=actor)
    file = SimpleUploadedFile(f"{word}.bin", word.encode())
    artefact = evidence.store(artefact, file, actor=actor, note=f"stored {word}")
    evidence.hand_over(artefact, "transferred", actor=actor, note=f"with {word}")
    agent = {"kind": "agent", "agent_name": f"agent {word}", "recommended_action": word}
    findings.create(texts | about | agent | {"details": {"word": word}}, actor=actor)
    gone = findings.create(texts | about, actor=actor)
    gone = evidence.store(gone, SimpleUploadedFile("gone.bin", word.encode()), actor=actor)
    findings.delete(gone, actor=actor, note=f"gone {word}")
