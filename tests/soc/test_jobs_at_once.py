"""Two workers may run the same jobs at once: each thing is written once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core import tenancy
from soc import tasks
from soc.models import Alert, AlertRelation, Indicator, Proposal, ProposalAlert
from tests import factories
from tests.soc.factories import seen, within

EVIL, IP = ("domain", "evil.onion"), ("ip", "198.51.100.7")


@pytest.mark.django_db(transaction=True)
def test_four_jobs_at_once_relate_and_propose_once():
    with transaction.atomic():
        cast = factories.make_tenant("acme")
    with tenancy.tenant_scope(cast.tenant.pk), transaction.atomic():
        pks = [str(seen(cast, EVIL, IP).pk) for _ in range(4)]

    def work(chosen):
        try:
            tasks.enrich.func(str(cast.tenant.pk), chosen)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, [pks, pks[::-1], pks[:2], pks[1:]]))

    def found():
        with transaction.atomic():
            assert AlertRelation.objects.count() == 6
            assert Proposal.objects.count() == 1
            assert ProposalAlert.objects.count() == 4
            assert Indicator.objects.get(value=EVIL[1]).malice == "suspicious"
            assert set(Alert.objects.values_list("malice", "enrichment_status")) == {
                ("suspicious", "enriched")
            }

    within(cast, found)
