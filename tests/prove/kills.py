"""Importer and worker, killed with SIGKILL at random points: nothing is lost, nothing
comes twice (P8).
"""

import json
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from socplatform.launch import processes, run
from tests.intake import make_eve
from tests.prove import callers, cast
from tests.prove.cast import Side
from tests.prove.report import FULL, Proof

KILLS = 50 if FULL else 5
PATIENCE = 90.0

LINES_PER_KILL = 4000
CHANCE = random.Random(20261120)


def importer(platform: psycopg.Connection) -> Proof:
    """A file of events, begun again after each kill, until it is through; then once more, for
    nothing new.
    """
    proof = Proof("kill_import")
    side = cast.small_tenant("importing")
    lines = LINES_PER_KILL * KILLS
    with tempfile.TemporaryDirectory(prefix="soc-prove-") as folder:
        path = Path(folder) / "eve.json"
        path.write_bytes(b"".join(make_eve.lines(lines, 11)))
        while len(proof.tries) < KILLS and _killed_import(platform, side, path):
            proof.tried("kill", len(proof.tries))
        last, again = _import(path), _import(path)
    tally = make_eve.tally(lines, 11)
    wanted = tally.alerts - tally.repeats
    proof.expect(len(proof.tries) == KILLS, f"only {len(proof.tries)} kills hit the importer")
    proof.expect(
        f"read={lines} created={wanted} duplicates={tally.repeats} " in last,
        f"the end said: {last}",
    )
    proof.expect(
        f"read={lines} created=0 duplicates={tally.alerts} " in again, f"then it said: {again}"
    )
    rows, keys, repeats = counts(platform, side.tenant_id)
    proof.expect(rows == wanted, f"{rows} alerts of {wanted}")
    proof.expect(keys == wanted, f"{keys} distinct records of {wanted}")
    proof.expect(repeats == tally.repeats + tally.alerts, f"{repeats} repeats counted")
    return proof


def _killed_import(platform: psycopg.Connection, side: Side, path: Path) -> bool:
    """Let an import go on for a while, then kill it; False when it ended before."""
    before = _position(platform, side.tenant_id)
    child = processes.start(_import_command(path), output=subprocess.DEVNULL)
    until(lambda: child.poll() is not None or _position(platform, side.tenant_id) > before)
    time.sleep(CHANCE.uniform(0, 0.15))
    alive = child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    return alive


def _import(path: Path) -> str:
    """Import to the end; the closing line."""
    done = subprocess.run(
        _import_command(path), capture_output=True, text=True, timeout=600, check=False
    )
    lines = done.stdout.splitlines()
    return f"{lines[-1] if lines else done.stderr[-500:]} "


def _import_command(path: Path) -> list[str]:
    return run.manage("import_alerts", "--tenant", "importing", "--format", "suricata", str(path))


def _position(platform: psycopg.Connection, tenant_id: UUID) -> int:
    return number(
        platform,
        "select coalesce(max(position), 0) from soc_importcheckpoint where tenant_id = %s",
        tenant_id,
    )


def worker(platform: psycopg.Connection) -> Proof:
    """Search jobs whose worker is killed while it fills; the next worker does what is left."""
    proof = Proof("kill_worker")
    side = cast.small_tenant("indexed")
    tool = callers.application(side)
    made = 0
    for _ in range(KILLS * 3):
        if len(proof.tries) == KILLS:
            break
        made = _defer(tool, made)
        if _killed_worker(platform, side.tenant_id, made):
            proof.tried("kill", len(proof.tries))
    last = processes.start(run.manage("work"), output=subprocess.DEVNULL)
    try:
        whole = until(lambda: _findable(platform, side.tenant_id) == made, calm=True)
    finally:
        processes.stop(last, by=signal.SIGTERM, within=12)
    proof.expect(len(proof.tries) == KILLS, f"only {len(proof.tries)} kills hit the worker at work")
    proof.expect(whole, f"{_findable(platform, side.tenant_id)} of {made} alerts have search rows")
    for number in range(0, made, max(1, made // 50)):
        found = json.loads(
            callers.person(side).send("GET", f"/api/v1/soc/alerts?q=needle{number}x").body
        )
        proof.expect(
            len(found["results"]) == 1, f"needle{number}x is found {len(found['results'])} times"
        )
    return proof


def _defer(tool: callers.Caller, made: int, batches: int = 60) -> int:
    """Take in batches of alerts, a job each; how many alerts there are then."""
    for _ in range(batches):
        records = [
            {"title": f"alert needle{made + each}x", "id": f"job-{made + each}"}
            for each in range(10)
        ]
        answer = tool.send("POST", "/api/v1/soc/intake/generic", records)
        assert answer.status == 202, answer.text
        made += len(records)
    return made


def _killed_worker(platform: psycopg.Connection, tenant_id: UUID, made: int) -> bool:
    before = _findable(platform, tenant_id)
    child = processes.start(run.manage("work"), output=subprocess.DEVNULL)
    until(lambda: child.poll() is not None or _findable(platform, tenant_id) > before)
    time.sleep(CHANCE.uniform(0, 0.05))
    child.send_signal(signal.SIGKILL)
    child.wait()
    return _findable(platform, tenant_id) < made


def _findable(platform: psycopg.Connection, tenant_id: UUID) -> int:
    return number(
        platform,
        "select count(distinct alert_id) from soc_alertsearch where tenant_id = %s",
        tenant_id,
    )


def counts(platform: psycopg.Connection, tenant_id: UUID) -> tuple[int, int, int]:
    """Alerts, distinct records among them, and repeats counted on them."""
    found = platform.execute(
        "select count(*), count(distinct raw_data::text), coalesce(sum(duplicate_count), 0) "
        "from soc_alert where tenant_id = %s",
        [tenant_id],
    ).fetchone()
    return (int(found[0]), int(found[1]), int(found[2])) if found else (0, 0, 0)


def number(platform: psycopg.Connection, query: str, tenant_id: UUID) -> int:
    found = platform.execute(query, [tenant_id]).fetchone()
    return int(found[0]) if found else 0


def until(holds: Callable[[], Any], *, calm: bool = False) -> bool:
    """Wait for something to hold, for PATIENCE; whether it did."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.3 if calm else 0.01)
    return True
