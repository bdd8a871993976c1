"""Sixteen importers of the same file at once, in two tenants: each alert once in each (P8)."""

import subprocess
import tempfile
from pathlib import Path

import psycopg

from socplatform.launch import processes, run
from tests.intake import make_eve
from tests.prove import cast
from tests.prove.kills import counts
from tests.prove.report import Proof

IMPORTERS = 8  # in each of two tenants
LINES = 1_500
SLUGS = ("first-of-two", "second-of-two")


def prove(platform: psycopg.Connection) -> Proof:
    proof = Proof("import_sixteen")
    sides = {slug: cast.small_tenant(slug) for slug in SLUGS}
    tally = make_eve.tally(LINES, 16)
    with tempfile.TemporaryDirectory(prefix="soc-prove-") as folder:
        path = Path(folder) / "eve.json"
        path.write_bytes(b"".join(make_eve.lines(LINES, 16)))
        running = [
            processes.start(_command(slug, path), output=subprocess.DEVNULL)
            for _ in range(IMPORTERS)
            for slug in SLUGS
        ]
        for number, child in enumerate(running):
            proof.tried("importer", number)
            status = child.wait(500)
            proof.expect(status == 0, f"importer {number} ended with {status}")
    wanted = tally.alerts - tally.repeats
    for slug, side in sides.items():
        rows, distinct, repeats = counts(platform, side.tenant_id)
        proof.expect(rows == distinct == wanted, f"{slug}: {rows} alerts of {wanted}")
        told = tally.alerts * IMPORTERS - wanted
        proof.expect(repeats == told, f"{slug}: {repeats} repeats of {told}")
    return proof


def _command(slug: str, path: Path) -> list[str]:
    return run.manage("import_alerts", "--tenant", slug, "--format", "suricata", str(path))
