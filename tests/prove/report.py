"""What a proof has found, and the line it prints."""

import os
import sys
from dataclasses import dataclass, field
from typing import Any

FULL = os.environ.get("FULL", "") not in ("", "0")  # every try and every kill
SHOWN = int(os.environ.get("PROVE_SHOWN", "20"))


@dataclass
class Proof:
    """One promise: what was tried, what failed and what came through that should not have.

    A control breaks the protection on purpose: it fails when nothing leaks, since the proof beside
    it would then be
    blind.
    """

    name: str
    is_control: bool = False
    tries: set[Any] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)

    def tried(self, *what: object) -> None:
        """Count a try; the same one again counts once."""
        self.tries.add(what)

    def failed(self, fault: str) -> None:
        self.faults.append(fault)

    def leaked(self, leak: str) -> None:
        self.leaks.append(leak)

    def expect(self, holds: object, fault: str) -> None:
        if not holds:
            self.failed(fault)

    @property
    def failures(self) -> list[str]:
        if not self.is_control:
            return self.faults + self.leaks
        return (
            [] if self.leaks else ["nothing leaked with every protection off: the harness is blind"]
        )

    def line(self) -> str:
        """The line of the contract."""
        end = f" leaks={len(self.leaks)}" if self.is_control else ""
        return f"PROOF {self.name} tried={len(self.tries)} failed={len(self.failures)}{end}"

    def say(self) -> bool:
        """Print the line and the first failures; whether the proof holds."""
        print(self.line(), flush=True)
        for failure in self.failures[:SHOWN]:
            print(f"  {self.name}: {failure}", file=sys.stderr, flush=True)
        return not self.failures
