"""Duties over the API and the services: what decides them, how they move, and who is told."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core import tenancy
from core.actors import system
from core.errors import BadInput, InputNeeded, MoveRefused
from core.models import AuditEvent, Notification
from grc.models import Obligation
from grc.services import incidents, obligation_watch, obligations, regulators
from tests import factories

INCIDENTS, DUTIES = "/api/v1/grc/incidents", "/api/v1/grc/obligations"
NOW = datetime(2026, 11, 20, 3, 12, tzinfo=UTC)
AWARE = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
BANK = {
    "name": "Financial supervisor",
    "entity_name": "Orvane Pay",
    "entity_kinds": ["payment_institution"],
    "regimes": ["NIS2", "DORA", "GDPR"],
}


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def incident(frozen, in_acme):
    regulators.create(BANK, actor=in_acme.actor())
    return incidents.create(
        {"title": "Data left", "detected_at": AWARE - timedelta(hours=2)}, actor=in_acme.actor()
    )


def yes(*questions):
    return [{"question": question, "answer": "yes"} for question in questions]


def fact(incident, name, at, cast, note=""):
    return obligations.record_fact(incident, name, actor=cast.actor(), at=at, note=note)


def duty(key):
    return Obligation.objects.get(rule_key=key)


def test_an_incident_has_no_duty_before_it_is_assessed(incident):
    assert not Obligation.objects.exists()


def test_a_yes_makes_duties_and_the_fact_starts_their_clocks(in_acme, incident):
    obligations.assess(incident, yes("nis2_significant"), actor=in_acme.actor())

    assert duty("nis2.notification").waiting_for == "Aware of the significant incident"
    fact(incident, "aware", AWARE, in_acme)

    row = duty("nis2.notification")
    assert (row.due_at, row.waiting_for) == (AWARE + timedelta(hours=72), "")
    assert (row.article, row.rule_source) == ("Art 23(4)(b)", "Directive (EU) 2022/2555")
    incident.refresh_from_db()
    assert incident.notifiability == "notifiable"


def test_a_no_needs_its_reason_and_lapses_the_duty_with_it(in_acme, incident):
    actor = in_acme.actor()
    obligations.assess(incident, yes("nis2_significant"), actor=actor)
    no = {"question": "nis2_significant", "answer": "no"}

    with pytest.raises(InputNeeded):
        obligations.assess(incident, [no], actor=actor)
    reason = "Not notifiable, because no service was hit."
    changed = obligations.assess(incident, [{**no, "reason": reason}], actor=actor)

    row = duty("nis2.notification")
    assert (row.applies, row.because) == (False, reason)
    assert changed.notifiability == "assessing"


def test_every_question_answered_with_no_is_not_notifiable(in_acme, incident):
    answers = [
        {"question": name, "answer": "no", "reason": "because"}
        for name in ("nis2_significant", "dora_major", "gdpr_breach")
    ]

    changed = obligations.assess(incident, answers, actor=in_acme.actor())

    assert changed.notifiability == "not_notifiable"


def test_an_answer_for_one_regulator_comes_before_the_one_for_all(frozen, acme, api):
    with tenancy.tenant_scope(acme.tenant.pk):
        bank = regulators.create(BANK, actor=acme.actor())
        shop = regulators.create({"name": "CNIL", "regimes": ["GDPR"]}, actor=acme.actor())
    url = f"{INCIDENTS}/{api.post(INCIDENTS, {}, format='json').json()['id']}"
    no = {"question": "gdpr_breach", "answer": "no", "reason": "No data of theirs."}

    own = {**no, "regulator_id": shop.shown_id}
    api.post(f"{url}/assess", {"answers": [*yes("gdpr_breach"), own]}, format="json")

    told = api.get(f"{url}/obligations").json()
    assert {row["regulator_id"] for row in told["results"]} == {bank.shown_id}
    [asked] = [each for each in told["questions"] if each["question"] == "gdpr_breach"]
    assert asked["answer"] == "yes"
    held = {each["regulator_id"]: (each["answer"], each["reason"]) for each in asked["apart"]}
    assert held == {bank.shown_id: (None, ""), shop.shown_id: ("no", "No data of theirs.")}
    [alone] = [each for each in told["questions"] if each["question"] == "dora_major"]
    assert alone["apart"] == []


@pytest.mark.legal_clock
def test_moving_an_anchor_counts_anew_and_the_history_shows_the_old_deadline_and_who(
    frozen, acme, api
):
    with tenancy.tenant_scope(acme.tenant.pk):
        regulators.create(BANK, actor=acme.actor())
    made = api.post(INCIDENTS, {"detected_at": "2026-11-18T20:00:00Z"}, format="json").json()
    url = f"{INCIDENTS}/{made['id']}"
    api.post(f"{url}/assess", {"answers": yes("gdpr_breach")}, format="json")
    api.post(
        f"{url}/facts", {"fact": "controller_aware", "at": "2026-11-19T10:05:00Z"}, format="json"
    )

    bare = {"fact": "controller_aware", "at": "2026-11-19T08:00:00Z"}
    refused = api.post(f"{url}/facts", bare, format="json")
    moved = api.post(f"{url}/facts", {**bare, "note": "The mail of 08:00."}, format="json")

    assert (refused.status_code, moved.status_code) == (422, 200)
    told = api.get(f"{url}/obligations").json()
    [row] = [each for each in told["results"] if each["stage"].startswith("Notification")]
    assert row["due_at"] == "2026-11-22T08:00:00Z"
    entry = api.get(f"{DUTIES}/{row['id']}/history").json()["results"][0]
    assert entry["verb"] == "obligation.recompute"
    assert entry["note"] == "The mail of 08:00."
    assert entry["changes"]["due_at"] == ["2026-11-22T10:05:00Z", "2026-11-22T08:00:00Z"]
    assert entry["actor_id"] == acme.people["tenant_admin"].shown_id
    assert "no legal advice" in told["notice"]


@pytest.mark.legal_clock
def test_a_weekend_rule_gives_until_noon_but_not_to_a_credit_institution(in_acme, incident):
    actor = in_acme.actor()
    obligations.assess(incident, yes("dora_major"), actor=actor)
    fact(incident, "aware", AWARE, in_acme)
    fact(incident, "classified_major", AWARE + timedelta(minutes=110), in_acme)
    assert duty("dora.initial").due_at == datetime(2026, 11, 19, 5, 20, tzinfo=UTC)
    row = duty("dora.initial")

    regulators.update(row.regulator, {"holidays": ["2026-11-19"]}, actor=actor)
    on_a_holiday = duty("dora.initial")
    regulators.update(row.regulator, {"entity_kinds": ["credit_institution"]}, actor=actor)

    assert on_a_holiday.limit_at == duty("dora.initial").due_at == row.due_at
    assert on_a_holiday.due_at == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "at", "field"),
    [
        ("aware", NOW + timedelta(minutes=1), "at"),
        ("classified_major", AWARE - timedelta(minutes=1), "at"),
        ("birthday", AWARE, "fact"),
    ],
)
def test_a_fact_in_the_future_out_of_order_or_unknown_is_refused(
    in_acme, incident, name, at, field
):
    fact(incident, "aware", AWARE, in_acme)

    with pytest.raises(BadInput) as refusal:
        fact(incident, name, at, in_acme, note="why")

    assert refusal.value.field == field


def test_an_earlier_fact_does_not_move_past_a_later_one(in_acme, incident):
    fact(incident, "aware", AWARE, in_acme)
    fact(incident, "classified_major", AWARE + timedelta(hours=1), in_acme)

    with pytest.raises(BadInput):
        fact(incident, "aware", AWARE + timedelta(hours=2), in_acme, note="why")


def test_at_risk_and_overdue_are_told_once_each_and_again_for_a_new_deadline(in_acme, incident):
    owner = in_acme.people["compliance"]
    incidents.update(incident, {"owner_id": owner.pk}, actor=in_acme.actor())
    obligations.assess(incident, yes("gdpr_breach"), actor=in_acme.actor())
    fact(incident, "controller_aware", AWARE, in_acme)
    platform = system(in_acme.tenant.pk)

    for hours in (10, 54, 55, 72.1, 73):
        with time_machine.travel(AWARE + timedelta(hours=hours), tick=False):
            obligation_watch.check(actor=platform)
    told = AuditEvent.objects.filter(object_type="obligation").order_by("id")
    words = [event.verb for event in told if event.verb.split(".")[1] in ("at_risk", "overdue")]

    assert words == ["obligation.at_risk", "obligation.overdue"]
    assert Notification.objects.filter(person=owner, kind="legal_deadline").count() == 2
    with time_machine.travel(AWARE + timedelta(hours=74), tick=False):
        fact(incident, "controller_aware", AWARE - timedelta(hours=1), in_acme, note="why")
        assert obligation_watch.check(actor=platform) == 1


def test_an_incident_with_a_due_duty_is_not_closed(in_acme, incident):
    obligations.assess(incident, yes("gdpr_breach"), actor=in_acme.actor())
    fact(incident, "controller_aware", AWARE, in_acme)

    with pytest.raises(MoveRefused, match="GDPR Notification of the supervisory authority is due"):
        incidents.perform(incident, "close", actor=in_acme.actor())


def test_a_regulator_without_rules_switched_on_sets_off_nothing(in_acme, incident):
    regulator = regulators.create({"name": "Off"}, actor=in_acme.actor())

    obligations.assess(incident, yes("gdpr_breach"), actor=in_acme.actor())

    assert not Obligation.objects.filter(regulator=regulator).exists()
    assert Obligation.objects.exists()


def test_rules_switched_off_lapse_their_duties(in_acme, incident):
    obligations.assess(incident, yes("gdpr_breach"), actor=in_acme.actor())

    regulators.update(duty("gdpr.authority").regulator, {"regimes": []}, actor=in_acme.actor())

    assert duty("gdpr.authority").because == "Switched off for this regulator."


def test_rules_count_only_for_incidents_of_their_time(in_acme, frozen):
    actor = in_acme.actor()
    regulators.create({"name": "CSIRT", "regimes": ["CRA", "NIS2"]}, actor=actor)
    old = incidents.create({"detected_at": datetime(2026, 9, 10, 9, tzinfo=UTC)}, actor=actor)

    obligations.assess(old, yes("cra_incident", "nis2_significant"), actor=actor)

    assert set(Obligation.objects.values_list("regime", flat=True)) == {"NIS2"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("regimes", ["CIRCIA"]),
        ("entity_kinds", ["bakery"]),
        ("time_zone", "Europe/Atlantis"),
        ("holidays", ["Christmas"]),
    ],
)
def test_a_regulator_of_unknown_words_is_refused_by_name(api, field, value):
    answer = api.post("/api/v1/grc/regulators", {field: value}, format="json")

    assert (answer.status_code, field in answer.content.decode()) == (400, True)


def test_another_tenants_duty_is_not_found(api, globex):
    with tenancy.tenant_scope(globex.tenant.pk):
        regulators.create(BANK, actor=globex.actor())
        row = incidents.create({}, actor=globex.actor())
        obligations.assess(row, yes("gdpr_breach"), actor=globex.actor())
        theirs = duty("gdpr.authority").shown_id

    assert api.get(f"{DUTIES}/{theirs}").status_code == 404
    assert factories.client_for(globex).get(f"{DUTIES}/{theirs}").status_code == 200
