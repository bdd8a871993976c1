"""The web server, killed while a sender fills the intake door and tries again (P8)."""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
from typing import Any

import psycopg

from socplatform.launch import processes, run
from tests.prove import cast
from tests.prove.cast import Side
from tests.prove.kills import CHANCE, KILLS, PATIENCE, counts, until
from tests.prove.report import Proof
from tests.prove.server import answers, children, free_port

BATCH = 40


def prove(platform: psycopg.Connection) -> Proof:
    """Batches at the intake door of a real server whose process is killed meanwhile; the sender
    tries again.
    """
    proof = Proof("kill_web")
    side = cast.small_tenant("flooded")
    port = free_port()
    os.environ["WEB_WORKERS"] = "1"
    server = processes.start(run.web(port), output=subprocess.DEVNULL)
    try:
        until(lambda: children(server.pid) and answers(port))
        sent = 0
        while len(proof.tries) < KILLS and sent < KILLS * 40:
            if _kill_while_sending(server.pid, port, side, sent):
                proof.tried("kill", len(proof.tries))
            sent += 1
    finally:
        processes.stop(server, by=signal.SIGTERM, within=10)
    rows, keys, _ = counts(platform, side.tenant_id)
    proof.expect(len(proof.tries) == KILLS, f"only {len(proof.tries)} kills hit a request")
    proof.expect(
        rows == keys == sent * BATCH, f"{rows} alerts, {keys} distinct, of {sent * BATCH} accepted"
    )
    return proof


def _kill_while_sending(master: int, port: int, side: Side, number: int) -> bool:
    """Send one batch until it is accepted, with a kill some milliseconds in; whether a request was
    cut off.
    """
    records = [
        {"title": f"alert {number} {each}", "id": f"web-{number}-{each}"} for each in range(BATCH)
    ]
    victims = children(master)
    timer = threading.Timer(CHANCE.uniform(0.005, 0.12), _kill, victims)
    timer.start()
    cut_off, deadline = False, time.monotonic() + PATIENCE
    while _send(port, side.key.bearer, records) != 202:
        cut_off = True
        if time.monotonic() > deadline:
            raise TimeoutError("The web server does not come back.")
        time.sleep(0.1)
    timer.join()
    return cut_off


def _send(port: int, bearer: str, records: list[dict[str, Any]]) -> int:
    """The status of one POST; 0 when the connection broke."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
        link.request("POST", "/api/v1/soc/intake/generic", json.dumps(records), headers)
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        link.close()


def _kill(*pids: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
