"""Runs: the ledger, the ways through steps, and what happens when something goes wrong."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core import actors
from core.errors import Conflict, MoveRefused, ScopeMissing
from core.models import Membership
from soc.models import Comment, Indicator, PlaybookRun, StepRun, Task
from soc.services import investigations, playbooks, run_engine, runs, step_decisions
from soc.services.step_decisions import NotYours
from soc.services.step_results import succeeded
from tests.playbooks.factories import (
    connector,
    of_step,
    playbook,
    run_due_jobs,
    started,
    states,
    step,
    worked,
)
from tests.soc.factories import alert_in, case_in


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def woken(run):
    run_engine.wake()
    return worked(run)


def test_each_platform_step_does_its_work_in_the_name_of_whoever_started(in_acme):
    alert = alert_in(in_acme, title="Beacon", indicators=[{"type": "ip", "value": "203.0.113.9"}])
    case = case_in(in_acme, alert_ids=[alert.pk])

    run = started(
        in_acme,
        step("look", "enrich"),
        step("tag", "tag", add=["beacon", "{{ alert.first.ip }}"]),
        step("judge", "verdict", value="{{ alert.first.ip }}", malice="malicious"),
        step("tell", "comment", text="Seen: {{ steps.look.output.indicators.0.value }}"),
        step("todo", "task", title="Call the owner of {{ alert.title }}", mandatory=True),
        step("move", "status", verb="triage"),
        alert=alert,
    )

    alert.refresh_from_db()
    assert (run.status, run.error) == ("succeeded", "")
    assert (alert.status, alert.tags) == ("triaging", ["beacon", "203.0.113.9"])
    assert Comment.objects.get(alert=alert).text == "Seen: 203.0.113.9"
    assert Task.objects.get(investigation=case).title == "Call the owner of Beacon"
    assert Indicator.objects.get(value="203.0.113.9").malice == "malicious"
    assert alert.updated_by == in_acme.people["responder"].pk


def test_a_person_who_is_out_does_nothing_more(in_acme):
    alert = alert_in(in_acme)
    run = runs.start(
        playbook(in_acme, step("tag", "tag", add=["x"])),
        actor=in_acme.actor("responder"),
        alert=alert,
    )
    Membership.objects.filter(person=in_acme.people["responder"]).update(is_active=False)

    worked(run)

    alert.refresh_from_db()
    assert (run.status, alert.tags) == ("failed", [])
    assert "may not act here any more" in run.error


def test_a_refusal_is_the_reason_of_the_failure_and_leads_to_its_branch(in_acme):
    alert = alert_in(in_acme, "closed")

    run = started(
        in_acme,
        step("move", "status", verb="triage", on_failure="tell", on_success="end"),
        step("tell", "comment", text="{{ steps.move.error }}"),
        alert=alert,
    )

    assert states(run) == {"move": "failed", "tell": "succeeded"}
    assert "cannot be moved by 'triage'" in Comment.objects.get(alert=alert).text


def test_a_condition_takes_one_of_two_ways(in_acme):
    steps = (
        step(
            "ask",
            "condition",
            on_success="high",
            on_failure="low",
            all=[
                {"field": "severity", "op": "at_least", "value": "high"},
                {"field": "indicators", "op": "in_network", "value": "203.0.113.0/24"},
            ],
        ),
        step("high", "tag", add=["high"], on_success="end"),
        step("low", "tag", add=["low"]),
    )
    found = [{"type": "ip", "value": "203.0.113.9"}]
    wanted = alert_in(in_acme, severity="critical", indicators=found)
    other = alert_in(in_acme, severity="critical")

    ways = [states(started(in_acme, *steps, alert=alert)) for alert in (wanted, other)]

    assert ways == [
        {"ask": "succeeded", "high": "succeeded"},
        {"ask": "succeeded", "low": "succeeded"},
    ]


def test_branches_join_when_all_have_ended(in_acme):
    alert = alert_in(in_acme)
    run = started(
        in_acme,
        step("both", "parallel", branches=["a", "b"], on_success="join"),
        step("a", "tag", add=["a"], on_success="join"),
        step("b", "manual", instructions="Look", on_success="end"),
        step("join", "tag", add=["joined"]),
        alert=alert,
    )
    assert (run.status, states(run)["b"], "join" in states(run)) == ("waiting", "waiting", False)

    step_decisions.complete(of_step(run, "b"), actor=in_acme.actor("analyst"), note="clean")
    worked(run)

    alert.refresh_from_db()
    assert (run.status, alert.tags) == ("succeeded", ["a", "joined"])


def test_a_wait_costs_no_job_until_its_time_has_come(in_acme):
    run = started(
        in_acme, step("wait", "wait", minutes=30), step("then", "enrich", on_failure="end")
    )
    assert run.status == "waiting"
    with later(minutes=29):
        assert woken(run).status == "waiting"

    with later(minutes=31):
        assert woken(run).status == "succeeded"


def test_a_wait_for_a_condition_looks_again_and_ends_at_its_deadline(in_acme):
    alert = alert_in(in_acme)
    until = [{"field": "status", "op": "equals", "value": "triaging"}]
    met, missed = (
        started(in_acme, step("w", "wait", until=until, deadline_minutes=10), alert=alert)
        for _ in range(2)
    )
    with later(minutes=11):
        woken(missed)
        met.refresh_from_db()

    assert {missed.status, met.status} == {"failed"}
    assert "has not come about in time" in missed.error


ASK = step("ask", "approval", question="Block it?", count=2, deadline_minutes=60)


def test_an_approval_needs_as_many_as_it_says_and_never_whoever_started(in_acme):
    run = started(in_acme, ASK, role="manager")
    asked = of_step(run, "ask")

    with pytest.raises(NotYours, match="You started this run"):
        step_decisions.approve(asked, actor=in_acme.actor("manager"))
    with pytest.raises(ScopeMissing):
        step_decisions.approve(asked, actor=in_acme.actor("responder"))
    step_decisions.approve(asked, actor=in_acme.actor("tenant_admin"))
    with pytest.raises(NotYours, match="answered already"):
        step_decisions.approve(asked, actor=in_acme.actor("tenant_admin"))
    run.refresh_from_db()

    assert (run.status, asked.decisions.count()) == ("waiting", 1)


@pytest.mark.parametrize(
    ("without_answer", "status"),
    [(None, "failed"), ("reject", "failed"), ("approve", "succeeded"), ("cancel", "cancelled")],
)
def test_without_an_answer_an_approval_does_what_it_says(in_acme, without_answer, status):
    given = {"without_answer": without_answer} if without_answer else {}
    run = started(in_acme, step("ask", "approval", question="?", deadline_minutes=5, **given))

    with later(minutes=6):
        woken(run)

    assert run.status == status


def test_a_no_is_a_failure_with_its_reason(in_acme):
    run = started(in_acme, ASK)

    step_decisions.reject(of_step(run, "ask"), actor=in_acme.actor("manager"), note="It is ours.")
    run.refresh_from_db()

    assert run.status == "failed"
    assert "said no. It is ours." in run.error


def test_a_run_keeps_the_version_it_started_with(in_acme):
    alert = alert_in(in_acme)
    made = playbook(in_acme, step("a", "tag", add=["old"]))
    run = runs.start(made, actor=in_acme.actor("responder"), alert=alert)

    changed = playbooks.update(
        made, {"steps": [step("a", "tag", add=["new"])]}, actor=in_acme.actor("manager")
    )
    worked(run)

    alert.refresh_from_db()
    assert (alert.tags, changed.number, run.playbook_version.number) == (["old"], 2, 1)
    assert [each.number for each in playbooks.versions(changed)] == [2, 1]


def test_a_failed_run_goes_on_from_a_step_with_what_the_others_found(in_acme):
    alert = alert_in(in_acme)
    run = started(
        in_acme, step("tag", "tag", add=["x"]), step("todo", "task", title="Look"), alert=alert
    )
    assert (run.status, "its alert is in none" in run.error) == ("failed", True)
    investigations.create({"alert_ids": [alert.pk]}, actor=in_acme.actor("responder"))

    again = runs.retry(run, actor=in_acme.actor("responder"), from_step="todo")
    worked(again)

    assert (again.status, again.retry_of_id) == ("succeeded", run.pk)
    assert (of_step(again, "tag").attempt, of_step(again, "todo").attempt) == (0, 1)


def test_a_cancelled_run_begins_nothing_more(in_acme):
    run = started(in_acme, step("wait", "wait", minutes=5), step("then", "comment", text="x"))

    runs.perform(run, "cancel", actor=in_acme.actor("responder"), note="wrong one")
    with later(minutes=6):
        woken(run)

    assert (run.status, states(run)) == ("cancelled", {"wait": "cancelled"})


@pytest.mark.parametrize("verb", ["start", "wait", "resume", "doubt", "succeed", "fail"])
def test_no_person_makes_the_moves_of_the_worker(in_acme, verb):
    run = started(in_acme, step("wait", "wait", minutes=5))

    with pytest.raises(ScopeMissing):
        runs.perform(run, verb, actor=in_acme.actor("tenant_admin"))


def test_a_dry_run_changes_nothing_and_answers_with_stubs(in_acme, stub):
    alert = alert_in(in_acme)
    target = connector(in_acme, stub.url)
    score = {"field": "steps.look.output.body.score", "op": "at_least", "value": 80}
    run = started(
        in_acme,
        step("look", "http", connector_id=target.shown_id),
        step("bad", "condition", all=[score]),
        step("ask", "approval", question="Block?"),
        step("tag", "tag", add=["bad"]),
        alert=alert,
        stubs={"look": {"body": {"score": 87}}},
        dry_run=True,
    )

    alert.refresh_from_db()
    assert (run.status, alert.tags, stub.seen) == ("succeeded", [], [])
    assert of_step(run, "tag").output == {"dry_run": True, "would": {"add": ["bad"]}}


def test_what_is_missing_is_said_before_a_run(in_acme):
    target = connector(in_acme, "https://x.example.com", auth_scheme="bearer")
    made = playbook(in_acme, step("call", "http", connector_id=target.shown_id))

    with pytest.raises(Conflict, match="has no secret"):
        runs.start(made, actor=in_acme.actor("responder"))


def test_a_claim_with_an_old_fence_writes_nothing(in_acme, stub):
    me = actors.system(in_acme.tenant.pk)
    target = connector(in_acme, stub.url)
    made = playbook(in_acme, step("call", "http", connector_id=target.shown_id))
    run = runs.start(made, actor=in_acme.actor("responder"))
    row = of_step(run, "call")
    old = run_engine.take(run.pk, row.pk, actor=me)
    assert run_engine.take(run.pk, row.pk, actor=me) is None, "the lease still holds"

    with later(seconds=20):
        new = run_engine.take(run.pk, row.pk, actor=me)
        late = run_engine.finish(old, succeeded({"by": "the old"}), actor=me)
        done = run_engine.finish(new, succeeded({"by": "the new"}), actor=me)

    assert (late, done) == (False, True)
    assert (old.idempotency_key, old.fence, new.fence) == (new.idempotency_key, 1, 2)
    assert of_step(run, "call").output == {"by": "the new"}


@pytest.mark.parametrize(
    ("outcome", "status", "keys"),
    [("done", "succeeded", 0), ("not_done", "failed", 0), ("again", "succeeded", 1)],
)
def test_a_call_of_unknown_outcome_waits_for_a_person(in_acme, stub, outcome, status, keys):
    target = connector(in_acme, stub.url)
    made = playbook(in_acme, step("call", "http", connector_id=target.shown_id, method="POST"))
    run = runs.start(made, actor=in_acme.actor("responder"))
    me = actors.system(in_acme.tenant.pk)
    run_engine.take(run.pk, of_step(run, "call").pk, actor=me)  # and its worker is never seen again
    with later(seconds=20):
        woken(run)
    assert (run.status, stub.seen) == ("uncertain", [])
    assert "Whether the call happened is not known" in of_step(run, "call").error

    runs.perform(run, "settle", actor=in_acme.actor("responder"), outcome=outcome)
    worked(run)

    assert (run.status, run.outcome, len(stub.calls)) == (status, outcome, keys)


def test_a_step_whose_job_was_lost_is_handed_out_again(in_acme):
    made = playbook(in_acme, step("tag", "tag", add=["x"]))
    run = runs.start(made, actor=in_acme.actor("responder"), alert=alert_in(in_acme))
    StepRun.objects.filter(run=run).update(check_at=timezone.now())

    assert run_engine.wake() == 1
    assert worked(run).status == "succeeded"
    assert run_engine.wake() == 0


def test_a_run_that_goes_on_cannot_be_retried_or_settled(in_acme):
    run = started(in_acme, step("wait", "wait", minutes=5))

    with pytest.raises(Conflict, match="has not ended"):
        runs.retry(run, actor=in_acme.actor("responder"), from_step="wait")
    with pytest.raises(MoveRefused):
        runs.perform(run, "settle", actor=in_acme.actor("responder"), outcome="done")
    assert PlaybookRun.objects.count() == 1
    run_due_jobs()
