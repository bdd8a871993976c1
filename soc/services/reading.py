"""What pages and answers show beside the columns of a row, read for a whole page at once."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from core import ids
from core.models import AuditEvent
from soc.models import Alert, Comment, Investigation
from soc.services import findings, links, relations

MOST = 200  # entries of one timeline


def with_links(alerts: list[Alert]) -> list[Alert]:
    """Alerts with their indicators, relations, investigation, incidents and findings: as many
    queries for any number.
    """
    pks = [alert.pk for alert in alerts]
    indicators = relations.indicators_of(pks)
    related = relations.related_of(pks)
    investigations = links.current_investigations(pks)
    incidents = links.incidents_of_alerts(pks)
    found = findings.of_alerts(pks)
    for alert in alerts:
        current = investigations.get(alert.pk)
        shown: Any = alert
        shown.shown_indicators = indicators.get(alert.pk, [])
        shown.shown_relations = related.get(alert.pk, [])
        shown.shown_investigation = current
        shown.shown_investigation_id = current.pk if current else None
        shown.shown_incident_ids = incidents.get(alert.pk, [])
        shown.shown_finding_ids = found.get(alert.pk, [])
    return alerts


def with_contents(investigations: list[Investigation]) -> list[Investigation]:
    """Investigations with their alerts, findings and timeline: as many queries for any number."""
    pks = [investigation.pk for investigation in investigations]
    alerts = links.shown_alerts(pks)
    timelines = _timelines(pks)
    found = findings.of_investigations(pks)
    for investigation in investigations:
        shown: Any = investigation
        shown.shown_alert_ids = alerts.get(investigation.pk, [])
        shown.shown_timeline = timelines.get(investigation.pk, [])
        shown.shown_finding_ids = found.get(investigation.pk, [])
    return investigations


def _timelines(pks: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The newest notes and actions of each investigation, oldest first: `{at, actor_id, kind, verb
    or text}`.
    """
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    events = AuditEvent.objects.filter(object_id__in=pks).exclude(verb="investigation.comment")
    for event in _newest(events, "object_id"):
        found[event.object_id].append(
            {
                "at": event.created_at,
                "actor_id": ids.show("per", event.actor_id),
                "kind": "action",
                "verb": event.verb,
                "text": event.note,
            }
        )
    comments = Comment.objects.filter(investigation_id__in=pks)
    for comment in _newest(comments, "investigation_id"):
        found[comment.investigation_id].append(
            {
                "at": comment.created_at,
                "actor_id": ids.show("per", comment.created_by),
                "kind": "note",
                "verb": "comment",
                "text": comment.text,
            }
        )
    return {
        pk: sorted(entries, key=lambda entry: entry["at"])[-MOST:] for pk, entries in found.items()
    }


def _newest(rows: QuerySet[Any], owner: str) -> QuerySet[Any]:
    """The newest rows of each owner, oldest first."""
    place = Window(RowNumber(), partition_by=F(owner), order_by=F("id").desc())
    newest: QuerySet[Any] = rows.annotate(place=place).filter(place__lte=MOST)
    return newest.order_by("id")
