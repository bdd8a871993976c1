"""Jobs of soc. Arguments are ids; each opens its tenant for short transactions."""

import dataclasses
from contextlib import ExitStack
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from core import actors, jobs, tenancy
from core.errors import DomainError
from soc.models import Connector, IndicatorListEntry, SLADefinition
from soc.services import (
    asset_matching,
    attack_seen,
    connectors,
    correlation,
    counted,
    enrichment,
    indicator_lists,
    malice,
    metrics_kept,
    notices,
    proposals,
    rule_ranking,
    run_engine,
    search,
    step_calls,
    triggers,
)
from soc.services import clocks as sla_clocks

NUMBERS = {
    "attack": attack_seen.count,
    "quality": rule_ranking.count,
    "trends": metrics_kept.count,
}
CHUNK = 500  # alerts of one round of short transactions


@app.task(name="soc.arrived", queue="arrivals", retry=5)
def arrived(tenant_id: str, alert_ids: list[str], person_id: str) -> None:
    """Everything that the alerts of a batch wait for; what takes long gets jobs of its own. A part
    that fails stops no other, and all are done again: each may be.
    """
    with ExitStack() as parts:  # done from the last to the first, whatever fails
        parts.callback(hand_on, tenant_id, alert_ids, person_id)
        parts.callback(tell_arrivals, tenant_id, alert_ids)
        parts.callback(clocks, tenant_id, alert_ids)
        parts.callback(fill_search, tenant_id, alert_ids)


def hand_on(tenant_id: str, alert_ids: list[str], person_id: str) -> None:
    """Defer enrichment, and the judging of what fires by itself."""
    pks = [UUID(text) for text in alert_ids]
    with tenancy.tenant_scope(UUID(tenant_id)), transaction.atomic(), jobs.together():
        enrichment.enrich_later(pks)
        triggers.later(pks, triggers.CREATED, person_id=UUID(person_id))


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
            with transaction.atomic():
                triggers.later(chunk, triggers.ENRICHED, person_id=actor.person_id)


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


@app.task(name="soc.run_step", queue="playbooks", retry=5)
def run_step(tenant_id: str, run_id: str, step_id: str) -> None:
    """Do one step of a run. What it calls outside is called between two transactions."""
    tenant = UUID(tenant_id)
    with tenancy.tenant_scope(tenant):
        me = actors.system(tenant)
        claim = run_engine.take(UUID(run_id), UUID(step_id), actor=me)
        if claim is not None:
            run_engine.finish(claim, step_calls.make(claim), actor=me)


@app.task(name="soc.triggers_created", queue="playbooks", retry=5)
def triggers_created(tenant_id: str, alert_ids: list[str], person_id: str) -> None:
    """Let playbooks run by themselves for new alerts."""
    _check_triggers(triggers.CREATED, tenant_id, alert_ids, person_id)


@app.task(name="soc.triggers_enriched", queue="playbooks", retry=5)
def triggers_enriched(tenant_id: str, alert_ids: list[str], person_id: str) -> None:
    """Let playbooks run by themselves for new alerts, once their malice is known."""
    _check_triggers(triggers.ENRICHED, tenant_id, alert_ids, person_id)


@app.task(name="soc.triggers_status_changed", queue="playbooks", retry=5)
def triggers_status_changed(tenant_id: str, alert_ids: list[str], person_id: str) -> None:
    """Let playbooks run by themselves for alerts whose status changed."""
    _check_triggers(triggers.STATUS_CHANGED, tenant_id, alert_ids, person_id)


@app.task(name="soc.triggers_escalated", queue="playbooks", retry=5)
def triggers_escalated(tenant_id: str, alert_ids: list[str], person_id: str) -> None:
    """Let playbooks run by themselves for alerts that were escalated."""
    _check_triggers(triggers.ESCALATED, tenant_id, alert_ids, person_id)


@app.task(name="soc.check_connector", queue="playbooks")
def check_connector(tenant_id: str, connector_id: str) -> None:
    """Try to reach a connector, and note what came of it."""
    pk = UUID(connector_id)
    with tenancy.tenant_scope(UUID(tenant_id)):
        with transaction.atomic():
            health, told, target = "failed", "", None
            try:
                target = connectors.target_of(Connector.objects.get(pk=pk))
            except DomainError as refusal:
                told = refusal.message
        if target is not None:
            health, told = step_calls.check(target)
        with transaction.atomic():
            connectors.noted(pk, health, told)


@app.task(name="soc.count_numbers", queue="upkeep")
def count_numbers(tenant_id: str, numbers_id: str) -> None:
    """Count what a page shows of a tenant with many alerts: `trends:30` is of thirty days."""
    with tenancy.tenant_scope(UUID(tenant_id)), transaction.atomic():
        name = counted.name_of(UUID(numbers_id))
        count = NUMBERS[name.partition(":")[0]]
        counted.keep(name, count(counted.days_of(name)))


def _check_triggers(event: str, tenant_id: str, alert_ids: list[str], person_id: str) -> None:
    tenant = UUID(tenant_id)
    actor = dataclasses.replace(actors.system(tenant), person_id=UUID(person_id))
    with tenancy.tenant_scope(tenant):
        triggers.check([UUID(text) for text in alert_ids], event, actor=actor)
