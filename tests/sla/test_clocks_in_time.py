"""Clocks as time passes: what is told of them, and what a changed definition does to them."""

from procrastinate.contrib.django.models import ProcrastinateJob

from core import actors
from core.models import AuditEvent, Notification
from soc.intake.envelope import split
from soc.models import SLAClock
from soc.services import alerts, clocks, intake, slas
from socplatform.tasks import check_clocks, repair_clocks
from tests.sla.factories import (
    CASES,
    CRITICAL,
    alert_at,
    at,
    case_at,
    checked,
    definition,
    moved,
    reading,
    run_waiting,
)


def test_the_job_tells_of_risk_and_breach_once_each(in_acme):
    sla = definition(in_acme, **CRITICAL, acknowledge_minutes=20)
    alert = alert_at(in_acme)

    told = [checked(in_acme, when) for when in ("10:14", "10:15", "10:16", "10:20", "10:21")]

    assert told == [[], ["alert.sla_at_risk"], [], ["alert.sla_breached"], []]
    event = AuditEvent.objects.get(verb="alert.sla_breached")
    clock = SLAClock.objects.get()
    assert event.object_id == alert.pk
    assert event.details == {
        "clock_id": str(clock.pk),
        "kind": "acknowledge",
        "started_at": "2026-03-24T10:00:00+00:00",
        "due_at": "2026-03-24T10:20:00+00:00",
        "minutes": 20,
        "definition_id": sla.shown_id,
        "definition_version": 1,
        "calendar_id": None,
        "calendar_version": None,
        "pauses": [],
    }


def test_a_job_that_comes_late_tells_of_the_breach_alone(in_acme):
    definition(in_acme, **CRITICAL, acknowledge_minutes=20)
    alert_at(in_acme)

    assert checked(in_acme, "11:00") == ["alert.sla_breached"]


def test_the_pauses_are_told_with_the_breach(in_acme):
    definition(in_acme, **CASES)
    case = moved(in_acme, case_at(in_acme), "10:10", "start")
    case = moved(in_acme, case, "10:20", "hold", pause_reason="the supplier")
    moved(in_acme, case, "10:30", "resume")

    told = checked(in_acme, "11:10")

    pauses = AuditEvent.objects.get(verb="investigation.sla_breached").details["pauses"]
    assert told == ["investigation.sla_breached"]
    assert [each["reason"] for each in pauses] == ["the supplier"]


def test_switching_one_on_tells_nobody_of_what_was_due_before(in_acme):
    old, young = alert_at(in_acme, "08:00"), alert_at(in_acme, "09:55")
    with at("10:00"):
        slas.create(
            {**CRITICAL, "acknowledge_minutes": 60, "is_active": True}, actor=in_acme.actor()
        )
        run_waiting()

    told = checked(in_acme, "10:01"), checked(in_acme, "10:56")

    assert told == ([], ["alert.sla_breached"])
    assert AuditEvent.objects.get(verb="alert.sla_breached").object_id == young.pk
    assert (reading(old).state, reading(old).without_notice) == ("breached", True)
    assert "Late without notice: it was due before" in reading(old).explanation


def test_what_had_ended_before_it_was_switched_on_gets_no_clock(in_acme):
    alert = moved(in_acme, alert_at(in_acme, "08:00"), "08:30", "acknowledge")
    with at("10:00"):
        slas.create(
            {**CRITICAL, "acknowledge_minutes": 5, "is_active": True}, actor=in_acme.actor()
        )
        run_waiting()

    assert reading(alert) is None


def test_switching_one_off_cancels_what_runs_and_leaves_what_was_met(in_acme):
    sla = definition(in_acme, **CRITICAL, acknowledge_minutes=15)
    met, runs = moved(in_acme, alert_at(in_acme), "10:05", "acknowledge"), alert_at(in_acme)

    with at("10:06"):
        slas.update(sla, {"is_active": False}, actor=in_acme.actor())
        run_waiting()

    assert (reading(met).state, reading(runs).state) == ("met", "cancelled")
    assert checked(in_acme, "11:00") == []


