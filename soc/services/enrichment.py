"""Enrichment: what is known of indicators without asking anybody outside, and the malice that
follows.

It writes no history, no event and no version. It may run twice, and beside itself.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from core import jobs, tenancy
from soc.enrichment.findings import (
    EARLIER,
    LIST,
    OWN,
    RANGE,
    EnrichmentError,
    Finding,
    same,
    weigh,
)
from soc.models import AlertIndicator, Indicator
from soc.services import enrichers, malice
from soc.services.enrichers import Enricher

# In the order in which they count where two say the same.
_enrichers: dict[str, Enricher] = {
    LIST: enrichers.listed,
    EARLIER: enrichers.earlier_verdicts,
    RANGE: enrichers.special_range,
    OWN: enrichers.own_asset,
}
_WRITE = """
UPDATE soc_indicator AS i SET enrichment_results = given.results, is_enriched = true,
  malice = CASE WHEN i.malice_overridden_at IS NULL THEN given.malice ELSE i.malice END,
  malice_source = CASE WHEN i.malice_overridden_at IS NULL THEN given.source
    ELSE i.malice_source END
FROM unnest(%(pks)s::uuid[], %(results)s::jsonb[], %(malice)s::text[], %(sources)s::text[])
  AS given (id, results, malice, source)
WHERE i.tenant_id = %(tenant)s AND i.id = given.id
"""
_MARK = """
UPDATE soc_alert a SET enrichment_status = given.status,
  enriched_at = CASE WHEN given.status = 'enriched' THEN coalesce(a.enriched_at, now()) END
FROM (
  SELECT asked.id, CASE WHEN bool_or(jsonb_path_exists(i.enrichment_results, '$.*.failed'))
    THEN 'failed' ELSE 'enriched' END AS status
  FROM unnest(%(alerts)s::uuid[]) AS asked (id)
  LEFT JOIN soc_alertindicator l ON l.tenant_id = %(tenant)s AND l.alert_id = asked.id
  LEFT JOIN soc_indicator i ON i.tenant_id = %(tenant)s AND i.id = l.indicator_id
  GROUP BY asked.id
) AS given
WHERE a.tenant_id = %(tenant)s AND a.id = given.id AND a.enrichment_status <> given.status
"""


def register(name: str, enricher: Enricher) -> None:
    """Let an app above say what it knows: a register of assets, a connector. Its findings stand
    under `name`; it may raise EnrichmentError.
    """
    _enrichers[name] = enricher


def withdraw(name: str) -> None:
    """Take a registered enricher away."""
    del _enrichers[name]


def enrich_later(alert_ids: Sequence[UUID]) -> None:
    """Defer enrichment and correlation to one job, in the transaction of the change."""
    if alert_ids:
        jobs.later("soc.enrich", alert_ids=[str(pk) for pk in alert_ids])


def enrich_indicators_later(indicator_ids: Sequence[UUID]) -> None:
    """As above, for indicators by themselves."""
    if indicator_ids:
        app.configure_task("soc.enrich_indicators").defer(
            tenant_id=str(tenancy.required()), indicator_ids=[str(pk) for pk in indicator_ids]
        )


def of_alerts(alert_ids: Sequence[UUID]) -> None:
    """Enrich the indicators of these alerts, then mark the alerts and let their malice follow."""
    links = AlertIndicator.objects.filter(alert_id__in=alert_ids)
    with transaction.atomic():
        of_indicators(set(links.values_list("indicator_id", flat=True)))
    with transaction.atomic():
        malice.follow(malice.lock(alert_ids))
        values: dict[str, Any] = {"tenant": tenancy.required(), "alerts": sorted(alert_ids)}
        with connection.cursor() as cursor:
            cursor.execute(_MARK, values)


@transaction.atomic
def of_indicators(indicator_ids: Iterable[UUID]) -> None:
    """Write what the enrichers say where it differs, and have all alerts follow where the malice
    changed.

    They are asked again under the lock: what another job wrote, or a list said, in between counts.
    """
    rows = Indicator.with_deleted.filter(pk__in=list(indicator_ids))
    due = _differing(list(rows))
    if not due:
        return
    wanted = Indicator.with_deleted.filter(pk__in=[row.pk for row, _ in due])
    locked = wanted.select_for_update(no_key=True).order_by("type", "value")
    written = _differing(list(locked))
    _write(written)
    malice.follow_later(
        [
            row.pk
            for row, results in written
            if row.malice_overridden_at is None and weigh(results)[0] != row.malice
        ]
    )


def _differing(rows: Sequence[Indicator]) -> list[tuple[Indicator, dict[str, Any]]]:
    """The indicators of which the enrichers say something else than what is kept."""
    told = _asked(rows)
    return [
        (row, told[row.pk])
        for row in rows
        if not row.is_enriched or not same(row.enrichment_results, told[row.pk])
    ]


def _asked(rows: Sequence[Indicator]) -> dict[UUID, dict[str, Any]]:
    """The results of each indicator by enricher; one that fails is told and stops no other."""
    now = timezone.now()
    results: dict[UUID, dict[str, Any]] = {row.pk: {} for row in rows}
    for name, enricher in _enrichers.items():
        try:
            found: dict[UUID, Finding | EnrichmentError] = dict(enricher(rows))
        except EnrichmentError as failure:
            found = dict.fromkeys(results, failure)
        for pk, finding in found.items():
            results[pk][name] = finding.kept(now)
    return results


def _write(told: Sequence[tuple[Indicator, dict[str, Any]]]) -> None:
    weighed = [weigh(results) for _, results in told]
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "pks": [row.pk for row, _ in told],
        "results": [orjson.dumps(results).decode() for _, results in told],
        "malice": [verdict for verdict, _ in weighed],
        "sources": [source for _, source in weighed],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
