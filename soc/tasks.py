"""Jobs of soc. Arguments are ids; each opens its tenant for short transactions."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from core import actors, tenancy
from soc.models import IndicatorListEntry, SLADefinition
from soc.services import (
    asset_matching,
    correlation,
    enrichment,
    indicator_lists,
    malice,
    notices,
    proposals,
    search,
)
from soc.services import clocks as sla_clocks

CHUNK = 500  # alerts of one round of short transactions


@app.task(name="soc.fill_search", queue="search", retry=5)
def fill_search(tenant_id: str, alert_ids: list[str]) -> None:
    """Make a batch of alerts findable by their words."""
    with tenancy.tenant_scope(UUID(tenant_id)), transaction.atomic():
        search.fill([UUID(text) for text in alert_ids])


@app.task(name="soc.tell_arrivals", queue="notices", retry=5)
def tell_arrivals(tenant_id: str, alert_ids: list[str]) -> None:
    """Tell people of the critical alerts of a batch."""
    with tenancy.tenant_scope(UUID(tenant_id)), transaction.atomic():
        notices.arrived([UUID(text) for text in alert_ids])


@app.task(name="soc.enrich", queue="enrichment", retry=5)
def enrich(tenant_id: str, alert_ids: list[str]) -> None:
    """Enrich the indicators of a batch of alerts, relate the alerts, and propose investigations."""
    tenant, pks = UUID(tenant_id), [UUID(text) for text in alert_ids]
    actor = actors.system(tenant)
    for begin in range(0, len(pks), CHUNK):
        chunk = pks[begin : begin + CHUNK]
        with tenancy.tenant_scope(tenant):
            enrichment.of_alerts(chunk)
            with transaction.atomic():
                correlation.relate(chunk, actor=actor)
            with transaction.atomic():
                asset_matching.of_alerts(chunk, actor=actor)
            proposals.propose(chunk, actor=actor)


@app.task(name="soc.enrich_indicators", queue="enrichment", retry=5)
def enrich_indicators(tenant_id: str, indicator_ids: list[str]) -> None:
    """Enrich indicators by themselves: new ones, and those that a list says something of."""
    with tenancy.tenant_scope(UUID(tenant_id)):
        enrichment.of_indicators([UUID(text) for text in indicator_ids])


@app.task(name="soc.follow_malice", queue="enrichment", retry=5)
def follow_malice(tenant_id: str, indicator_ids: list[str]) -> None:
    """Let the alerts follow that saw indicators whose malice changed."""
    with tenancy.tenant_scope(UUID(tenant_id)):
        malice.follow_all([UUID(text) for text in indicator_ids])


@app.task(name="soc.apply_list_entry", queue="enrichment", retry=5)
def apply_list_entry(tenant_id: str, entry_id: str) -> None:
    """Have what a line of a list holds enriched again."""
    with tenancy.tenant_scope(UUID(tenant_id)), transaction.atomic():
        indicator_lists.apply(IndicatorListEntry.with_deleted.get(pk=UUID(entry_id)))


@app.task(name="soc.clocks", queue="clocks", retry=5)
def clocks(tenant_id: str, alert_ids: list[str]) -> None:
    """Start the clocks of a batch of new alerts."""
    tenant, pks = UUID(tenant_id), [UUID(text) for text in alert_ids]
    with tenancy.tenant_scope(tenant):
        for begin in range(0, len(pks), CHUNK):
            chunk = pks[begin : begin + CHUNK]
            sla_clocks.refresh("alert", chunk, actor=actors.system(tenant))


@app.task(name="soc.apply_sla", queue="clocks", retry=5)
def apply_sla(tenant_id: str, definition_id: str) -> None:
    """Count what an SLA definition governs, or governed, by its present rules."""
    tenant = UUID(tenant_id)
    with tenancy.tenant_scope(tenant):
        with transaction.atomic():
            definition = SLADefinition.with_deleted.get(pk=UUID(definition_id))
        sla_clocks.apply(definition, actor=actors.system(tenant))
