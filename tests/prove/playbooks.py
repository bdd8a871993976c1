"""Playbooks whose workers are killed while they call out: no run is lost, and no call is made twice
that nobody can explain; an old claim writes nothing; another tenant's run is not found (P9).
"""

import signal
import subprocess
import time
from uuid import UUID

import psycopg
from django.db import transaction

from core import actors, ids, tenancy
from soc.models import Playbook, PlaybookRun, StepRun
from soc.services import connectors, playbooks, run_engine, runs
from soc.services.step_results import succeeded
from socplatform.launch import processes, run
from tests.playbooks import stub as stubs
from tests.playbooks.factories import step
from tests.playbooks.stub import Stub, say
from tests.prove import callers, cast
from tests.prove.cast import Side
from tests.prove.kills import CHANCE, KILLS, until
from tests.prove.report import Proof

SLUG = "playing"
RUNS_PER_KILL = 4
CLAIMS = 20
VERBS = {
    "playbooks": ("run", "validate", "trigger-test"),
    "playbook-runs": ("cancel", "settle", "retry"),
    "playbook-steps": ("approve", "reject", "complete"),
    "connectors": ("check",),
}
BODIES = {"retry": {"step": "once"}, "settle": {"outcome": "done"}}


def kills(platform: psycopg.Connection) -> Proof:
    """A service outside counts calls by their key while workers are killed between claim, call and
    commit.
    """
    proof = Proof("playbook_kill")
    side = cast.small_tenant(SLUG)
    with stubs.serving() as service:
        for path in ("/once", "/again", "/read"):
            service.answers[path] = _slowly
        made = _playbook(side, service.url)
        started = 0
        while len(proof.tries) < KILLS and started < KILLS * RUNS_PER_KILL * 3:
            started += _start(side, made)
            if _killed(service):
                proof.tried("kill", len(proof.tries))
        last = processes.start(run.manage("work"), output=subprocess.DEVNULL)
        try:
            ended = until(lambda: _going(platform, side.tenant_id) == 0, calm=True)
        finally:
            processes.stop(last, by=signal.SIGTERM, within=12)
        proof.expect(len(proof.tries) == KILLS, f"only {len(proof.tries)} kills hit a worker")
        proof.expect(ended, f"{_going(platform, side.tenant_id)} runs of {started} never end")
        _look(proof, side, service, started)
    return proof


def _slowly(handler) -> None:
    """So that a kill may hit while the call is under way."""
    time.sleep(CHANCE.uniform(0, 0.15))
    say(handler, 200, b"{}")


def _playbook(side: Side, url: str, first: int = 0) -> Playbook:
    """A call that may be made once only, one that may be repeated under its key, and a look."""
    actor = side.cast.actor()
    with tenancy.tenant_scope(side.tenant_id):
        target = connectors.create({"name": "service", "url": url}, actor=actor).shown_id
        given = {"connector_id": target, "timeout_seconds": 2}
        steps = [
            step("once", "http", path="/once", method="POST", **given),
            step("again", "http", path="/again", method="POST", idempotent=True, **given),
            step("read", "http", path="/read", retries=3, **given),
        ]
        return playbooks.create({"name": "killed", "steps": steps[first:]}, actor=actor)


def _start(side: Side, playbook: Playbook) -> int:
    with tenancy.tenant_scope(side.tenant_id):
        for _ in range(RUNS_PER_KILL):
            runs.start(playbook, actor=side.cast.actor())
    return RUNS_PER_KILL


def _killed(service: Stub) -> bool:
    """Kill a worker a moment after it has begun to call; whether it was alive until then."""
    before = len(service.seen)
    child = processes.start(run.manage("work"), output=subprocess.DEVNULL)
    until(lambda: child.poll() is not None or len(service.seen) > before)
    time.sleep(CHANCE.uniform(0, 0.3))
    alive = child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    return alive


def _going(platform: psycopg.Connection, tenant_id: UUID) -> int:
    found = platform.execute(
        "select count(*) from soc_playbookrun where tenant_id = %s "
        "and status in ('pending', 'running', 'waiting')",
        [tenant_id],
    ).fetchone()
    return int(found[0]) if found else 0


