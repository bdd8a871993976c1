"""What the desk of an investigation shows beside its rows: what its alerts share, indicators and
evidence and runs.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from soc.admin.entity_graph import drawing
from soc.models import Alert, CustodyEntry, Finding, FindingAlert, Investigation, PlaybookRun
from soc.services import alike, entities, relations
from soc.vocabulary import MALICE

MOST_INDICATORS = 50
MOST = 20  # findings and runs


def shown(case: Investigation, alerts: list[Alert]) -> dict[str, Any]:
    """As many queries for any number of alerts."""
    pks = [alert.pk for alert in alerts]
    indicators = relations.indicators_of(pks)
    return {
        "graph": drawing(entities.shared(alerts, indicators)),
        "indicators": _worst_first(indicators),
        "most_indicators": MOST_INDICATORS,
        "evidence": _evidence(case, pks),
        "runs": _runs(case, pks),
        "alike": alike.alike(case, pks),
    }


def _worst_first(links: dict[UUID, list[Any]]) -> list[dict[str, Any]]:
    """Each indicator once, with in how many of the alerts it is."""
    every = [link.indicator for found in links.values() for link in found]
    counts = Counter(indicator.pk for indicator in every)
    once = {indicator.pk: indicator for indicator in every}.values()
    ranked = sorted(
        once, key=lambda each: (-MALICE.index(each.malice), -counts[each.pk], each.value)
    )
    return [
        {"indicator": indicator, "count": counts[indicator.pk]}
        for indicator in ranked[:MOST_INDICATORS]
    ]


def _evidence(case: Investigation, alert_ids: list[UUID]) -> list[Finding]:
    """The findings of the investigation and of its alerts, with how long their custody is."""
    through = FindingAlert.objects.filter(alert_id__in=alert_ids).values("finding_id")
    lines = CustodyEntry.objects.filter(finding=OuterRef("pk")).order_by().values("finding")
    counted = Subquery(lines.annotate(many=Count("pk")).values("many"))
    hands = Coalesce(counted, Value(0), output_field=IntegerField())
    own = Finding.objects.filter(Q(investigation=case) | Q(pk__in=through))
    return list(own.annotate(hands=hands).order_by("id")[:MOST])


def _runs(case: Investigation, alert_ids: list[UUID]) -> list[PlaybookRun]:
    """The runs on the investigation and on its alerts, newest first."""
    about = PlaybookRun.objects.filter(Q(investigation=case) | Q(alert_id__in=alert_ids))
    return list(about.select_related("playbook_version").order_by("-id")[:MOST])
