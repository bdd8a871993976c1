from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import BadInput, MoveRefused, ScopeMissing
from core.scopes import ROLES
from grc.services import incidents

MOVES = {
    "contain": ({"detected"}, "contained"),
    "eradicate": ({"detected", "contained"}, "eradicated"),
    "recover": ({"detected", "contained", "eradicated"}, "recovered"),
    "close": ({"detected", "contained", "eradicated", "recovered"}, "closed"),
    "reopen": ({"closed"}, "detected"),
    "report": ({"detected", "contained", "eradicated", "recovered"}, None),
}
WAY = {
    "detected": [],
    "contained": ["contain"],
    "eradicated": ["eradicate"],
    "recovered": ["recover"],
    "closed": ["close"],
}
WRITERS = {"responder", "manager", "compliance", "tenant_admin"}


def incident_in(cast, status="detected", **values):
    incident = incidents.create(values, actor=cast.actor("compliance"))
    for verb in WAY[status]:
        incident = incidents.perform(incident, verb, actor=cast.actor("compliance"))
    return incident


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("status", list(WAY))
def test_every_verb_from_every_status_by_every_role(in_acme, status, role):
    for verb, (sources, target) in MOVES.items():
        incident = incident_in(in_acme, status)
        if role not in WRITERS:
            with pytest.raises(ScopeMissing):
                incidents.perform(incident, verb, actor=in_acme.actor(role))
        elif status not in sources:
            with pytest.raises(MoveRefused):
                incidents.perform(incident, verb, actor=in_acme.actor(role))
        else:
            moved = incidents.perform(incident, verb, actor=in_acme.actor(role))
            assert moved.status == (target or status)


def test_a_move_records_its_fact_now_or_at_the_time_given(in_acme):
    actor = in_acme.actor("compliance")
    start = timezone.now() - timedelta(hours=5)
    incident = incident_in(in_acme, detected_at=start)

    at = start + timedelta(hours=1)
    incident = incidents.perform(incident, "contain", actor=actor, at=at)
    incident = incidents.perform(incident, "recover", actor=actor)

    assert incident.contained_at == at
    assert incident.recovered_at > at


def test_times_to_detect_and_recover_are_computed_in_minutes(in_acme):
    now = timezone.now()
    facts = {
        "first_event_at": now - timedelta(minutes=90),
        "detected_at": now - timedelta(minutes=60),
        "recovered_at": now - timedelta(minutes=15),
    }
    incident = incident_in(in_acme, **facts)

    assert (incident.mttd_minutes, incident.mttr_minutes) == (30.0, 45.0)


@pytest.mark.parametrize(
    ("field", "shift"), [("contained_at", timedelta(hours=1)), ("contained_at", timedelta(days=-9))]
)
def test_a_fact_in_the_future_or_out_of_order_is_refused_by_name(in_acme, field, shift):
    incident = incident_in(in_acme)

    with pytest.raises(BadInput) as refusal:
        incidents.update(
            incident, {field: timezone.now() + shift}, actor=in_acme.actor("compliance")
        )

    assert refusal.value.field == field


def test_reopening_keeps_the_times(in_acme):
    actor = in_acme.actor("compliance")
    incident = incident_in(in_acme, "contained")
    contained = incident.contained_at
    incident = incidents.perform(incident, "close", actor=actor)

    incident = incidents.perform(incident, "reopen", actor=actor)
    again = incidents.perform(incident, "contain", actor=actor)

    assert again.contained_at == contained


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("severity", "enormous"),
        ("notifiability", "perhaps"),
        ("commander_ids", ["per_unknown"]),
        ("commander_ids", "nobody"),
    ],
)
def test_a_word_that_is_not_known_is_refused_by_name(in_acme, field, value):
    with pytest.raises(BadInput) as refusal:
        incidents.create({field: value}, actor=in_acme.actor("compliance"))

    assert refusal.value.field == field


def test_commanders_are_members(in_acme):
    alice = in_acme.people["manager"]
    incident = incident_in(in_acme, commander_ids=[alice.shown_id])

    assert incident.commander_ids == [str(alice.pk)]


def test_a_status_in_an_update_is_the_move_that_leads_there(in_acme):
    actor = in_acme.actor("compliance")
    incident = incident_in(in_acme)

    moved = incidents.update(incident, {"status": "recovered"}, actor=actor)

    assert moved.recovered_at is not None


def test_a_deleted_incident_comes_back(in_acme):
    actor = in_acme.actor("compliance")
    incident = incidents.delete(incident_in(in_acme), actor=actor)

    assert not incidents.restore(incident, actor=actor).is_deleted
