"""The demo once the worker has come to it: malice, related alerts and something to decide."""

import pytest

from soc.models import Alert, AlertRelation, Indicator, Proposal
from socplatform.demo.night_facts import THIEF
from tests.soc.factories import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def look():
    proposed = Proposal.objects.filter(status="proposed")
    return {
        "proposals": [(row.title, row.reason, row.alert_links.count()) for row in proposed],
        "correlated": AlertRelation.objects.filter(kind="correlated").count(),
        "statuses": set(Alert.objects.values_list("enrichment_status", flat=True)),
        "malice": set(Alert.objects.values_list("malice", flat=True)),
    }


@pytest.mark.parametrize("slug", ["acme", "globex"])
def test_a_worker_leaves_malice_related_alerts_and_a_proposal(demo, slug):
    run_jobs()

    found = demo(slug, look)
    assert found["statuses"] == {"enriched"}
    assert found["correlated"] > 0
    assert found["proposals"]
    assert {"pending", "benign", "suspicious"} <= found["malice"]


def test_what_the_team_judged_stays_judged(demo):
    run_jobs()

    row = demo("acme", lambda: Indicator.objects.get(value=THIEF))

    assert (row.malice, row.malice_source) == ("malicious", "analyst@acme.test")
