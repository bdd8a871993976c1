"""An application that signs its webhooks, and a signature that was seen."""

import hashlib

from core.models import Application, SeenSignature
from core.services import applications
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    if SeenSignature.objects.exists():
        return
    applications.sign(Application.objects.all()[0], actor=line.cast.actor(), note=f"note {word}")
    SeenSignature.objects.create(digest=hashlib.sha256(word.encode()).digest())