def test_a_new_target_counts_for_what_runs_and_not_for_what_has_stopped(in_acme):
    sla = definition(in_acme, **CRITICAL, acknowledge_minutes=60)
    met, runs = moved(in_acme, alert_at(in_acme), "10:30", "acknowledge"), alert_at(in_acme)

    with at("10:40"):
        slas.update(sla, {"acknowledge_minutes": 20}, actor=in_acme.actor())
        run_waiting()

    assert (reading(met).state, reading(met).minutes) == ("met", 60)
    late = reading(runs)
    assert (late.state, late.minutes, late.without_notice) == ("breached", 20, True)
    assert checked(in_acme, "10:41") == []


def test_a_later_target_is_told_again(in_acme):
    sla = definition(in_acme, **CRITICAL, acknowledge_minutes=20)
    alert_at(in_acme, assignee_id=in_acme.people["analyst"].pk)
    first = checked(in_acme, "10:20")

    with at("10:25"):
        slas.update(sla, {"acknowledge_minutes": 60}, actor=in_acme.actor())
        run_waiting()
    later = [checked(in_acme, when) for when in ("10:26", "10:45", "11:00", "11:01")]

    assert first == ["alert.sla_breached"]
    assert later == [[], ["alert.sla_at_risk"], ["alert.sla_breached"], []]
    assert Notification.objects.filter(kind="deadline").count() == 3


def test_switching_one_on_tells_nobody_of_a_risk_that_began_before(in_acme):
    alert_at(in_acme, "09:00")
    with at("09:50"):
        slas.create(
            {**CRITICAL, "acknowledge_minutes": 60, "is_active": True}, actor=in_acme.actor()
        )
        run_waiting()

    told = [checked(in_acme, when) for when in ("09:51", "10:00")]

    assert (told, AuditEvent.objects.filter(verb="alert.sla_at_risk").exists()) == (
        [[], ["alert.sla_breached"]],
        False,
    )


def test_a_worse_severity_counts_from_the_arrival_and_tells_of_nothing_past(in_acme):
    definition(in_acme, **CRITICAL, acknowledge_minutes=15)
    definition(in_acme, levels=["high"], acknowledge_minutes=60, name="High")
    low, high = alert_at(in_acme, severity="low"), alert_at(in_acme, severity="high")

    with at("10:30"):
        alerts.update(low, {"severity": "critical"}, actor=in_acme.actor())
        alerts.update(high, {"severity": "critical"}, actor=in_acme.actor())

    assert checked(in_acme, "10:31") == []
    assert [reading(each).without_notice for each in (low, high)] == [True, True]


def test_a_severity_without_a_target_cancels_the_clock(in_acme):
    definition(in_acme, **CRITICAL, acknowledge_minutes=15)
    alert = alert_at(in_acme)

    with at("10:30"):
        alerts.update(alert, {"severity": "low"}, actor=in_acme.actor())
        alerts.update(alert, {"title": "Another"}, actor=in_acme.actor())

    assert reading(alert).state == "cancelled"


def test_a_batch_defers_one_job_that_may_run_twice(governed):
    body = b'{"title": "a", "severity": "critical"}\n{"title": "b", "severity": "high"}'
    intake.take(split(body), actor=governed.actor(), format="generic")

    jobs = ProcrastinateJob.objects.filter(task_name="soc.arrived").count()
    run_waiting()
    run_waiting()

    assert (jobs, SLAClock.objects.count()) == (1, 2)
    assert sorted(SLAClock.objects.values_list("minutes", flat=True)) == [15, 60]


def test_a_lost_job_is_made_up_for(governed):
    alert = alert_at(governed)
    SLAClock.objects.all().delete()

    with at("10:01"):
        clocks.repair(actor=actors.system(governed.tenant.pk))
    too_early = SLAClock.objects.count()
    with at("10:10"):
        clocks.repair(actor=actors.system(governed.tenant.pk))

    assert too_early == 0
    assert reading(alert) is not None


def test_the_jobs_go_round_every_tenant(acme, globex):
    check_clocks.func(timestamp=0)
    repair_clocks.func(timestamp=0)
