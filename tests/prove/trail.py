"""The audit trail: written by the append function alone, every forgery shows, and nothing changes
without it (P11).
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings

from tests.prove import callers, cast, checksums, stage
from tests.prove.callers import Caller
from tests.prove.cast import Side
from tests.prove.report import Proof

TABLES = ("core_auditevent", "core_audithead")
APPEND = "core_audit_append(jsonb)"
EVENTS = 40


def prove(platform: psycopg.Connection) -> Proof:
    proof = Proof("audit")
    side = cast.small_tenant("audited")
    tool = callers.application(side)
    made = [
        tool.send("POST", "/api/v1/soc/alerts", {"title": f"alert {each}"})
        for each in range(EVENTS)
    ]
    proof.expect(
        all(each.status == 201 for each in made), "the alerts of the audit proof were refused"
    )
    _app_role(proof, side.tenant_id)
    _forgeries(proof, platform, side.tenant_id)
    _rolled_back(proof, platform, side)
    return proof


def _app_role(proof: Proof, tenant_id: UUID) -> None:
    """The role of web and workers can only read the trail."""
    with stage.connected("app") as app:
        app.execute("select set_config('app.tenant_id', %s, false)", [str(tenant_id)])
        for table in TABLES:
            statements = (
                f"update {table} set hash = 'x'",
                f"delete from {table}",
                f"insert into {table} select * from {table} limit 1",
                f"truncate {table}",
                f"alter table {table} disable row level security",
                f"drop table {table}",
            )
            for statement in statements:
                proof.tried("app role", statement)
                _refused(proof, app, statement)


def _refused(proof: Proof, app: psycopg.Connection, statement: str) -> None:
    try:
        app.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return
    proof.failed(f"the app role may: {statement}")


def _forgeries(proof: Proof, platform: psycopg.Connection, tenant_id: UUID) -> None:
    """Each forgery is made as a role that may, looked for, and undone."""
    proof.expect(not _faults(platform, tenant_id), "an honest chain has faults")
    for name, statement in _forged():
        proof.tried("forgery", name)
        with platform.transaction(force_rollback=True):
            changed = platform.execute(statement, {"tenant": tenant_id}).rowcount
            proof.expect(changed > 0, f"forgery '{name}' changed nothing")
            proof.expect(_faults(platform, tenant_id), f"forgery '{name}' is not seen")


def _faults(platform: psycopg.Connection, tenant_id: UUID) -> list[Any]:
    return platform.execute("select * from core_audit_faults(%s)", [tenant_id]).fetchall()


FLIPS = {
    "note": "'forged'",
    "verb": "'forged'",
    "actor_id": "gen_random_uuid()",
    "app_id": "gen_random_uuid()",
    "object_id": "gen_random_uuid()",
    "object_type": "'forged'",
    "source_type": "'forged'",
    "correlation_id": "gen_random_uuid()",
    "details": "'{\"forged\": 1}'",
    "created_at": "created_at + interval '1 second'",
    "previous_hash": "'forged'",
    "hash": "'forged'",
}
COPIED = (
    "created_at, actor_id, source_type, verb, object_type, note, correlation_id, details, "
    "previous_hash, hash"
)
FORGERIES = {
    "insert": f"""insert into core_auditevent (id, tenant_id, seq, {COPIED})
        select gen_random_uuid(), tenant_id, seq + 1000, {COPIED}
        from core_auditevent where tenant_id = %(tenant)s and seq = 5""",
    "reorder": """update core_auditevent set seq = case seq when 3 then 10004 else 10003 end
        where tenant_id = %(tenant)s and seq in (3, 4)""",
    "swap contents": """update core_auditevent e
        set verb = o.verb, note = o.note, object_id = o.object_id, details = o.details
        from core_auditevent o where e.tenant_id = %(tenant)s and o.tenant_id = %(tenant)s
        and (e.seq, o.seq) in ((3, 6), (6, 3))""",
    "cut the tail": "delete from core_auditevent where tenant_id = %(tenant)s and seq > 30",
    "move the head": "update core_audithead set seq = 2 where tenant_id = %(tenant)s",
}


def _forged() -> Iterator[tuple[str, str]]:
    """Name and statement of each forgery: at the start, in the middle and at the end."""
    yield from FORGERIES.items()
    for place in (1, EVENTS // 2, EVENTS):
        one = f"where tenant_id = %(tenant)s and seq = {place}"
        for column, value in FLIPS.items():
            yield (
                f"flip {column} of {place}",
                f"update core_auditevent set {column} = {value} {one}",
            )
        yield f"delete {place}", f"delete from core_auditevent {one}"


def _rolled_back(proof: Proof, platform: psycopg.Connection, side: Side) -> None:
    """When the trail cannot be written, neither can anything else."""
    found = platform.execute(
        "select id from soc_alert where tenant_id = %s order by id limit 1", [side.tenant_id]
    ).fetchone()
    path = f"/api/v1/soc/alerts/{found[0] if found else ''}"
    caller = callers.person(side)
    app = settings.DATABASE_ROLES["app"]["USER"]
    with stage.connected("platform") as owner:
        owner.execute(f"revoke execute on function {APPEND} from {app}")
        try:
            _try_changes(proof, platform, side, caller, path)
        finally:
            owner.execute(f"grant execute on function {APPEND} to {app}")


def _try_changes(
    proof: Proof, platform: psycopg.Connection, side: Side, caller: Caller, path: str
) -> None:
    before = checksums.of_tenant(platform, side.tenant_id)
    for method, url, body in _changes(path):
        answer = caller.send(method, url, body)
        proof.tried("without a trail", method, url.replace(path, "alert"))
        now = checksums.of_tenant(platform, side.tenant_id)
        fault = f"{method} {url} left {checksums.changed(before, now)} without an event"
        proof.expect(now == before, fault)
        proof.expect(answer.status >= 400, f"{method} {url} -> {answer.status} without an event")


def _changes(path: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (
            "POST",
            "/api/v1/soc/alerts",
            {"title": "unseen", "indicators": [{"type": "ip", "value": "203.0.113.5"}]},
        ),
        ("PATCH", path, {"title": "unseen"}),
        *(
            ("POST", f"{path}/{verb}", {})
            for verb in ("acknowledge", "triage", "escalate", "suppress")
        ),
        ("POST", f"{path}/resolve", {"resolution": "mitigated"}),
        ("POST", f"{path}/close", {"close_classification": "True Positive"}),
        ("POST", f"{path}/comments", {"text": "unseen"}),
        ("DELETE", path, {}),
        ("POST", "/api/v1/soc/alerts/bulk/acknowledge", {"ids": [path.rpartition("/")[2]]}),
        (
            "POST",
            "/api/v1/soc/investigations",
            {"title": "unseen", "alert_ids": [path.rpartition("/")[2]]},
        ),
        ("POST", "/api/v1/grc/incidents", {"title": "unseen"}),
        ("POST", "/api/v1/soc/intake/generic", {"title": "unseen"}),
    ]
