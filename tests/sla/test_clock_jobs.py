"""The jobs of clocks as a worker runs them: in no transaction but their own."""

import pytest
from django.db import transaction

from core import tenancy
from core.models import AuditEvent
from soc.models import SLAClock
from soc.services import slas
from soc.tasks import apply_sla
from socplatform import tasks
from tests import factories
from tests.sla.factories import alert_at, at, definition
from tests.soc.factories import within

pytestmark = pytest.mark.django_db(transaction=True)
CRITICAL = {"levels": ["critical"], "acknowledge_minutes": 20}


@pytest.fixture
def committed():
    """A tenant as a worker finds it."""
    with transaction.atomic():
        return factories.make_tenant("acme")


def governed_alert(cast):
    with tenancy.tenant_scope(cast.tenant.pk), transaction.atomic():
        return definition(cast, **CRITICAL), alert_at(cast)


def kept(cast, read):
    """What is committed."""
    with transaction.atomic():
        return within(cast, read)


def verbs(cast):
    def found():
        told = AuditEvent.objects.filter(verb__startswith="alert.sla_").order_by("id")
        return list(told.values_list("verb", flat=True))

    return kept(cast, found)


def test_the_job_of_the_minute_tells_of_a_breach(committed):
    governed_alert(committed)

    with at("10:21"):
        tasks.check_clocks.func(timestamp=0)

    assert verbs(committed) == ["alert.sla_breached"]


def test_the_job_of_a_definition_counts_anew(committed):
    sla, _ = governed_alert(committed)
    with tenancy.tenant_scope(committed.tenant.pk), at("10:05"):
        slas.update(sla, {"acknowledge_minutes": 60}, actor=committed.actor())

        apply_sla.func(str(committed.tenant.pk), str(sla.pk))

    assert kept(committed, lambda: SLAClock.objects.get().minutes) == 60


def test_the_job_of_the_hour_makes_up_for_a_lost_one(committed):
    _, alert = governed_alert(committed)
    kept(committed, lambda: SLAClock.objects.all().delete())

    with at("10:10"):
        tasks.repair_clocks.func(timestamp=0)

    assert kept(committed, lambda: SLAClock.objects.get().alert_id) == alert.pk
