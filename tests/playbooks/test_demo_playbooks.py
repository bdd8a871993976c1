"""The playbooks of the demo, from their start to each of their ends."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from soc.models import AlertEscalation, Comment, Indicator, InvestigationAlert, Task
from soc.services import indicators, playbooks, run_engine, runs, step_decisions
from socplatform.demo.playbooks import MALWARE, PHISHING, TAKEOVER
from tests.playbooks.factories import of_step, states, worked
from tests.soc.factories import alert_in

DOMAIN = {"type": "domain", "value": "sign-in.example.net"}


def begun(cast, values, **about):
    """A run that the responder has started, as far as it goes by itself."""
    made = playbooks.create(values, actor=cast.actor("manager"))
    alert = alert_in(cast, severity="high", host={"name": "ws-17"}, user={"name": "anna"}, **about)
    return alert, worked(runs.start(made, actor=cast.actor("responder"), alert=alert))


def said(alert):
    return Comment.objects.get(alert=alert).text


def after(run, **time):
    with time_machine.travel(timezone.now() + timedelta(**time), tick=False):
        run_engine.wake()
        return worked(run)


def test_phishing_is_confirmed_by_somebody_else_and_marked(in_acme):
    alert, run = begun(in_acme, PHISHING, indicators=[DOMAIN])
    assert (run.status, states(run)["ask"]) == ("waiting", "waiting")

    step_decisions.approve(of_step(run, "ask"), actor=in_acme.actor("manager"))
    worked(run)

    alert.refresh_from_db()
    assert (run.status, alert.tags) == ("succeeded", ["phishing", "confirmed"])
    assert Indicator.objects.get(value=DOMAIN["value"]).malice == "malicious"
    assert said(alert).startswith("Confirmed as phishing.")


def test_what_is_not_phishing_is_written_down_with_the_reason(in_acme):
    alert, run = begun(in_acme, PHISHING, indicators=[DOMAIN])

    step_decisions.reject(of_step(run, "ask"), actor=in_acme.actor("manager"), note="A newsletter.")
    worked(run)

    alert.refresh_from_db()
    assert (run.status, alert.tags) == ("succeeded", [])
    assert "A newsletter." in said(alert)


@pytest.mark.parametrize("outcome", ["done", "failed"])
def test_malware_is_escalated_with_a_task_once_the_host_is_seen_to(in_acme, outcome):
    first = alert_in(in_acme, indicators=[DOMAIN])
    found = Indicator.objects.get(value=DOMAIN["value"])
    indicators.judge(found, verdict="malicious", actor=in_acme.actor("analyst"))
    alert, run = begun(in_acme, MALWARE, category="endpoint", indicators=[DOMAIN])
    alert.refresh_from_db()
    assert (run.status, alert.tags, states(run)["isolate"]) == ("waiting", ["malware"], "waiting")

    isolate = of_step(run, "isolate")
    step_decisions.complete(isolate, actor=in_acme.actor("analyst"), outcome=outcome, note="Off.")
    worked(run)

    alert.refresh_from_db()
    case = InvestigationAlert.objects.get(alert=alert).investigation
    assert alert.status == "escalated"
    assert AlertEscalation.objects.filter(alert=alert).exists()
    task = Task.objects.get(investigation=case)
    assert (task.title, task.mandatory) == ("Take a memory image of ws-17", True)
    assert not InvestigationAlert.objects.filter(alert=first).exists()


def test_what_is_not_known_as_bad_is_left_in_the_queue(in_acme):
    alert, run = begun(in_acme, MALWARE, category="endpoint", indicators=[DOMAIN])

    alert.refresh_from_db()
    assert (run.status, alert.status, alert.tags) == ("succeeded", "open", [])
    assert said(alert).startswith("Nothing bad is known of it")


def test_an_account_is_reset_by_hand_after_a_yes_and_looked_at_again(in_acme):
    alert, run = begun(in_acme, TAKEOVER, category="identity")

    step_decisions.approve(of_step(run, "ask"), actor=in_acme.actor("manager"))
    worked(run)
    note = "Called on the known number."
    step_decisions.complete(of_step(run, "reset"), actor=in_acme.actor("analyst"), note=note)
    worked(run)
    assert (run.status, states(run)["calm"]) == ("waiting", "waiting")
    after(run, minutes=31)

    alert.refresh_from_db()
    assert (run.status, alert.status, alert.tags) == ("succeeded", "triaging", ["account-reset"])
    assert said(alert) == f"Signed out and reset: {note}"


def test_nobody_is_signed_out_without_a_yes(in_acme):
    refused, run = begun(in_acme, TAKEOVER, category="identity")
    step_decisions.reject(of_step(run, "ask"), actor=in_acme.actor("manager"), note="It was her.")
    worked(run)
    unheard, waiting = begun(in_acme, TAKEOVER | {"name": "Once more"}, category="identity")
    after(waiting, minutes=61)

    assert (run.status, waiting.status) == ("succeeded", "cancelled")
    assert "It was her." in said(refused)
    assert not Comment.objects.filter(alert=unheard).exists()
