"""What soc gives to grc: the investigations and alerts of incidents, and a say in closing them."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from core import hot, ids, records, tenancy
from core.models import AuditEvent, Team
from grc import links as grc_links
from grc.models import Incident
from grc.workflows import INCIDENT
from soc.models import Alert, AlertEscalation, Investigation, InvestigationAlert
from soc.services import links

MODELS = {"investigation": Investigation, "alert": Alert}
_PANELS = """
SELECT 'investigation' AS kind, c.id, c.investigation_number || ' ' || c.title AS title,
  c.priority AS severity, c.status, c.created_at AS at, '' AS note, NULL::timestamptz AS place
FROM soc_investigation c
WHERE c.tenant_id = %(tenant)s AND c.escalated_to_incident_id = %(incident)s AND NOT c.is_deleted
UNION ALL
SELECT 'alert', a.id, a.title, a.severity, a.status, a.occurred_at,
  coalesce(nullif(a.host_name, ''), a.user_name, ''), a.occurred_at
FROM soc_alertescalation e
JOIN soc_alert a ON a.tenant_id = e.tenant_id AND a.id = e.alert_id AND NOT a.is_deleted
WHERE e.tenant_id = %(tenant)s AND e.incident_id = %(incident)s
ORDER BY place, id
"""


def register() -> None:
    """Called once, when all apps are loaded."""
    grc_links.register(
        "consolidated_investigation_ids",
        model=Investigation,
        read=links.investigations_of_incidents,
        write=links.set_investigations,
        rows=links.investigations_of,
    )
    grc_links.register(
        "triggered_by_alert_ids",
        model=Alert,
        read=links.escalated_alerts,
    )
    grc_links.register_panels(panels)
    grc_links.register_hops(hops)
    INCIDENT.add_guard("close", no_open_investigation)
    records.keep_while(Alert, in_an_investigation)
    records.keep_while(Investigation, with_alerts_or_incident)
    records.keep_while(Incident, with_investigations)
    records.keep_while(Team, owning_open_investigations)


def panels(incident: Incident) -> list[grc_links.Panel]:
    """The investigations and alerts of an incident, in one statement."""
    values = {"tenant": tenancy.required(), "incident": incident.pk}
    found: dict[str, list[grc_links.Item]] = {"investigation": [], "alert": []}
    for row in hot.rows(_PANELS, values):
        shown = ids.show(MODELS[row["kind"]].ID_PREFIX, row["id"])
        item = grc_links.Item(
            title=row["title"],
            url=reverse(f"admin:soc_{row['kind']}_change", args=[shown]),
            severity=row["severity"],
            status=row["status"],
            at=row["at"],
            note=row["note"],
        )
        found[row["kind"]].append(item)
    return [("Investigations", found["investigation"]), ("Alerts that led here", found["alert"])]


def hops(incident: Incident, app_id: UUID | None) -> list[grc_links.Hop]:
    """Alerts into investigations, and alerts and investigations into the incident."""
    own = Alert.objects.of_application(app_id)
    escalations = AlertEscalation.objects.filter(incident=incident, alert__in=own)
    escalations = escalations.select_related("alert")
    found = [
        grc_links.Hop(
            "alert.escalate",
            ("alr", row.alert_id),
            ("inc", incident.pk),
            row.alert.title,
            row.created_at,
            row.created_by,
            row.note,
        )
        for row in escalations.order_by("id")
    ]
    cases = Investigation.objects.of_application(app_id).filter(escalated_to_incident=incident)
    joined = InvestigationAlert.objects.filter(investigation__in=cases, alert__in=own)
    joined = joined.select_related("alert")
    found += [
        grc_links.Hop(
            "alert.join_investigation",
            ("alr", row.alert_id),
            ("inv", row.investigation_id),
            row.alert.title,
            row.created_at,
            row.created_by,
            row.reason,
        )
        for row in joined.order_by("id")
    ]
    return found + _of_cases(incident, {case.pk: case for case in cases})


def _of_cases(incident: Incident, cases: dict[UUID, Investigation]) -> list[grc_links.Hop]:
    """When each investigation first named the incident, by its history."""
    history: Any = Investigation.history
    rows = history.filter(id__in=cases, escalated_to_incident_id=incident.pk).order_by("event_id")
    first: dict[UUID, UUID] = {}
    for case_id, event_id in rows.values_list("id", "event_id"):
        first.setdefault(case_id, event_id)
    events = AuditEvent.objects.in_bulk(list(first.values()))
    return [
        grc_links.Hop(
            event.verb,
            ("inv", case_id),
            ("inc", incident.pk),
            str(cases[case_id]),
            event.created_at,
            event.actor_id,
            event.note,
        )
        for case_id, event_id in first.items()
        if (event := events.get(event_id))
    ]


def no_open_investigation(incident: Incident) -> str | None:
    open_ones = Investigation.objects.open().filter(escalated_to_incident=incident)
    numbers = list(open_ones.order_by("id").values_list("investigation_number", flat=True)[:5])
    if not numbers:
        return None
    verb = "is" if len(numbers) == 1 else "are"
    named = ", ".join(numbers)
    return f"{named} {verb} still open. Resolve or close what belongs to this incident first."


def in_an_investigation(alert: Alert) -> str | None:
    case = links.current_investigations([alert.pk]).get(alert.pk)
    return (
        f"This is part of {case.investigation_number}. Take it out there first." if case else None
    )


def with_alerts_or_incident(case: Investigation) -> str | None:
    if links.current_alerts([case.pk]).get(case.pk):
        return "This still holds alerts. Take them out first."
    if case.escalated_to_incident is not None:
        return f"This belongs to {case.escalated_to_incident.incident_number}. Take it out first."
    return None


def with_investigations(incident: Incident) -> str | None:
    linked = links.investigations_of_incidents([incident.pk]).get(incident.pk, [])
    return "Investigations belong to this. Take them out first." if linked else None


def owning_open_investigations(team: Team) -> str | None:
    owned = Investigation.objects.open().filter(team_group=team).order_by("id")
    numbers = list(owned.values_list("investigation_number", flat=True)[:5])
    return f"This team owns {', '.join(numbers)}. Give them to another first." if numbers else None
