"""What travels from a format of rules to the database."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule before it has a tenant. `severity` is a word of the platform, or None."""

    name: str
    source_rule_id: str
    severity: str | None = None
    is_active: bool = True
    mitre_tactics: list[str] = field(default_factory=list)
    mitre_techniques: list[str] = field(default_factory=list)
    mitre_subtechniques: list[str] = field(default_factory=list)
    data_sources: list[str] = field(default_factory=list)
    author: str = ""
    documentation: str = ""
    definition: str = ""
    tags: list[str] = field(default_factory=list)

    def values(self, source_name: str) -> dict[str, Any]:
        """As the service takes it, under the name of the tool that runs it."""
        return asdict(self) | {"source_name": source_name}


@dataclass(frozen=True, slots=True)
class RuleFault:
    """A rule that cannot be taken, and why."""

    reason: str
