"""Clocks, read as people do, and time that passes for the platform."""

from datetime import UTC, datetime

import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from core import actors
from core.models import AuditEvent
from soc.models import SLAClock
from soc.services import alerts, clock_reading, clocks, investigations, slas
from soc.tasks import apply_sla, arrived
from soc.tasks import clocks as start_clocks

DEFINITIONS = "/api/v1/soc/sla-definitions"
CALENDARS = "/api/v1/soc/business-calendars"
CRITICAL = {"levels": ["critical"]}
EVERY = {"acknowledge_minutes": 15, "triage_minutes": 30, "resolve_minutes": 120}
CASES = {
    "applies_to": "investigation",
    "levels": ["medium"],
    "acknowledge_minutes": 30,
    "contain_minutes": 60,
    "resolve_minutes": 120,
}
START = datetime(2026, 3, 24, 10, 0, tzinfo=UTC)  # a Tuesday


def at(text):
    """A moment of 24 March 2026, or of another day, in UTC."""
    full = text if "T" in text else f"2026-03-24T{text}"
    return time_machine.travel(datetime.fromisoformat(full).replace(tzinfo=UTC), tick=False)


def definition(cast, **values):
    """An active definition, in force since the day before START."""
    given = {"name": f"SLA {len(SLAClock.objects.all())}", "is_active": True, **values}
    with at("2026-03-23T00:00"):
        return slas.create(given, actor=cast.actor())


def alert_at(cast, when="10:00", **values):
    """An alert that arrived then, with its clocks."""
    with at(when):
        row = alerts.create({"severity": "critical", **values}, actor=cast.actor())
        clocks.refresh("alert", [row.pk], actor=cast.actor())
    return row


def moved(cast, row, when, verb, **inputs):
    """A move made then, by someone who may."""
    service = alerts if row._meta.model_name == "alert" else investigations
    with at(when):
        return service.perform(row, verb, actor=cast.actor(), **inputs)


def case_at(cast, when="10:00", **values):
    with at(when):
        return investigations.create(values, actor=cast.actor())


def reading(row, kind="acknowledge", when="12:00"):
    with at(when):
        shown = clock_reading.of(row._meta.model_name, [row.pk])[row.pk]
    return next((each for each in shown if each.kind == kind), None)


def checked(cast, when):
    """The job of the minute, run then; the events it told of since the last time."""
    before = set(AuditEvent.objects.values_list("id", flat=True))
    with at(when):
        clocks.check(actor=actors.system(cast.tenant.pk))
    told = AuditEvent.objects.exclude(id__in=before).order_by("id")
    return [event.verb for event in told]


def run_waiting():
    """Run the jobs of clocks that wait, once each."""
    run = {"soc.arrived": arrived, "soc.clocks": start_clocks, "soc.apply_sla": apply_sla}
    waiting = ProcrastinateJob.objects.filter(queue_name__in=("arrivals", "clocks"), status="todo")
    for job in waiting.order_by("id"):
        run[job.task_name].func(**job.args)
