"""Connectors, playbooks and their runs, live and deleted; an approval waits, asked of two."""

from core import actors
from soc.models import Playbook, StepRun
from soc.services import connectors, playbooks, run_engine, runs, step_decisions
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    actor, note = line.cast.actor(), f"note {word}"
    for number in range(2):
        made = connectors.create(
            {
                "name": f"connector {word} {number} {line.alert.pk.hex[-6:]}",
                "secret": f"secret {word}",
            },
            actor=actor,
            note=note,
        )
    connectors.delete(made, actor=actor, note=note)
    ask = {"question": f"question {word}", "count": 2}
    steps = [
        {"key": "ask", "kind": "approval", "name": f"step {word}", "with": ask},
        {"key": "call", "kind": "comment", "with": {"text": f"comment {word}"}},
    ]
    playbook = playbooks.create(
        {"name": f"playbook {word}", "steps": steps}, actor=actor, note=note
    )
    runs_of(line, playbook, note)
    gone = playbooks.create({"name": f"deleted {word}"}, actor=actor, note=note)
    playbooks.delete(gone, actor=actor, note=note)


def runs_of(line: Line, playbook: Playbook, note: str) -> None:
    """Two by a person, one cancelled and run again, and one by itself."""
    manager = line.cast.actor("manager")
    about = {"alert": line.alert, "investigation": line.investigation}
    given = {"inputs": {"word": note}, "stubs": {"word": note}, "note": note}
    old, run = (runs.start(playbook, actor=manager, **about, **given) for _ in range(2))
    runs.cancel(old, actor=manager, note=note)
    runs.retry(old, actor=manager, from_step="call", note=note)
    runs.fire(playbook, line.alert, actor=actors.system(line.cast.tenant.pk), event="created")
    for step in StepRun.objects.filter(run=run):
        run_engine.take(run.pk, step.pk, actor=actors.system(line.cast.tenant.pk))
        step_decisions.approve(step, actor=line.cast.actor("tenant_admin"), note=note)
