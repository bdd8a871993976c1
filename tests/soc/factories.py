"""Alerts brought to each status through the verbs themselves."""

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from core import tenancy
from soc.services import alerts, investigations

ALERTS = "/api/v1/soc/alerts"
CASES = "/api/v1/soc/investigations"

WAY = {
    "open": [],
    "acknowledged": [("acknowledge", {})],
    "triaging": [("triage", {})],
    "escalated": [("escalate", {})],
    "resolved": [("resolve", {"resolution": "mitigated"})],
    "closed": [("close", {"close_classification": "Undetermined"})],
    "suppressed": [("suppress", {})],
}
CASE_WAY = {
    "new": [],
    "in_progress": [("start", {})],
    "on_hold": [("start", {}), ("hold", {"pause_reason": "the supplier"})],
    "contained": [("contain", {})],
    "resolved": [("resolve", {})],
    "closed": [("close", {"closure_reason": "done"})],
}
# What a move needs beside its verb.
NEEDED = {
    "resolve": {"resolution": "mitigated"},
    "close": {"close_classification": "Not Applicable"},
    "reclassify": {"close_classification": "Duplicate"},
}
CASE_NEEDED = {"hold": {"pause_reason": "the supplier"}, "close": {"closure_reason": "done"}}


def alert_in(cast, status="open", **values):
    alert = alerts.create(values, actor=cast.actor("responder"))
    for verb, inputs in WAY[status]:
        alert = alerts.perform(alert, verb, actor=cast.actor("responder"), **inputs)
    return alert


def case_in(cast, status="new", **values):
    case = investigations.create(values, actor=cast.actor("responder"))
    for verb, inputs in CASE_WAY[status]:
        case = investigations.perform(case, verb, actor=cast.actor("responder"), **inputs)
    return case


def made(api, **values):
    """An alert made over REST, as the answer shows it."""
    answer = api.post(ALERTS, values)
    assert answer.status_code == 201, answer.content
    return answer.json()


def within(cast, read):
    """What a tenant's rows say; a request over REST leaves none set."""
    with tenancy.tenant_scope(cast.tenant.pk):
        return read()


def run_jobs(*queues):
    """Run the jobs of these queues that wait, as the worker does; what they defer in turn, too.
    Else what follows an arrival, up to its enrichment.
    """
    names = queues or ("arrivals", "enrichment")
    while True:
        waiting = ProcrastinateJob.objects.filter(queue_name__in=names, status="todo")
        jobs = list(waiting.order_by("id"))
        if not jobs:
            return
        # Its tables are the worker's; a test only needs to know what it ran already.
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'cancelled' where id = any(%s)",
                [[job.id for job in jobs]],
            )
        for job in jobs:
            app.tasks[job.task_name].func(**job.args)


def seen(cast, *indicators, **values):
    """An alert that saw these `(type, value)`, not enriched yet."""
    given = [{"type": kind, "value": value} for kind, value in indicators]
    return alert_in(cast, **{"indicators": given, **values})