def _look(proof: Proof, side: Side, service: Stub, started: int) -> None:
    """Every run has succeeded, or says that a call's outcome is unknown; every call has its
    reason.
    """
    with tenancy.tenant_scope(side.tenant_id), transaction.atomic():
        rows = list(PlaybookRun.objects.all())
        steps = {ids.show("stp", each.pk): each for each in StepRun.objects.all()}
    states = {row.status for row in rows}
    proof.expect(len(rows) == started, f"{len(rows)} runs of {started}")
    proof.expect(states <= {"succeeded", "uncertain"}, f"runs are {states}")
    for key, count in service.calls.items():
        row = steps.get(key.split(":")[1])
        proof.expect(row is not None, f"a call by no step of ours: {key}")
        if row is None:
            continue
        most = 1 if row.key == "once" else row.fence
        proof.expect(count <= most, f"{row.key} was called {count} times in {row.fence} claims")
        known = row.state in ("succeeded", "uncertain")
        proof.expect(known, f"{row.key} is {row.state} in the end")
    called = {key.split(":")[1] for key in service.calls}
    done = [shown for shown, row in steps.items() if row.state == "succeeded"]
    lost = [shown for shown in done if shown not in called]
    proof.expect(not lost, f"{len(lost)} steps say that they called and did not")
    uncertain = sum(row.state == "uncertain" for row in steps.values())
    doubled = sum(count > 1 for count in service.calls.values())
    told = f"runs={started} calls={sum(service.calls.values())} uncertain={uncertain}"
    print(f"  playbook_kill: {told} repeated_under_their_key={doubled}", flush=True)


def fencing(platform: psycopg.Connection) -> Proof:
    """A worker that comes back late, with an old fence, writes nothing, again and again."""
    proof = Proof("playbook_fencing")
    side = cast.small_tenant("fenced")
    made = _playbook(side, "http://example.com", first=1)  # one that may be called again
    me = actors.system(side.tenant_id)
    _start(side, made)
    with tenancy.tenant_scope(side.tenant_id):
        with transaction.atomic():
            row = StepRun.objects.select_related("run").first()
        claims = []
        for _ in range(CLAIMS):
            claims.append(run_engine.take(row.run_id, row.pk, actor=me))
            again = run_engine.take(row.run_id, row.pk, actor=me)
            proof.expect(again is None, "a second claim while the lease holds")
            platform.execute(
                "update soc_steprun set lease_until = now() - interval '1 second' where id = %s",
                [row.pk],
            )
        for number, claim in enumerate(claims[:-1]):
            proof.tried("zombie", number)
            written = run_engine.finish(claim, succeeded({"by": number}), actor=me)
            proof.expect(not written, f"the fence {claim.fence} wrote after {claims[-1].fence}")
        last = run_engine.finish(claims[-1], succeeded({"by": "last"}), actor=me)
        with transaction.atomic():
            row.refresh_from_db()
    proof.expect(last and row.output == {"by": "last"}, f"the newest claim wrote {row.output}")
    proof.expect(len({claim.idempotency_key for claim in claims}) == 1, "the key changed")
    return proof


def tenants(platform: psycopg.Connection) -> Proof:
    """Ids of another tenant's playbook, run, step and connector answer like ids that nobody has."""
    proof = Proof("playbook_tenant")
    mine, theirs = cast.small_tenant("one-of-two"), cast.small_tenant("two-of-two")
    made = _playbook(theirs, "http://example.com")
    _start(theirs, made)
    with tenancy.tenant_scope(theirs.tenant_id), transaction.atomic():
        step_row = StepRun.objects.select_related("run").first()
        row = step_row.run
        target = playbooks.connector_ids(playbooks.checked(made.steps).order)[0]
    known = {
        "playbooks": ("pbk", made.pk),
        "playbook-runs": ("run", row.pk),
        "playbook-steps": ("stp", step_row.pk),
        "connectors": ("con", UUID(target)),
    }
    caller = callers.person(mine)
    for place, (prefix, pk) in known.items():
        for shown, nobody in (
            (ids.show(prefix, pk), ids.show(prefix, ids.new())),
            (str(pk), str(ids.new())),
        ):
            for method, path, body in _calls(place):
                answers = [
                    caller.send(method, f"/api/v1/soc/{place}/{each}{path}", body)
                    for each in (shown, nobody)
                ]
                proof.tried(method, place, path, "_" in str(shown))
                proof.expect(
                    answers[0].status == 404, f"{method} {place}{path}: {answers[0].status}"
                )
                same = answers[0].masked((str(shown),)) == answers[1].masked((str(nobody),))
                proof.expect(same, f"{method} {place}{path} tells them apart")
    return proof


def _calls(place: str) -> list[tuple[str, str, dict[str, str]]]:
    reads = [
        ("GET", "", {}),
        ("PATCH", "", {"name": "x"}),
        ("DELETE", "", {}),
        ("GET", "/history", {}),
    ]
    reads = reads[:1] if place == "playbook-steps" else reads
    reads = [reads[0], reads[3]] if place == "playbook-runs" else reads
    more = [("GET", "/versions", {}), ("GET", "/export", {})] if place == "playbooks" else []
    return [*reads, *more, *(("POST", f"/{verb}", BODIES.get(verb, {})) for verb in VERBS[place])]
