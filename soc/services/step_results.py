"""What came of a step, and what a worker holds while it does one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from core import ids

MAX_OUTPUT = 64 * 1024  # bytes of JSON kept of one step


@dataclass(frozen=True, slots=True)
class Result:
    """`state` is succeeded, failed, waiting, uncertain or cancelled. `again` says that another try
    is worth it: after a failure another attempt, after an unknown outcome the same one again.
    `otherwise` is a success that leads on where a failure would: a condition that does not hold.
    """

    state: str
    output: Any = None
    error: str = ""
    again: bool = False
    check_at: datetime | None = None
    deadline_at: datetime | None = None
    otherwise: bool = False

    def bounded(self) -> "Result":
        """The same with an output that the ledger can keep; a larger one is a failure."""
        size = len(orjson.dumps(self.output, default=str)) if self.output is not None else 0
        if size <= MAX_OUTPUT:
            return self
        told = f"The output has {size} bytes; at most {MAX_OUTPUT} are kept."
        return Result("failed", error=told)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do one step once: whoever holds an older fence writes nothing."""

    run_id: UUID
    step_id: UUID
    fence: int
    attempt: int
    kind: str
    given: Mapping[str, Any]
    timeout: float
    repeatable: bool
    connector: "Target | None" = None
    alert_id: UUID | None = None

    @property
    def idempotency_key(self) -> str:
        """Of run, step and attempt: a second call of one attempt is the same call."""
        run, step = ids.show("run", self.run_id), ids.show("stp", self.step_id)
        return f"{run}:{step}:{self.attempt}"


@dataclass(frozen=True, slots=True)
class Target:
    """A connector as a call needs it. The secret is not shown when it is printed."""

    name: str
    kind: str
    url: str
    auth_scheme: str
    username: str
    header_name: str
    sender: str
    tenant: str
    secret: str = field(default="", repr=False)


def succeeded(output: Any = None) -> Result:
    return Result("succeeded", output)


def failed(error: str, *, output: Any = None, again: bool = False) -> Result:
    return Result("failed", output, error, again)
