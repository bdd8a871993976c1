"""What sets playbooks off: once per alert and version, and never without conditions."""

from core import actors
from soc.intake.envelope import split
from soc.models import PlaybookRun
from soc.services import alerts, intake, playbooks
from soc.tasks import enrich
from tests.playbooks.factories import PLAYBOOKS, connector, playbook, run_due_jobs, step
from tests.soc.factories import ALERTS, alert_in, run_jobs

HIGH = [{"field": "severity", "op": "at_least", "value": "high"}]
TAG = step("tag", "tag", add=["seen"])


def automatic(cast, conditions=HIGH, *steps, **values):
    given = {"trigger_conditions": conditions, "auto_execute": True, **values}
    return playbook(cast, *(steps or [TAG]), **given)


def fired():
    run_due_jobs()
    return list(PlaybookRun.objects.order_by("id").values_list("trigger", "status"))


def test_a_batch_of_new_alerts_is_judged_in_one_job(in_acme):
    automatic(in_acme)
    lines = b'{"title": "a", "severity": "high"}\n{"title": "b", "severity": "low"}'
    me = actors.system(in_acme.tenant.pk)

    intake.take(split(lines), actor=me, format="generic")

    assert fired() == [("automatic", "succeeded")]
    assert PlaybookRun.objects.get().requested_by == me.person_id


def test_once_per_alert_and_version(in_acme):
    made = automatic(in_acme, trigger_on=["created", "status_changed"])
    alert = alert_in(in_acme, severity="high")
    fired()

    for verb in ("acknowledge", "triage"):
        alerts.perform(alert, verb, actor=in_acme.actor("analyst"))
    assert len(fired()) == 1
    playbooks.update(made, {"steps": [TAG, step("b", "enrich")]}, actor=in_acme.actor("manager"))
    alerts.perform(alert, "escalate", actor=in_acme.actor("responder"))

    assert len(fired()) == 2
    assert PlaybookRun.objects.last().requested_by in {
        in_acme.people["responder"].pk,
        in_acme.people["analyst"].pk,
    }


def test_without_conditions_or_switched_off_nothing_fires(in_acme):
    automatic(in_acme, [])
    automatic(in_acme, enabled=False)
    playbook(in_acme, TAG, trigger_conditions=HIGH)
    automatic(in_acme, trigger_on=["escalated"])

    alert_in(in_acme, severity="critical")

    assert fired() == []


def test_what_asks_for_malice_is_judged_once_the_alert_is_enriched(in_acme):
    automatic(in_acme, [{"field": "malice", "op": "not_equals", "value": "malicious"}])
    alert = alert_in(in_acme)
    assert fired() == []

    enrich.func(str(in_acme.tenant.pk), [str(alert.pk)])

    assert fired() == [("automatic", "succeeded")]
    run_jobs()


def test_what_it_lacks_is_the_reason_on_the_run(in_acme):
    target = connector(in_acme, "https://x.example.com", auth_scheme="bearer")
    automatic(in_acme, HIGH, step("call", "http", connector_id=target.shown_id))

    alert_in(in_acme, severity="high")

    assert fired() == [("automatic", "failed")]
    assert "has no secret" in PlaybookRun.objects.get().error


def test_the_test_says_what_holds_and_how_often_it_would_have_run(api):
    made = api.post(PLAYBOOKS, {"trigger_conditions": HIGH}).json()
    wanted = [api.post(ALERTS, {"severity": severity}).json() for severity in ("high", "low")]
    url = f"{PLAYBOOKS}/{made['id']}/trigger-test"
    network = [{"field": "indicators", "op": "in_network", "value": "203.0.113.0/24"}]

    past = api.post(url, {}).json()
    one = api.post(url, {"alert_id": wanted[1]["id"], "trigger_conditions": HIGH + network}).json()

    assert (past["days"], past["looked_at"], past["matched"]) == (30, 2, 1)
    assert [row["id"] for row in past["alerts"]] == [wanted[0]["id"]]
    assert [row["holds"] for row in one["conditions"]] == [False, False]
    assert api.post(url, {"days": 4000}).status_code == 400
