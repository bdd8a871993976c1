"""What pages and answers show beside the columns of a row, read for a whole page at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import RowNumber

from core import ids
from core.models import AuditEvent, Person
from soc.models import Alert, Comment, Investigation, TimelineEntry
from soc.services import clock_reading, findings, links, merges, relations, run_stats

LEFT = "someone who has left"
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
    for event in _newest(_actions(pks, app_id), "object_id", most):
        found[event.object_id].append(of_action(event))
    comments = Comment.objects.of_application(app_id).filter(investigation_id__in=pks)
    for comment in _newest(comments, "investigation_id", most):
        found[comment.investigation_id].append(of_comment(comment))
    events = TimelineEntry.objects.of_application(app_id).filter(investigation_id__in=pks)
    for row in _newest(events, "investigation_id", most):
        found[row.investigation_id].append(of_event(row))
    return {pk: in_order(entries)[-most:] for pk, entries in found.items()}


def timeline(pk: UUID, comments: Iterable[Comment]) -> list[dict[str, Any]]:
    """The timeline of one investigation for a page that has read its comments already, with names:
    `person` beside each entry, `version` of the events. One query.
    """
    named = Subquery(Person.objects.filter(pk=OuterRef("who")).values("name"))
    actions = _actions([pk], None).annotate(
        at=F("created_at"), who=F("actor_id"), what=F("verb"), told=F("note")
    )
    events = TimelineEntry.objects.filter(investigation_id=pk).annotate(
        at=F("occurred_at"), who=F("created_by"), what=F("kind"), told=F("text")
    )
    columns = ("id", "at", "created_at", "who", "what", "told", "person", "edition")
    done = actions.annotate(person=named, edition=Value(0)).order_by("-id")[:MOST]
    written = events.annotate(person=named, edition=F("version")).order_by("-id")[:MOST]
    both = done.values_list(*columns).union(written.values_list(*columns), all=True)
    found = [_told(*row) for row in both]
    for comment in comments:
        entry = of_comment(comment)
        entry["person"] = getattr(comment, "writer", "")
        found.append(entry)
    return in_order(found)[-MOST:]


def _told(
    pk: UUID, at: datetime, recorded_at: datetime, who: UUID, what: str, text: str, *more: Any
) -> dict[str, Any]:
    """An action (without an edition), or an event."""
    person, version = more
    shown = ids.show(TimelineEntry.ID_PREFIX if version else AuditEvent.ID_PREFIX, pk) or ""
    kind, verb = (what, "event") if version else ("action", what)
    entry = _entry(shown, at, recorded_at, who, kind, verb, text)
    return entry | {"person": person or LEFT, "version": version}


def in_order(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By when it happened."""
    return sorted(entries, key=lambda entry: (entry["at"], entry["recorded_at"]))


def _actions(pks: list[UUID], app_id: UUID | None) -> QuerySet[Any]:
    """What was done to investigations, without what comments and events tell themselves."""
    told_else = ("investigation.comment", "investigation.add_event")
    rows: QuerySet[Any] = AuditEvent.objects.filter(object_id__in=pks).exclude(verb__in=told_else)
    return rows if app_id is None else rows.filter(app_id=app_id)


def of_action(event: AuditEvent) -> dict[str, Any]:
    at, who = event.created_at, event.actor_id
    return _entry(event.shown_id, at, at, who, "action", event.verb, event.note)


def of_comment(comment: Comment) -> dict[str, Any]:
    at, who = comment.created_at, comment.created_by
    return _entry(comment.shown_id, at, at, who, "note", "comment", comment.text)


def of_event(row: TimelineEntry) -> dict[str, Any]:
    at, who = row.occurred_at, row.created_by
    return _entry(row.shown_id, at, row.created_at, who, row.kind, "event", row.text)


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
