"""What pages and answers show beside the columns of a row, read for a whole page at once."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from core import ids
from core.models import AuditEvent
from soc.models import Alert, Comment, Investigation, TimelineEntry
from soc.services import clock_reading, findings, links, merges, relations, run_stats

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
    runs = run_stats.of_alerts(pks)
    for alert in alerts:
        current = investigations.get(alert.pk)
        shown: Any = alert
        shown.shown_indicators = indicators.get(alert.pk, [])
        shown.shown_relations = related.get(alert.pk, [])
        shown.shown_investigation = current
        shown.shown_investigation_id = current.pk if current else None
        shown.shown_incident_ids = incidents.get(alert.pk, [])
        shown.shown_finding_ids = found.get(alert.pk, [])
        shown.shown_run_ids = runs.get(alert.pk, [])
    return alerts


def with_contents(
    investigations: list[Investigation], *, app_id: UUID | None = None
) -> list[Investigation]:
    """Investigations with their alerts, findings, timeline, merges and clocks: as many queries for
    any number.
    """
    pks = [investigation.pk for investigation in investigations]
    alerts = links.shown_alerts(pks)
    told = timelines(pks, app_id=app_id)
    merged = merges.of(pks)
    found = findings.of_investigations(pks, held=alerts)
    trackers = clock_reading.trackers(investigations)
    for investigation in investigations:
        shown: Any = investigation
        shown.shown_alert_ids = alerts.get(investigation.pk, [])
        shown.shown_timeline = [_public(entry) for entry in told.get(investigation.pk, [])]
        shown.shown_merges = merged.get(investigation.pk, [])
        shown.shown_finding_ids = found.get(investigation.pk, [])
        shown.shown_tracker = trackers.get(investigation.pk)
    return investigations


def timelines(
    pks: list[UUID], *, most: int | None = None, app_id: UUID | None = None
) -> dict[UUID, list[dict[str, Any]]]:
    """The newest events, comments and actions of each investigation, in the order in which they
    happened: `{id, at, recorded_at, person_id, kind, verb, text}`; an application's own only.
    """
    most = most or MOST
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    told_else = ("investigation.comment", "investigation.add_event")
    actions = AuditEvent.objects.filter(object_id__in=pks).exclude(verb__in=told_else)
    actions = actions if app_id is None else actions.filter(app_id=app_id)
    for event in _newest(actions, "object_id", most):
        at, who = event.created_at, event.actor_id
        found[event.object_id].append(
            _entry(event.shown_id, at, at, who, "action", event.verb, event.note)
        )
    comments = Comment.objects.of_application(app_id).filter(investigation_id__in=pks)
    for comment in _newest(comments, "investigation_id", most):
        at, who = comment.created_at, comment.created_by
        found[comment.investigation_id].append(
            _entry(comment.shown_id, at, at, who, "note", "comment", comment.text)
        )
    events = TimelineEntry.objects.of_application(app_id).filter(investigation_id__in=pks)
    for row in _newest(events, "investigation_id", most):
        at, who = row.occurred_at, row.created_by
        found[row.investigation_id].append(
            _entry(row.shown_id, at, row.created_at, who, row.kind, "event", row.text)
        )
    return {
        pk: sorted(entries, key=lambda entry: (entry["at"], entry["recorded_at"]))[-most:]
        for pk, entries in found.items()
    }


def public_timeline(pk: UUID, *, app_id: UUID | None = None) -> list[dict[str, Any]]:
    """The timeline of one investigation, as answers show it."""
    return [_public(entry) for entry in timelines([pk], app_id=app_id).get(pk, [])]


def _entry(
    shown_id: str,
    at: datetime,
    recorded_at: datetime,
    person_id: UUID,
    kind: str,
    verb: str,
    text: str,
) -> dict[str, Any]:
    return {
        "id": shown_id,
        "at": at,
        "recorded_at": recorded_at,
        "person_id": person_id,
        "kind": kind,
        "verb": verb,
        "text": text,
    }


def _public(entry: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in entry.items() if name != "person_id"}
    return shown | {"actor_id": ids.show("per", entry["person_id"])}


def _newest(rows: QuerySet[Any], owner: str, most: int) -> QuerySet[Any]:
    """The newest rows of each owner, oldest first."""
    place = Window(RowNumber(), partition_by=F(owner), order_by=F("id").desc())
    newest: QuerySet[Any] = rows.annotate(place=place).filter(place__lte=most)
    return newest.order_by("id")
