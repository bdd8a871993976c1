"""`docs/workflows.md`, drawn from the tables that decide which moves are allowed."""

from collections.abc import Iterator

from core import workflow
from core.workflow import Input, Move, Workflow

HEAD = """\
# Life cycles

What may happen to an alert, an investigation and an incident, and who may do it. Each move below is
a row of a table in `soc/workflows/` or `grc/workflows.py`; the API, the buttons of the admin and
the commands all ask that table, and nothing else writes a status.

- A move that the table does not have is refused, with the reason and the moves that are allowed.
- *Scope* is what the person or application needs for the move. Inputs in **bold** must be given,
  now or, where a field of the object keeps them, earlier.
- Some moves also have guards, which may say why not yet: an incident does not close while an
  investigation that belongs to it is open.

This page is generated. After changing a table, write it anew with `manage.py workflow_diagrams`;
`make check` compares.
"""

APPS = ("soc", "grc")  # from the alert to the regulator


def page() -> str:
    """The whole page: a diagram and a table for each life cycle."""
    cycles = sorted(workflow.every(), key=lambda each: APPS.index(each.model._meta.app_label))
    return "\n".join([HEAD, *map(_section, cycles)])


def _section(cycle: Workflow) -> str:
    name = str(cycle.model._meta.verbose_name).capitalize()
    return "\n".join([f"## {name}", "", *_diagram(cycle), "", *_table(cycle), ""])


def _diagram(cycle: Workflow) -> Iterator[str]:
    """One arrow between two statuses, with every verb that leads along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in cycle:
        for source in move.sources:
            arrows.setdefault((source, move.target or source), []).append(move.verb)
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {cycle.initial}"
    for (source, target), verbs in arrows.items():
        yield f"    {source} --> {target}: {', '.join(verbs)}"
    yield "```"


def _table(cycle: Workflow) -> Iterator[str]:
    yield "| verb | from | to | scope | inputs |"
    yield "|---|---|---|---|---|"
    for move in cycle:
        yield f"| {' | '.join(_row(move))} |"


def _row(move: Move) -> tuple[str, ...]:
    inputs = ", ".join(_shown(each) for each in move.inputs)
    target = move.target or "unchanged"
    return f"`{move.verb}`", ", ".join(move.sources), target, f"`{move.scope}`", inputs


def _shown(each: Input) -> str:
    return f"**{each.name}**" if each.needed else each.name
