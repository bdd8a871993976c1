"""Verbs of the indicator, and where it was seen."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core import audit, records, tenancy
from core.actors import Actor
from core.errors import BadInput, Conflict
from soc.enrichment.findings import weigh
from soc.models import Alert, Indicator
from soc.services import enrichment, fields, malice, relations
from soc.vocabulary import MALICE
from soc.workflows import WRITE

WRITABLE = ("ignore_similarity", "tags")
VERDICTS = MALICE[1:]
MOST_COUNTED = 1_000
_SIGHTINGS = """
SELECT given.id, (
  SELECT count(*) FROM (
    SELECT 1 FROM soc_alertindicator l
    WHERE l.tenant_id = %(tenant)s AND l.indicator_id = given.id LIMIT %(most)s
  ) AS seen
) FROM unnest(%(indicators)s::uuid[]) AS given (id)
"""


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Indicator:
    """An indicator written down by a person. One that is known already is refused and named: look
    at what is known of it first.
    """
    actor.require(WRITE)
    type_, value = relations.spelled(values.get("type"), values.get("value"), field="value")
    now = timezone.now()
    row = Indicator(type=type_, value=value, first_seen=now, last_seen=now, **_clean(values))
    try:
        with transaction.atomic():
            records.create(row, actor=actor, note=note)
    except IntegrityError as error:
        known = Indicator.with_deleted.get(type=type_, value=value)
        raise Conflict(f"{value} is known already: {known.shown_id}.", field="value") from error
    enrichment.enrich_indicators_later([row.pk])
    return row


@audit.verb
def update(
    indicator: Indicator, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Indicator:
    """Change its tags, and whether sharing it ties alerts together."""
    actor.require(WRITE)
    return records.change(records.lock(indicator), _clean(values), actor=actor, note=note)


@audit.verb
def judge(indicator: Indicator, *, actor: Actor, verdict: str, note: str = "") -> Indicator:
    """Say what it is. The verdict stays until it is reset: no list and no enrichment changes it.
    The malice of its alerts follows.
    """
    actor.require(WRITE)
    fields.one_of("malice", verdict, VERDICTS)
    values = {
        "malice": verdict,
        "malice_source": actor.email or actor.name,
        "malice_overridden_at": timezone.now(),
    }
    return _decide(indicator, values, actor=actor, verb="judge", note=note)


@audit.verb
def reset(indicator: Indicator, *, actor: Actor, note: str = "") -> Indicator:
    """Take the verdict back: what enrichment says counts again, else it is pending."""
    actor.require(WRITE)
    return _decide(indicator, None, actor=actor, verb="reset", note=note)


def sightings(indicator: Indicator, *, app_id: UUID | None) -> QuerySet[Alert]:
    """The alerts that saw it, each with its `role` there."""
    rows: QuerySet[Alert] = (
        Alert.objects.for_list()
        .of_application(app_id)
        .filter(indicator_links__indicator=indicator)
        .annotate(role=F("indicator_links__role"))
    )
    return rows


def sighting_counts(indicator_ids: Iterable[UUID], most: int = MOST_COUNTED) -> dict[UUID, int]:
    """How many alerts saw each, counted up to `most`: one query for any number."""
    values: dict[str, Any] = {
        "tenant": tenancy.required(),
        "indicators": list(indicator_ids),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SIGHTINGS, values)
        return dict(cursor.fetchall())


def with_counts(indicators: list[Indicator]) -> list[Indicator]:
    """Indicators with how many alerts saw them."""
    counts = sighting_counts([row.pk for row in indicators])
    for row in indicators:
        shown: Any = row
        shown.sighting_count = counts[row.pk]
    return indicators


def _decide(
    indicator: Indicator, verdict: dict[str, Any] | None, *, actor: Actor, verb: str, note: str
) -> Indicator:
    """Write the verdict, or what enrichment says without one, and let its alerts follow: a few at
    once, so that the desk shows it, and all of them by a job.
    """
    alerts = malice.lock_few(indicator.pk)
    fresh = records.lock(indicator)
    if verdict is None and fresh.malice_overridden_at is None:
        raise Conflict("Nobody has judged this. There is nothing to reset.")
    word, source = weigh(fresh.enrichment_results)
    told = {"malice": word, "malice_source": source, "malice_overridden_at": None}
    changed = records.change(
        fresh,
        verdict or told,
        actor=actor,
        verb=verb,
        note=note,
        details={"malice": (verdict or told)["malice"]},
    )
    malice.follow(alerts)
    malice.follow_later([fresh.pk])
    return changed


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if values.get(name) is not None}
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    if not isinstance(clean.get("ignore_similarity", False), bool):
        raise BadInput("Give true or false.", field="ignore_similarity")
    return clean
