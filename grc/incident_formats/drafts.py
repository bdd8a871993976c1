"""What a record of another tool says of an incident, before it is one."""

from dataclasses import dataclass, field
from typing import Any


class Fault(ValueError):
    """This record cannot become an incident; the message says why."""


class Skip(ValueError):
    """This record is no incident; the message says what it is."""


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """`key` is the record's identity. `times` are partial dates as the record has them: `2013`,
    `2013-07`, `2013-07-14`, or a duration like `3 Days`; no day is made up.
    """

    key: str
    title: str
    description: str = ""
    category: str | None = None
    severity: str = "medium"
    financial_impact: float | None = None
    impact: dict[str, Any] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
