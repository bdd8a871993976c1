"""The proofs, in the order in which they run. The control destroys the victim's rows, so it comes
last.
"""

from collections.abc import Callable

import psycopg

from tests.prove import (
    cast,
    catalog,
    hostile,
    kill_web,
    kills,
    layers,
    playbooks,
    references,
    scopes,
    sixteen,
    trail,
)
from tests.prove.cast import Stage
from tests.prove.report import Proof
from tests.prove.sweep import Sweep


def every(platform: psycopg.Connection) -> list[tuple[str, Callable[[], Proof]]]:
    """Name and function of each proof; the cast is made once, before the first."""
    stage = cast.assemble(platform)
    return [
        ("catalog", lambda: catalog.prove(platform)),
        ("scopes", lambda: scopes.prove(stage)),
        ("audit", lambda: trail.prove(platform)),
        ("references", lambda: references.prove(stage)),
        ("sweep", lambda: Sweep(stage, Proof("sweep")).run()),
        ("sweep_without_manager", lambda: without_manager(stage)),
        ("sweep_without_row_security", lambda: without_row_security(stage)),
        ("hostile_bodies", hostile.prove),
        ("import_sixteen", lambda: sixteen.prove(platform)),
        ("kill_import", lambda: kills.importer(platform)),
        ("kill_web", lambda: kill_web.prove(platform)),
        ("kill_worker", lambda: kills.worker(platform)),
        ("playbook_kill", lambda: playbooks.kills(platform)),
        ("playbook_fencing", lambda: playbooks.fencing(platform)),
        ("playbook_tenant", lambda: playbooks.tenants(platform)),
        ("sweep_control", lambda: control(stage)),
    ]


def without_manager(stage: Stage) -> Proof:
    """Row security alone holds."""
    with layers.managers_off():
        return Sweep(stage, Proof("sweep_without_manager"), strict=False).run()


def without_row_security(stage: Stage) -> Proof:
    """The managers alone hold."""
    with layers.row_security_off():
        return Sweep(stage, Proof("sweep_without_row_security"), strict=False).run()


def control(stage: Stage) -> Proof:
    """With both off the sweep must see leaks."""
    with layers.managers_off(), layers.row_security_off():
        return Sweep(stage, Proof("sweep_control", is_control=True), strict=False).run()
