"""Rows of the newer nouns, a room each: `fill(line, word)` makes live and deleted rows of both
tenants with the word in every text. A new room is a new file.
"""

import importlib
import pkgutil
from dataclasses import dataclass

from grc.models import Incident
from soc.models import Alert, Investigation
from tests import factories


@dataclass(frozen=True)
class Line:
    """What the rooms may hang their rows on."""

    cast: factories.Cast
    alert: Alert
    investigation: Investigation
    incident: Incident


def fill(line: Line, word: str) -> None:
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        importlib.import_module(f"{__name__}.{found.name}").fill(line, word)
