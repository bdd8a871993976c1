"""Whatever the list of alerts is filtered by, what finds nothing reads next to nothing: a filter
without an index would read every alert of the tenant and throw it away.
"""

import orjson
import pytest
from django.utils import timezone

from core import ids
from core.filters import OF_THE_DELETED
from soc.filters.alerts import AlertFilters
from soc.models import Alert

MANY = 3_000
# Of a row's own moments the planner must know how they are spread, and nobody has looked at rows
# that this transaction has made; the bench measures them. The tenant is the token's.
APART = {"tenant_id", "created_after", "created_before", "updated_since", "updated_before"}
APART |= {"occurred_after", "occurred_before"}
# Words of a vocabulary that no alert here has; all other filters are asked for what nobody has.
RARE = {
    "severity": "critical",
    "status": "suppressed",
    "malice": "malicious",
    "enrichment_status": "failed",
    "resolution": "mitigated",
    "source_type": "frontend",
    "schema_version": "7",
    "is_deleted": "true",
    "sla": "breached",
    "clock": "overdue",
}


@pytest.fixture
def many(in_acme):
    person = in_acme.people["responder"].pk
    common = {"created_by": person, "updated_by": person, "occurred_at": timezone.now()}
    Alert.objects.bulk_create(
        Alert(title=f"Signature {n % 80}", source_id=f"event-{n}", fingerprint=str(n), **common)
        for n in range(MANY)
    )


def wanted(name):
    if name in RARE:
        return RARE[name]
    if name.endswith(("_after", "_before")):
        return "2190-01-01T00:00:00Z"
    prefix = getattr(AlertFilters.base_filters[name], "prefix", "alr")
    return (
        ids.show(prefix, ids.new())
        if name.endswith(("_id", "_by")) or name == "id"
        else "none at all"
    )


def thrown_away(node):
    """The rows that a plan has read and not used, in all of its parts."""
    own = sum(node.get(f"Rows Removed by {what}", 0) for what in ("Filter", "Join Filter"))
    return own * node["Actual Loops"] + sum(map(thrown_away, node.get("Plans", ())))


def plan_of(name):
    """How a list with this filter was read; None where it is known without reading."""
    alerts = Alert.with_deleted if name in OF_THE_DELETED else Alert.objects
    asked = AlertFilters({name: wanted(name)}, queryset=alerts.all())
    assert asked.is_valid(), asked.errors
    told = asked.qs.order_by("-id")[:51].explain(format="json", analyze=True)
    return orjson.loads(told)[0]["Plan"] if told else None


def test_a_filter_that_finds_nothing_reads_nothing(many):
    plans = {name: plan_of(name) for name in sorted(set(AlertFilters.base_filters) - APART)}

    wasted = {name: thrown_away(plan) for name, plan in plans.items() if plan}

    assert {name: rows for name, rows in wasted.items() if rows > 50} == {}
    assert len(wasted) > 40
