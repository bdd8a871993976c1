"""From a duty to what was sent: drafted from the case, approved by another, kept as it went."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.errors import BadInput, Conflict, InputNeeded, MoveRefused, ScopeMissing
from core.scopes import ROLES
from grc.models import Obligation
from grc.services import (
    assets,
    corrective_actions,
    incidents,
    obligations,
    regulators,
    risks,
    submissions,
)
from tests import factories

NOW = datetime(2026, 11, 20, 3, 12, tzinfo=UTC)
AWARE = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
WAY = {
    "draft": [],
    "in_review": ["submit"],
    "approved": ["submit", "approve"],
    "sent": ["submit", "approve", "send"],
}
MOVES = {
    "submit": ({"draft"}, "in_review"),
    "approve": ({"in_review"}, "approved"),
    "reject": ({"in_review", "approved"}, "draft"),
    "send": ({"approved"}, "sent"),
}
INPUTS = {"send": {"channel": "portal", "delay_reason": "nobody was there"}}
WRITERS = {"responder", "manager", "compliance", "tenant_admin"}


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def incident(frozen, in_acme):
    actor = in_acme.actor()
    regulators.create(
        {"name": "CSIRT", "regimes": ["NIS2", "GDPR"], "entity_name": "Orvane Grid"}, actor=actor
    )
    values = {
        "title": "Data left",
        "description": "From the finance share.",
        "detected_at": AWARE - HOUR,
        "impact": {"people": 1204, "confidentiality": "high"},
    }
    incident = incidents.create(values, actor=actor)
    questions = ("nis2_significant", "gdpr_breach", "gdpr_high_risk")
    answers = [{"question": each, "answer": "yes"} for each in questions]
    incident = obligations.assess(incident, answers, actor=actor)
    for name in ("aware", "controller_aware"):
        incident = obligations.record_fact(incident, name, actor=actor, at=AWARE)
    return incident


def duty(key="nis2.notification"):
    return Obligation.objects.get(rule_key=key)


def draft(cast, key="nis2.notification"):
    return submissions.create({"obligation_id": duty(key)}, actor=cast.actor("responder"))


def taken(cast, row, *verbs, at=None):
    for verb in verbs:
        who = cast.actor("responder" if verb == "submit" else "compliance")
        inputs = {"channel": "portal", "receipt": "R-1"} | ({"at": at} if at else {})
        row = submissions.perform(row, verb, actor=who, **(inputs if verb == "send" else {}))
    return row


def test_a_draft_is_filled_from_the_case_and_says_what_is_missing(in_acme, incident):
    row = draft(in_acme)

    assert "From the finance share." in row.sections["what_happened"]
    assert "People: 1204" in row.sections["impact"]
    assert "Aware of the significant incident: 2026-11-18 23:30 UTC" in row.sections["times"]
    assert "Orvane Grid" in row.sections["contact"]
    assert "Measures taken and planned" in submissions.missing(row)


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("status", list(WAY))
def test_every_verb_from_every_status_by_every_role(in_acme, incident, status, role):
    row = taken(in_acme, draft(in_acme), *WAY[status])
    actor = in_acme.actor("manager" if role == "responder" else role)
    for verb, (sources, target) in MOVES.items():
        inputs = INPUTS.get(verb, {})
        if role not in WRITERS:
            with pytest.raises(ScopeMissing):
                submissions.perform(row, verb, actor=actor, **inputs)
        elif row.status not in sources:
            with pytest.raises(MoveRefused):
                submissions.perform(row, verb, actor=actor, **inputs)
        else:
            row = submissions.perform(row, verb, actor=actor, **inputs)
            assert row.status == target


def test_nobody_approves_what_they_wrote_in(in_acme, incident):
    row = draft(in_acme)
    row = submissions.update(
        row, {"sections": {"measures": "Isolated."}}, actor=in_acme.actor("manager")
    )
    row = taken(in_acme, row, "submit")

    for author in ("responder", "manager"):
        with pytest.raises(MoveRefused, match="Another person"):
            submissions.perform(row, "approve", actor=in_acme.actor(author))
    assert taken(in_acme, row, "approve").approved_by == in_acme.people["compliance"].pk


def test_an_approved_text_is_not_edited(in_acme, incident):
    row = taken(in_acme, draft(in_acme), "submit", "approve")

    with pytest.raises(Conflict, match="Send it back"):
        submissions.update(row, {"sections": {"impact": "More."}}, actor=in_acme.actor())


@pytest.mark.legal_clock
def test_what_was_sent_starts_the_next_clock_and_dates_the_incident(in_acme, incident):
    assert duty("nis2.final").waiting_for == "the submission of the incident notification"

    sent = taken(in_acme, draft(in_acme), "submit", "approve", "send")

    assert (sent.sent_at, sent.channel, sent.receipt) == (NOW, "portal", "R-1")
    assert duty().state(NOW) == "sent"
    assert duty("nis2.final").due_at == datetime(2026, 12, 20, 23, 59, 59, tzinfo=UTC)
    told = incidents.with_links([incident])[0].shown_duties
    assert (told.reported_at, told.notified_at) == (NOW, None)
    assert told.regulators == [duty().regulator_id]
    with time_machine.travel(NOW + HOUR, tick=False):
        taken(in_acme, draft(in_acme, "gdpr.data_subjects"), "submit", "approve", "send")
    told = incidents.with_links([incident])[0].shown_duties
    assert (told.reported_at, told.notified_at) == (NOW, NOW + HOUR)


def test_past_its_limit_it_is_recorded_with_a_reason_only(in_acme, incident):
    with time_machine.travel(AWARE + timedelta(hours=73), tick=False):
        row = taken(in_acme, draft(in_acme), "submit", "approve")
        with pytest.raises(InputNeeded) as refusal:
            taken(in_acme, row, "send")
        assert refusal.value.field == "delay_reason"
        late = {"channel": "portal", "delay_reason": "The portal was down."}
        submissions.perform(row, "send", actor=in_acme.actor(), **late)

    assert (duty().is_late, duty().delay_reason) == (True, "The portal was down.")


@pytest.mark.parametrize("shift", [HOUR, -HOUR])
def test_it_was_not_sent_in_the_future_nor_before_its_approval(in_acme, incident, shift):
    row = taken(in_acme, draft(in_acme), "submit", "approve")

    with pytest.raises(BadInput) as refusal:
        taken(in_acme, row, "send", at=NOW + shift)

    assert refusal.value.field == "at"


def test_a_later_version_begins_with_the_last_and_says_what_changed(in_acme, incident):
    first = draft(in_acme)
    with pytest.raises(Conflict, match="Version 1 is not sent yet"):
        draft(in_acme)
    values = {"sections": {"measures": "Isolated."}}
    first = submissions.update(first, values, actor=in_acme.actor("responder"))
    taken(in_acme, first, "submit", "approve", "send")

    second = draft(in_acme)

    assert (second.number, second.sections["measures"]) == (2, "Isolated.")
    with pytest.raises(InputNeeded) as refusal:
        taken(in_acme, second, "submit")
    assert refusal.value.field == "changes_note"


def test_a_closed_incident_takes_no_submission(in_acme, incident):
    no = [
        {"question": each, "answer": "no", "reason": "because"}
        for each in ("nis2_significant", "gdpr_breach")
    ]
    row = draft(in_acme)
    obligations.assess(incident, no, actor=in_acme.actor())
    incidents.perform(incident, "close", actor=in_acme.actor())

    with pytest.raises(Conflict, match="closed"):
        submissions.perform(row, "send", actor=in_acme.actor(), channel="portal")


@pytest.mark.parametrize(
    ("shape", "kind"),
    [("html", "text/html"), ("md", "text/markdown"), ("json", "application/json")],
)
def test_it_is_exported_and_nothing_in_it_runs(in_acme, incident, shape, kind):
    hostile = "<script>alert(1)</script> [x](http://evil.example)"
    row = draft(in_acme)
    submissions.update(row, {"sections": {"impact": hostile}}, actor=in_acme.actor())
    url = f"/api/v1/grc/submissions/{row.shown_id}/export"

    answer = factories.client_for(in_acme).get(url, {"as": shape})

    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith(kind)
    assert "Art 23(4)(b)" in text or "Art 23\\(4\\)\\(b\\)" in text
    assert {"html": "<script>", "md": "](http", "json": "<body"}[shape] not in text


def test_a_corrective_action_is_done_with_evidence_and_verified_by_another(in_acme, incident):
    owner, other = in_acme.actor("responder"), in_acme.actor("compliance")
    action = corrective_actions.create(
        {"title": "Rotate", "incident_id": incident, "owner_id": owner.person_id}, actor=other
    )

    with pytest.raises(InputNeeded):
        corrective_actions.perform(action, "complete", actor=owner)
    action = corrective_actions.perform(action, "complete", actor=owner, evidence="CHG-7")
    with pytest.raises(MoveRefused, match="Another person"):
        corrective_actions.perform(action, "verify", actor=owner)
    action = corrective_actions.perform(action, "verify", actor=other)

    assert (action.status, action.evidence) == ("verified", "CHG-7")
    told = incidents.with_links([incident])[0].shown_duties
    assert told.actions == [action.pk]


def test_an_incident_with_an_ownerless_corrective_action_is_not_closed(in_acme):
    incident = incidents.create({}, actor=in_acme.actor())
    corrective_actions.create({"title": "Rotate", "incident_id": incident}, actor=in_acme.actor())

    with pytest.raises(MoveRefused, match="Nobody owns Rotate"):
        incidents.perform(incident, "close", actor=in_acme.actor())


def test_the_lineage_tells_each_hop_with_who_when_and_why(in_acme, incident):
    taken(in_acme, draft(in_acme), "submit", "approve", "send")
    duty_id = duty().shown_id
    api = factories.client_for(in_acme)

    hops = api.get(f"/api/v1/grc/incidents/{incident.shown_id}/lineage").json()["results"]

    kinds = [hop["kind"] for hop in hops]
    assert {"incident.assess", "obligation.apply", "incident.record_fact"} <= set(kinds)
    assert kinds.index("submission.create") < kinds.index("submission.send")
    sent = hops[kinds.index("submission.send")]
    assert (sent["from"], sent["by"]) == (
        duty_id,
        in_acme.people["compliance"].shown_id,
    )
    assert all(hop["at"] and hop["by"] for hop in hops)


@pytest.mark.parametrize("path", ["incidents", "obligations", "submissions", "assets"])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(in_acme, incident, path):
    draft(in_acme)
    risk = risks.create({}, actor=in_acme.actor())
    api = factories.client_for(in_acme)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"/api/v1/grc/{path}").json()["results"]
        return len(queries)

    def more():
        with tenancy.tenant_scope(in_acme.tenant.pk):
            for _ in range(4):
                assets.create({}, actor=in_acme.actor())
                values = {"detected_at": AWARE, "realized_risk_ids": [risk.pk]}
                row = incidents.create(values, actor=in_acme.actor())
                yes = [{"question": "gdpr_breach", "answer": "yes"}]
                obligations.assess(row, yes, actor=in_acme.actor())
                one = Obligation.objects.get(incident=row, rule_key="gdpr.authority")
                submissions.create({"obligation_id": one}, actor=in_acme.actor())

    more()
    few = count()
    more()
    assert count() == few
