"""Clocks: what starts, pauses and stops them, and what is told of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent, Notification
from soc.models import Alert, SLAPause
from soc.services import alerts, clock_reading, clocks, investigations, merges
from tests.sla.factories import (
    CASES,
    CRITICAL,
    EVERY,
    alert_at,
    at,
    case_at,
    checked,
    definition,
    moved,
    reading,
)

CLOSE = {"close_classification": "Undetermined"}


# Move at 10:05, and what the clocks to acknowledge, triage and resolve read then.
@pytest.mark.parametrize(
    ("verb", "inputs", "states"),
    [
        ("acknowledge", {}, ["met", "running", "running"]),
        ("triage", {}, ["met", "met", "running"]),
        ("escalate", {}, ["met", "met", "running"]),
        ("resolve", {"resolution": "other"}, ["met", "met", "met"]),
        ("close", CLOSE, ["met", "met", "met"]),
        ("suppress", {}, ["met", "cancelled", "cancelled"]),
    ],
)
def test_a_move_of_an_alert_stops_its_clocks(in_acme, verb, inputs, states):
    definition(in_acme, **CRITICAL, **EVERY)
    alert = alert_at(in_acme)

    moved(in_acme, alert, "10:05", verb, **inputs)

    kinds = ("acknowledge", "triage", "resolve")
    assert [reading(alert, kind, "10:06").state for kind in kinds] == states


@pytest.mark.parametrize(
    ("moves", "states"),
    [
        ([], ["running", "running", "running"]),
        ([("start", {})], ["met", "running", "running"]),
        ([("contain", {})], ["met", "met", "running"]),
        ([("resolve", {})], ["met", "met", "met"]),
        ([("close", {"closure_reason": "done"})], ["met", "met", "met"]),
        ([("start", {}), ("hold", {"pause_reason": "the supplier"})], ["met", "paused", "paused"]),
    ],
)
def test_a_move_of_an_investigation_stops_its_clocks(in_acme, moves, states):
    definition(in_acme, **CASES)
    case = case_at(in_acme)

    for verb, inputs in moves:
        case = moved(in_acme, case, "10:05", verb, **inputs)

    kinds = ("acknowledge", "contain", "resolve")
    assert [reading(case, kind, "10:06").state for kind in kinds] == states


def test_an_alert_is_due_when_the_first_of_its_going_clocks_is(in_acme):
    definition(in_acme, **CRITICAL, **EVERY)
    alert = alert_at(in_acme)

    def due():
        moment = Alert.objects.get().due_at
        return moment and f"{moment:%H:%M}"

    told = [due()]
    for time, verb, inputs in (
        ("10:05", "acknowledge", {}),
        ("10:06", "triage", {}),
        ("10:07", "resolve", {"resolution": "other"}),
        ("10:08", "reopen", {}),
    ):
        alert = moved(in_acme, alert, time, verb, **inputs)
        told.append(due())
    results = alerts.bulk([alert], "close", actor=in_acme.actor(), **CLOSE)

    assert told == ["10:15", "10:30", "12:00", None, "12:01"]
    assert (due(), results[0].version) == (None, Alert.objects.get().version)


def test_a_late_answer_is_breached_and_stays_so(in_acme):
    definition(in_acme, **CRITICAL, acknowledge_minutes=15)
    alert = alert_at(in_acme)

    moved(in_acme, alert, "10:40", "acknowledge")

    late = reading(alert)
    assert (late.state, late.going) == ("breached", False)
    assert late.explanation == (
        "15 minutes from Tue 24 Mar 2026 10:00 (UTC): due Tue 24 Mar 2026 10:15, "
        "breached Tue 24 Mar 2026 10:40."
    )
    assert AuditEvent.objects.filter(verb="alert.sla_breached").count() == 1


def test_a_hold_moves_the_due_moment_by_its_length(in_acme):
    definition(in_acme, **CASES)
    case = moved(in_acme, case_at(in_acme), "10:10", "start")

    case = moved(in_acme, case, "10:20", "hold", pause_reason="the supplier")
    held = reading(case, "contain", "15:00")
    case = moved(in_acme, case, "12:20", "resume")

    going = reading(case, "contain", "12:30")
    assert (held.state, held.due_at, held.remaining_minutes) == ("paused", None, 40)
    assert "paused since Tue 24 Mar 2026 10:20 for 'the supplier': due once" in held.explanation
    assert (going.due_at.isoformat(), going.remaining_minutes) == ("2026-03-24T13:00:00+00:00", 30)
    assert "paused 2 h for 'the supplier': due Tue 24 Mar 2026 13:00" in going.explanation


def test_only_the_reasons_of_the_definition_pause(in_acme):
    definition(in_acme, **CASES, pause_reasons=["Supplier"])
    case = moved(in_acme, case_at(in_acme), "10:10", "start")

    lunch = moved(in_acme, case, "10:20", "hold", pause_reason="lunch")
    ran_on = reading(lunch, "contain", "10:21").state
    case = moved(
        in_acme, moved(in_acme, lunch, "10:30", "resume"), "10:40", "hold", pause_reason="supplier"
    )

    assert (ran_on, reading(case, "contain", "10:41").state) == ("running", "paused")
    assert SLAPause.objects.count() == 2  # one for each clock that goes


def test_a_case_that_is_late_before_its_pause_stays_late(in_acme):
    definition(in_acme, **CASES)
    case = moved(in_acme, case_at(in_acme), "10:10", "start")

    case = moved(in_acme, case, "11:30", "hold", pause_reason="the supplier")

    assert reading(case, "contain").state == "breached"


def test_the_time_between_an_end_and_a_reopening_does_not_count(in_acme):
    definition(in_acme, **CRITICAL, **EVERY)
    alert = moved(in_acme, alert_at(in_acme), "10:10", "close", **CLOSE)

    alert = moved(in_acme, alert, "2026-03-26T10:10", "reopen")

    clock = reading(alert, "resolve", "2026-03-26T10:20")
    assert (clock.state, clock.remaining_minutes) == ("running", 100)
    assert "paused 2 d for 'closed'" in clock.explanation
    assert reading(alert, "acknowledge", "2026-03-26T10:20").state == "met"


def test_undoing_a_move_lets_the_clock_run_on(in_acme):
    definition(in_acme, **CRITICAL, acknowledge_minutes=15)
    alert = moved(in_acme, alert_at(in_acme), "10:05", "acknowledge")

    with at("10:06"):
        alerts.undo(alert, actor=in_acme.actor())

    assert reading(alert, when="10:07").state == "running"


def test_a_deleted_alert_has_no_clock_and_a_restored_one_goes_on(in_acme):
    definition(in_acme, **CRITICAL, acknowledge_minutes=15)
    alert = alert_at(in_acme)

    with at("10:05"):
        gone = alerts.delete(alert, actor=in_acme.actor())
    cancelled = reading(alert, when="10:06").state
    with at("10:07"):
        alerts.restore(gone, actor=in_acme.actor())

    assert (cancelled, reading(alert, when="10:08").state) == ("cancelled", "running")


def test_what_is_merged_away_has_no_clock_any_more(in_acme):
    definition(in_acme, **CASES)
    target, source = case_at(in_acme), case_at(in_acme)

    with at("10:05"):
        merges.merge(target, [source.pk], actor=in_acme.actor())

    assert reading(source, "resolve", "10:06").state == "cancelled"
    assert reading(target, "resolve", "10:06").state == "running"


def test_an_investigation_is_governed_by_what_a_person_chose(in_acme):
    definition(in_acme, **CASES)
    other = definition(in_acme, name="Slow", applies_to="investigation", contain_minutes=600)
    case = case_at(in_acme)

    with at("10:05"):
        investigations.update(case, {"sla_definition_id": other}, actor=in_acme.actor())
    chosen = reading(case, "contain", "10:06")
    with at("10:07"):
        investigations.update(case, {"sla_definition_id": None}, actor=in_acme.actor())

    assert (chosen.minutes, reading(case, "contain", "10:08").minutes) == (600, 60)
    assert reading(case, "resolve", "10:08").state == "running"


def test_the_most_urgent_clock_is_the_one_due_first_and_paused_ones_come_last(in_acme):
    definition(in_acme, **CRITICAL, **EVERY, pause_statuses=["escalated"])
    alert = alert_at(in_acme)

    def most_urgent():
        with at("10:06"):
            return clock_reading.most_urgent(clock_reading.of("alert", [alert.pk])[alert.pk])

    first = most_urgent().kind
    escalated = moved(in_acme, alert, "10:05", "escalate")
    second = most_urgent()
    moved(in_acme, escalated, "10:05", "close", **CLOSE)

    assert (first, second.kind, second.paused.reason) == ("acknowledge", "resolve", "escalated")
    assert most_urgent() is None


def test_a_clock_past_its_time_reads_late_before_a_job_has_seen_it(in_acme):
    definition(in_acme, **CRITICAL, acknowledge_minutes=20)
    alert = alert_at(in_acme)

    near, late = reading(alert, when="10:16"), reading(alert, when="10:26")

    assert (near.state, near.is_at_risk, near.filled) == ("running", True, 80)
    assert (late.state, late.wall_minutes, late.remaining_minutes) == ("breached", 6, 0)


def test_a_storm_is_paged_reads_alerts_as_a_set_and_sends_one_e_mail(in_acme, monkeypatch):
    monkeypatch.setattr(clocks, "CHUNK", 2)
    definition(in_acme, **CRITICAL, acknowledge_minutes=20)
    for _ in range(6):
        alert_at(in_acme, assignee_id=in_acme.people["analyst"].pk)

    with CaptureQueriesContext(connection) as queries:
        told = checked(in_acme, "10:20")

    texts = [each["sql"] for each in queries]
    pages = [text for text in texts if '"check_at" <=' in text]
    assert told == ["alert.sla_breached"] * 6
    assert len({len(text) for text in pages[1:]}) == 1
    assert len([text for text in texts if '"soc_alert"."title"' in text]) == 3
    assert not [text for text in texts if '"soc_alert"."raw_data"' in text]
    rows = Notification.objects.filter(kind="deadline")
    assert (rows.count(), rows.filter(by_email=True).count()) == (6, 1)


def test_a_bulk_move_reads_its_clocks_together(in_acme):
    definition(in_acme, **CRITICAL, **EVERY)
    counted = []
    for many in (2, 6):
        rows = [alert_at(in_acme) for _ in range(many)]
        with at("10:05"), CaptureQueriesContext(connection) as seen:
            alerts.bulk(rows, "acknowledge", actor=in_acme.actor())
        counted.append(sum("soc_slaclock" in each["sql"] for each in seen))
        assert {reading(row, "acknowledge", "10:06").state for row in rows} == {"met"}

    assert counted[0] == counted[1]
