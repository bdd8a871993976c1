"""Numbers that a job counted."""

from soc.services import counted
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    counted.keep(f"trends of {word}", {"days": [], "volume": {word: {"high": 1}}})
