"""Why an incident was reported, or not: each hop from alert to submission, who, when and why."""

from typing import Any
from uuid import UUID

from core import ids
from core.models import AuditEvent, Person
from grc import links
from grc.links import Hop
from grc.models import Incident, Obligation, Submission

OF_DUTIES = ("obligation.apply", "obligation.recompute", "obligation.lapse")
OF_TEXTS = ("submission.create", "submission.approve", "submission.reject", "submission.send")


def of(incident: Incident, *, app_id: UUID | None = None) -> list[dict[str, Any]]:
    """The hops in the order in which they happened, in as many queries for any number; for an
    application, of the alerts and investigations that it wrote itself.
    """
    hops = sorted([*links.hops(incident, app_id), *_own(incident)], key=lambda hop: hop.at)
    names = dict(Person.objects.filter(pk__in={hop.by for hop in hops}).values_list("pk", "name"))
    return [
        {
            "kind": hop.kind,
            "from": ids.show(*hop.source),
            "to": ids.show(*hop.target),
            "title": hop.title,
            "at": hop.at,
            "by": ids.show("per", hop.by),
            "by_name": names.get(hop.by, ""),
            "why": hop.why,
        }
        for hop in hops
    ]


def _own(incident: Incident) -> list[Hop]:
    duties = {row.pk: row for row in Obligation.objects.filter(incident=incident)}
    texts = {row.pk: row for row in Submission.objects.filter(obligation__in=duties)}
    events = AuditEvent.objects.filter(object_id__in=[*duties, *texts, incident.pk])
    told = (*OF_DUTIES, *OF_TEXTS, "incident.assess", "incident.record_fact", "incident.decide")
    return [
        _hop(event, incident, duties, texts)
        for event in events.filter(verb__in=told).order_by("id")
    ]


def _hop(
    event: AuditEvent,
    incident: Incident,
    duties: dict[UUID, Obligation],
    texts: dict[UUID, Submission],
) -> Hop:
    here = ("inc", incident.pk)
    source = target = here
    title = incident.incident_number
    pk = event.object_id or incident.pk
    if duty := duties.get(pk):
        target, title = ("obl", duty.pk), str(duty)
    elif text := texts.get(pk):
        duty = duties[text.obligation_id]
        source, target = ("obl", duty.pk), ("sbm", text.pk)
        title = f"{duty}, version {text.number}"
    return Hop(event.verb, source, target, title, event.created_at, event.actor_id, event.note)
