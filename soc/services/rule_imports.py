"""Rules from the files of their authors, each in a transaction of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core import tenancy
from core.actors import Actor
from core.errors import DomainError
from soc.rule_formats import sigma
from soc.rule_formats.drafts import RuleDraft, RuleFault
from soc.rule_formats.sigma import YamlError
from soc.services import rules

Parser = Callable[[bytes], list[RuleDraft | RuleFault]]
FORMATS: dict[str, Parser] = {"sigma": sigma.parse}
ENDINGS = (".yml", ".yaml")
MOST_READ = 2 * 1024 * 1024  # bytes of one file; the formats take less and say so


@dataclass(slots=True)
class Report:
    """What became of the rules. `changed` ones are known already and count as duplicates too."""

    read: int = 0
    created: int = 0
    duplicates: int = 0
    changed: int = 0
    rejected: int = 0
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The closing line."""
        return (
            f"read={self.read} created={self.created} duplicates={self.duplicates} "
            f"rejected={self.rejected} skipped=0"
        )


def files_of(path: Path) -> list[Path]:
    """The file itself, or the YAML files below a folder, sorted. Links that lead out of it are left
    out.
    """
    if not path.is_dir():
        return [path]
    inside = path.resolve()
    found = (each for each in path.rglob("*") if each.suffix.lower() in ENDINGS)
    return sorted(
        each for each in found if each.is_file() and each.resolve().is_relative_to(inside)
    )


def run(
    files: list[Path],
    *,
    actor: Actor,
    format: str,
    source_name: str,
    progress: Callable[[int], object] = lambda count: None,
) -> Report:
    """Import every rule of every file. A file that cannot be read as its format is rejected whole;
    OSError when one cannot be read at all.
    """
    report = Report()
    for file in files:
        for found in _parsed(file, FORMATS[format]):
            report.read += 1
            _take(report, file, found, actor=actor, source_name=source_name)
        progress(1)
    return report


def _parsed(file: Path, parser: Parser) -> Iterator[RuleDraft | RuleFault]:
    with file.open("rb") as opened:
        content = opened.read(MOST_READ)
    try:
        yield from parser(content)
    except YamlError as error:
        yield RuleFault(str(error))


def _take(
    report: Report, file: Path, found: RuleDraft | RuleFault, *, actor: Actor, source_name: str
) -> None:
    if isinstance(found, RuleFault):
        return _reject(report, file, found.reason)
    try:
        with tenancy.tenant_scope(actor.tenant_id):
            _, outcome = rules.take(
                found.values(source_name), actor=actor, note=f"Imported from {file.name}."
            )
    except DomainError as refusal:
        return _reject(report, file, refusal.message)
    report.created += outcome == "created"
    report.duplicates += outcome != "created"
    report.changed += outcome == "changed"
    return None


def _reject(report: Report, file: Path, reason: str) -> None:
    report.rejected += 1
    report.faults.append(f"{file}: {reason}")
