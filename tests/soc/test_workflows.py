"""Every status × verb × role of alert and investigation: what may happen, what is refused how."""

import pytest

from core.errors import InputNeeded, MoveRefused, ScopeMissing
from core.scopes import ROLES
from soc.services import alerts, investigations
from tests.soc.factories import CASE_NEEDED, CASE_WAY, NEEDED, WAY, alert_in, case_in

# Written by hand from the design, so that a change of the tables must change this too.
ALERT_MOVES = {
    "acknowledge": ({"open"}, "acknowledged"),
    "triage": ({"open", "acknowledged", "escalated"}, "triaging"),
    "escalate": ({"open", "acknowledged", "triaging"}, "escalated"),
    "resolve": ({"open", "acknowledged", "triaging", "escalated"}, "resolved"),
    "close": ({"open", "acknowledged", "triaging", "escalated", "resolved"}, "closed"),
    "suppress": ({"open", "acknowledged", "triaging"}, "suppressed"),
    "reopen": ({"resolved", "closed", "suppressed"}, "open"),
    "reclassify": ({"closed"}, "closed"),
}
CASE_MOVES = {
    "start": ({"new"}, "in_progress"),
    "hold": ({"in_progress"}, "on_hold"),
    "resume": ({"on_hold"}, "in_progress"),
    "contain": ({"new", "in_progress", "on_hold"}, "contained"),
    "resolve": ({"new", "in_progress", "on_hold", "contained"}, "resolved"),
    "close": ({"new", "in_progress", "on_hold", "contained", "resolved"}, "closed"),
    "reopen": ({"resolved", "closed"}, "in_progress"),
    "escalate": ({"new", "in_progress", "on_hold", "contained", "resolved"}, None),
}
WRITERS = {"analyst", "responder", "manager", "tenant_admin"}
ESCALATORS = {"responder", "manager", "tenant_admin"}


def may(role, verb):
    return role in (ESCALATORS if verb == "escalate" else WRITERS)


def check(perform, obj, verb, moves, needed, *, role, actor):
    sources, target = moves[verb]
    inputs = needed.get(verb, {})
    if not may(role, verb):
        with pytest.raises(ScopeMissing):
            perform(obj, verb, actor=actor, **inputs)
    elif obj.status not in sources:
        with pytest.raises(MoveRefused) as refusal:
            perform(obj, verb, actor=actor, **inputs)
        assert set(refusal.value.allowed) == {
            each for each, (origins, _) in moves.items() if obj.status in origins
        }
    else:
        before = obj.status
        assert perform(obj, verb, actor=actor, **inputs).status == (target or before)


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("status", list(WAY))
def test_every_verb_from_every_status_by_every_role(in_acme, status, role):
    for verb in ALERT_MOVES:
        alert = alert_in(in_acme, status)
        check(
            alerts.perform, alert, verb, ALERT_MOVES, NEEDED, role=role, actor=in_acme.actor(role)
        )


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("status", list(CASE_WAY))
def test_every_verb_of_investigations_by_every_role(in_acme, status, role):
    for verb in CASE_MOVES:
        check(
            investigations.perform,
            case_in(in_acme, status),
            verb,
            CASE_MOVES,
            CASE_NEEDED,
            role=role,
            actor=in_acme.actor(role),
        )


@pytest.mark.parametrize(
    ("verb", "field"), [("resolve", "resolution"), ("close", "close_classification")]
)
def test_a_move_without_its_input_names_the_field(in_acme, verb, field):
    with pytest.raises(InputNeeded) as refusal:
        alerts.perform(alert_in(in_acme), verb, actor=in_acme.actor("analyst"))

    assert refusal.value.field == field


# The times that each move from the first status leaves, and no others.
STAMPED = {
    "acknowledge": {"acknowledged_at"},
    "triage": {"acknowledged_at", "triaged_at"},
    "escalate": {"acknowledged_at", "escalated_at"},
    "resolve": {"acknowledged_at", "resolved_at"},
    "close": {"acknowledged_at", "closed_at"},
    "suppress": {"acknowledged_at", "suppressed_at"},
}
CASE_STAMPED = {
    "start": {"started_at"},
    "contain": {"started_at", "contained_at"},
    "resolve": {"started_at", "resolved_at"},
    "close": {"closed_at"},
    "escalate": {"escalated_at"},
}
# What reopening from each status takes back.
TAKEN_BACK = {
    "resolved": {"resolved_at", "resolution"},
    "closed": {"closed_at", "close_classification", "verdict", "cause"},
    "suppressed": {"suppressed_at"},
}


def times(row):
    names = {field.name for field in row._meta.fields if field.name.endswith("ed_at")}
    kept = names - {"created_at", "updated_at", "deleted_at", "occurred_at", "enriched_at"}
    return {name for name in kept if getattr(row, name) is not None}


@pytest.mark.parametrize("verb", list(STAMPED))
def test_a_move_of_an_alert_stamps_its_times_and_no_others(in_acme, verb):
    alert = alerts.perform(
        alert_in(in_acme), verb, actor=in_acme.actor("responder"), **NEEDED.get(verb, {})
    )

    assert times(alert) == STAMPED[verb]


@pytest.mark.parametrize("verb", list(CASE_STAMPED))
def test_a_move_of_an_investigation_stamps_its_times_and_no_others(in_acme, verb):
    case = investigations.perform(
        case_in(in_acme), verb, actor=in_acme.actor("responder"), **CASE_NEEDED.get(verb, {})
    )

    assert times(case) == CASE_STAMPED[verb]


@pytest.mark.parametrize("status", list(TAKEN_BACK))
def test_reopening_takes_back_what_ending_wrote_and_keeps_first_times(in_acme, status):
    ended = alert_in(in_acme, status)

    opened = alerts.perform(ended, "reopen", actor=in_acme.actor("responder"))

    assert [name for name in TAKEN_BACK[status] if getattr(opened, name) is not None] == []
    assert opened.acknowledged_at == ended.acknowledged_at


@pytest.mark.parametrize(
    ("verb", "status", "field"),
    [("hold", "in_progress", "pause_reason"), ("close", "new", "closure_reason")],
)
def test_a_move_of_an_investigation_without_its_input_names_the_field(in_acme, verb, status, field):
    case = case_in(in_acme, status)

    with pytest.raises(InputNeeded) as refusal:
        investigations.perform(case, verb, actor=in_acme.actor("responder"))

    assert refusal.value.field == field
