from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from core import tenancy
from core.actors import system
from soc.services import alerts

pytestmark = pytest.mark.django_db(transaction=True)

FORGED = """
insert into core_auditevent ({columns})
select gen_random_uuid(), tenant_id, created_at, 9, actor_id, app_id, source_type, verb,
  object_type, object_id, note, correlation_id, details, hash, 'f' || hash
from core_auditevent where tenant_id = %(acme)s and seq = 3
"""
COLUMNS = (
    "id, tenant_id, created_at, seq, actor_id, app_id, source_type, verb, object_type, object_id, "
    "note, correlation_id, details, previous_hash, hash"
)
DAMAGE = {
    "a flipped character": "update core_auditevent set note = 'x' where {of_acme} and seq = 2",
    "another actor": "update core_auditevent set actor_id = id where {of_acme} and seq = 3",
    "a deleted event": "delete from core_auditevent where {of_acme} and seq = 2",
    "a deleted first event": "delete from core_auditevent where {of_acme} and seq = 1",
    "a cut-off tail": "delete from core_auditevent where {of_acme} and seq = 8",
    "an event more": FORGED.replace("{columns}", COLUMNS),
    "a lost head": "delete from core_audithead where {of_acme}",
    "two events exchanged": """
        update core_auditevent set seq = 99 where {of_acme} and seq = 2;
        update core_auditevent set seq = 2 where {of_acme} and seq = 3;
        update core_auditevent set seq = 3 where {of_acme} and seq = 99""",
}


@pytest.fixture
def chains(made):
    """Eight events in acme, five of which the making of the tenant wrote; six in globex."""
    for slug, count in (("acme", 3), ("globex", 1)):
        with tenancy.tenant_scope(made[slug]), transaction.atomic():
            for _ in range(count):
                alerts.create({}, actor=system(made[slug]))
    return made


def verify(*args):
    out = StringIO()
    try:
        call_command("verify_audit", *args, stdout=out)
        status = 0
    except SystemExit as end:
        status = end.code
    return status, out.getvalue().strip().splitlines()


def as_platform(statements, chains):
    with connection.as_role("platform"), connection.cursor() as cursor:
        for statement in statements.replace("{of_acme}", "tenant_id = %(acme)s").split(";"):
            cursor.execute(statement, {"acme": chains["acme"]})


def test_whole_chains_are_told_with_their_heads(chains):
    status, lines = verify()

    assert status == 0
    assert lines[-1] == "events=14 tenants=2 broken=0"
    assert [line.split(" hash=")[0] for line in lines[:-1]] == [
        "head tenant=acme seq=8",
        "head tenant=globex seq=6",
    ]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_named(chains, damage):
    as_platform(DAMAGE[damage], chains)

    status, lines = verify()

    assert status == 1
    assert lines[0].startswith("broken tenant=acme seq=")
    assert not lines[-1].endswith("broken=0")
    assert not [line for line in lines if line.startswith("broken tenant=globex")]


def test_one_damage_is_not_told_a_hundred_times(chains):
    as_platform(DAMAGE["a deleted event"], chains)

    assert verify()[1][-1] == "events=13 tenants=2 broken=1"


def test_one_tenant_alone_is_verified(chains):
    as_platform(DAMAGE["another actor"], chains)

    assert verify("--tenant", "globex")[0] == 0
    assert verify("--tenant", "acme")[0] == 1
    with pytest.raises(CommandError, match="no tenant 'initech'"):
        verify("--tenant", "initech")


@pytest.mark.parametrize(
    "statement",
    [
        "update core_auditevent set note = 'x'",
        "delete from core_auditevent",
        "truncate core_auditevent",
        f"insert into core_auditevent ({COLUMNS}) select {COLUMNS} from core_auditevent",
        "update core_audithead set seq = 0",
        "delete from core_audithead",
        "truncate core_audithead",
        "insert into core_audithead select * from core_audithead",
    ],
)
def test_the_app_role_cannot_touch_the_trail(chains, statement):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        tenancy.tenant_scope(chains["acme"]),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
