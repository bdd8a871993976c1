import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from core import tenancy
from core.models import Counter, Membership
from core.tenancy import TenantNotSet, tenant_scope
from soc.models import Alert
from soc.services import alerts
from tests import factories


@pytest.fixture
def two_alerts(acme, globex):
    made = {}
    for cast in (acme, globex):
        with tenant_scope(cast.tenant.pk):
            made[cast.tenant.slug] = alerts.create(
                {"title": cast.tenant.slug}, actor=cast.actor("analyst")
            )
    return made


def test_tests_run_as_the_app_role(db):
    assert factories.role_of_connection() == "soc_app"


def test_reading_without_a_tenant_raises(db):
    with pytest.raises(TenantNotSet):
        Alert.objects.count()


def test_the_manager_shows_the_tenants_rows_only(acme, two_alerts):
    with tenant_scope(acme.tenant.pk):
        assert [alert.title for alert in Alert.objects.all()] == ["acme"]


def test_row_security_alone_shows_the_tenants_rows_only(acme, two_alerts):
    with tenant_scope(acme.tenant.pk):
        assert [alert.title for alert in Alert.all_tenants.all()] == ["acme"]


def test_row_security_shows_nothing_when_no_tenant_is_set(two_alerts):
    assert Alert.all_tenants.count() == 0


def test_another_tenants_row_cannot_be_changed(acme, globex, two_alerts):
    foreign = two_alerts["globex"]
    with tenant_scope(acme.tenant.pk):
        changed = Alert.all_tenants.filter(pk=foreign.pk).update(title="mine now")

    assert changed == 0


def test_a_row_cannot_be_written_for_another_tenant(acme, globex):
    with tenant_scope(acme.tenant.pk), pytest.raises(ProgrammingError), transaction.atomic():
        Counter(tenant_id=globex.tenant.pk, kind="INV", year=2026, value=1).save()


def test_a_key_into_another_tenant_is_refused_by_the_database(acme, globex, two_alerts):
    mine, foreign = two_alerts["acme"], two_alerts["globex"]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    with tenant_scope(acme.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=mine.pk).update(duplicate_of=foreign.pk)


def test_a_scope_inside_another_tenants_scope_is_refused(acme, globex):
    with tenant_scope(acme.tenant.pk), pytest.raises(RuntimeError), tenant_scope(globex.tenant.pk):
        pass


def test_after_a_scope_no_tenant_is_left(acme):
    with tenant_scope(acme.tenant.pk):
        assert Membership.objects.count() == 6

    assert tenancy.current() is None
    assert Membership.all_tenants.count() == 0


FORBIDDEN = """
update core_auditevent set note = 'x'
delete from core_auditevent
insert into core_audithead select * from core_audithead
truncate core_auditevent
truncate soc_alert
alter table soc_alert disable row level security
set role soc_owner
set role soc_platform
"""


@pytest.mark.parametrize("statement", FORBIDDEN.strip().splitlines())
def test_the_app_role_may_not(statement, db):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
