"""Values that services clean or refuse, and the quiet paths of verbs."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from core import audit, ids, records, workflow
from core.actors import system
from core.errors import BadInput, Conflict, ScopeMissing
from core.models import AuditEvent, Person
from core.services import applications, people
from grc import links as grc_links
from grc.models import Incident
from grc.services import incidents
from soc import summaries
from soc.intake import formats
from soc.intake.drafts import IdentityKey
from soc.intake.envelope import split
from soc.models import Alert, AlertKey, AlertRelation, Indicator
from soc.services import alerts, comments, fields, investigations, keys, links, relations
from tests.soc.factories import alert_in, case_in


@pytest.mark.parametrize(
    ("given", "name", "kept"),
    [
        ({"mitre_tactic": "TA0001"}, "mitre_tactics", ["TA0001"]),
        ({"mitre_technique": "T1566"}, "mitre_techniques", ["T1566"]),
        ({"mitre_tactic": "TA1", "mitre_tactics": ["TA2"]}, "mitre_tactics", ["TA2"]),
        ({"host": "WS-0417"}, "host_name", "ws-0417"),
        ({"host": "W" * 300}, "host_name", "w" * 254 + "…"),
        ({"host": {"hostname": "DC"}}, "host_name", "dc"),
        ({"host": {"ip": "x"}}, "host_name", None),
        ({"host": ["x"]}, "host_name", None),
        ({"title": "  "}, "title", "Untitled alert"),
        ({"tags": [" a ", "a", ""]}, "tags", ["a"]),
    ],
)
def test_what_a_new_alert_is_given_is_kept_clean(in_acme, given, name, kept):
    assert getattr(alert_in(in_acme, **given), name) == kept


@pytest.mark.parametrize("name", ["title", "severity", "tags", "description", "affected_assets"])
def test_null_in_a_change_means_unchanged(in_acme, name):
    alert = alert_in(in_acme, title="Beacon", severity="high", tags=["a"])

    changed = alerts.update(alert, {name: None}, actor=in_acme.actor())

    assert changed.version == alert.version


def test_a_duplicate_may_be_named_without_closing(in_acme):
    first, second = alert_in(in_acme), alert_in(in_acme)

    assert (
        alerts.update(second, {"duplicate_of_id": first}, actor=in_acme.actor()).duplicate_of_id
        == first.pk
    )


def test_an_alert_is_closed_as_no_duplicate_of_itself(in_acme):
    alert = alert_in(in_acme)

    with pytest.raises(BadInput, match="not its own duplicate"):
        alerts.close(
            alert, actor=in_acme.actor(), close_classification="Duplicate", duplicate_of=alert
        )


def test_a_duplicate_without_a_fingerprint_or_with_one_already_is_left(in_acme):
    first, second = alert_in(in_acme), alert_in(in_acme)
    alerts.update(second, {"duplicate_of_id": first}, actor=in_acme.actor())
    inputs = {"close_classification": "Duplicate", "actor": in_acme.actor()}

    assert alerts.close(second, **inputs).duplicate_of_id == first.pk
    assert alerts.close(first, **inputs).duplicate_of_id is None


def test_the_same_override_again_changes_nothing(in_acme):
    values = {"malice_override": "benign"}
    once = alerts.update(alert_in(in_acme), values, actor=in_acme.actor())

    assert alerts.update(once, values, actor=in_acme.actor()).version == once.version


def test_related_alerts_are_the_set_wanted_from_both_ends(in_acme):
    actor, (one, two, three) = in_acme.actor(), [alert_in(in_acme) for _ in range(3)]
    alerts.update(one, {"related_alert_ids": [two.pk]}, actor=actor)
    alerts.update(two, {"related_alert_ids": [one.pk]}, actor=actor)  # as it is: nothing to do
    relations.relate([(three.pk, one.pk)], kind="repeat", reason="again", actor=actor)

    alerts.update(one, {"related_alert_ids": []}, actor=actor)

    assert [row.kind for row in AlertRelation.objects.all()] == ["repeat"]
    assert AuditEvent.objects.filter(verb="alert.relate").count() == 2
    with pytest.raises(BadInput, match="not related to itself"):
        alerts.update(one, {"related_alert_ids": [one.pk]}, actor=actor)


@pytest.mark.parametrize(
    "indicator",
    [{"type": "smell", "value": "x"}, {"type": "ip", "value": "x"}, {"type": "ip", "value": 1}, {}],
)
def test_an_indicator_that_is_none_is_refused(in_acme, indicator):
    with pytest.raises(BadInput) as refusal:
        alert_in(in_acme, indicators=[indicator])

    assert refusal.value.field == "indicators"


@pytest.mark.parametrize("tags", ["text", [1], {"a": 1}, ["x" * 201]])
@pytest.mark.parametrize("create", [alerts.create, investigations.create, incidents.create])
def test_tags_are_short_texts(in_acme, create, tags):
    with pytest.raises(BadInput) as refusal:
        create({"tags": tags}, actor=in_acme.actor())

    assert refusal.value.field == "tags"


@pytest.mark.parametrize(
    ("create", "values", "field"),
    [
        (alerts.create, {"severity": "loud"}, "severity"),
        (investigations.create, {"priority": "loud"}, "priority"),
        (incidents.create, {"severity": "loud"}, "severity"),
        (incidents.create, {"notifiability": "perhaps"}, "notifiability"),
        (incidents.create, {"commander_ids": "alice"}, "commander_ids"),
        (incidents.create, {"commander_ids": ["alice"]}, "commander_ids"),
        (alerts.create, {"assignee_id": ids.new()}, "assignee_id"),
        (investigations.create, {"assigned_to_id": ids.new()}, "assigned_to_id"),
        (incidents.create, {"owner_id": ids.new()}, "owner_id"),
    ],
)
def test_a_value_that_is_not_known_is_refused_by_its_field(in_acme, create, values, field):
    with pytest.raises(BadInput) as refusal:
        create(values, actor=in_acme.actor())

    assert refusal.value.field == field


def test_people_and_tags_of_cases_are_kept(in_acme):
    alice = in_acme.people["analyst"].pk
    values = {"tags": ["vip"], "assigned_to_id": alice}

    case = investigations.create(values, actor=in_acme.actor())
    incident = incidents.create({"tags": ["vip"], "owner_id": alice}, actor=in_acme.actor())

    assert (case.tags, case.assigned_to_id) == (["vip"], alice)
    assert (incident.tags, incident.owner_id) == (["vip"], alice)


def test_the_reason_of_a_closed_investigation_may_be_corrected(in_acme):
    closed = case_in(in_acme, "closed")

    changed = investigations.update(closed, {"closure_reason": "other"}, actor=in_acme.actor())

    assert (changed.status, changed.closure_reason) == ("closed", "other")


def test_an_investigation_without_alerts_joins_a_given_incident(in_acme):
    incident = incidents.create({}, actor=in_acme.actor())

    case = investigations.escalate(case_in(in_acme), actor=in_acme.actor(), incident=incident)

    assert case.escalated_to_incident_id == incident.pk


def test_an_investigation_is_deleted_empty_and_comes_back(in_acme):
    actor, alert = in_acme.actor(), alert_in(in_acme)
    case = case_in(in_acme, alert_ids=[alert.pk])

    with pytest.raises(Conflict, match="still holds alerts"):
        investigations.delete(case, actor=actor)
    investigations.update(case, {"alert_ids": []}, actor=actor)
    gone = investigations.delete(case, actor=actor)

    assert investigations.restore(gone, actor=actor).is_deleted is False
    with pytest.raises(Conflict, match="not deleted"):
        investigations.restore(gone, actor=actor)


def test_a_deleted_row_cannot_be_changed(in_acme):
    alert = alert_in(in_acme)
    alerts.delete(alert, actor=in_acme.actor())

    with pytest.raises(records.NotFound):
        alerts.update(alert, {"title": "x"}, actor=in_acme.actor())


def test_an_alert_that_is_in_the_investigation_already_stays(in_acme):
    actor, alert = in_acme.actor(), alert_in(in_acme)
    case = case_in(in_acme, alert_ids=[alert.pk])
    events = AuditEvent.objects.count()

    links.add_alerts(case, [alert.pk], actor=actor)

    assert AuditEvent.objects.count() == events


def test_an_incident_is_deleted_and_comes_back(in_acme):
    actor = in_acme.actor()

    gone = incidents.delete(incidents.create({}, actor=actor), actor=actor)

    assert incidents.restore(gone, actor=actor).is_deleted is False


def test_what_led_to_an_incident_is_read_only(in_acme):
    incident = incidents.create({}, actor=in_acme.actor())

    with pytest.raises(BadInput, match="read only"):
        grc_links.write("triggered_by_alert_ids", incident, [], actor=in_acme.actor())


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("close", "closed"),
        ("hold", "put on hold"),
        ("retry", "retried"),
        ("add_alert", "added alert"),
    ],
)
def test_verbs_are_told_in_the_past(verb, told):
    assert workflow.past(verb) == told


def test_a_status_that_is_none_and_a_verb_that_is_none(in_acme):
    alert = alert_in(in_acme)

    with pytest.raises(BadInput, match="'asleep' is no status"):
        alerts.update(alert, {"status": "asleep"}, actor=in_acme.actor())
    with pytest.raises(BadInput, match="not known here"):
        alerts.perform(alert, "resolve", actor=in_acme.actor(), resolution="prayer")
    with pytest.raises(KeyError):
        workflow.of(Alert)["sleep"]


def test_nothing_is_changed_outside_a_verb_or_by_nobody(in_acme):
    with pytest.raises(RuntimeError, match="outside a verb"):
        records.create(Alert(), actor=in_acme.actor())
    with pytest.raises(TypeError, match="needs an actor"):
        alerts.create({}, actor="alice")


def test_a_verb_that_says_nothing_leaves_no_event(in_acme):
    @audit.verb
    def look(*, actor):
        return actor.name

    assert look(actor=in_acme.actor()) == in_acme.actor().name
    assert AuditEvent.objects.count() == 0


def draft(*ids_of_tool):
    record = split(b'{"message": "disk is full"}')[0]
    keys_of_it = tuple(IdentityKey("source_id", key, expires=False) for key in ids_of_tool)
    return replace(formats.outcome(formats.get("generic"), record), identity_keys=keys_of_it)


def test_records_of_one_batch_that_share_any_key_are_one_alert(in_acme):
    first, second, both, other = keys.decide([draft("a"), draft("b"), draft("a", "b"), draft("c")])
    AlertKey.objects.all().delete()  # the alerts that they would lead to are not written here

    assert first.alert_id == second.alert_id == both.alert_id != other.alert_id
    assert [each.is_new for each in (first, second, both, other)] == [True, False, False, True]


@pytest.mark.parametrize("text", ["", "  ", "x" * 20_001])
def test_a_comment_has_something_to_say_and_an_end(in_acme, text):
    with pytest.raises(BadInput) as refusal:
        comments.add(case_in(in_acme), actor=in_acme.actor(), text=text)

    assert refusal.value.field == "text"


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"name": " "}, BadInput, "Give the application a name"),
        ({"name": "taken"}, Conflict, "here already"),
        ({"scopes": []}, BadInput, "Choose scopes"),
        ({"scopes": ["soc:fly"]}, BadInput, "Choose scopes"),
        ({"scopes": ["admin:tenant"]}, BadInput, "cannot administer"),
        ({"sources": ["two,names"]}, BadInput, "is no source name"),
    ],
)
def test_an_application_that_cannot_be_is_refused(in_acme, changes, error, sentence):
    given = {"name": "new", "scopes": ["soc:read"], "sources": []}
    applications.create("taken", actor=in_acme.actor(), scopes=["soc:read"])

    with pytest.raises(error, match=sentence):
        applications.create(actor=in_acme.actor(), **(given | changes))


def test_an_application_is_active_again_and_nobody_else_may_say_so(in_acme):
    made = applications.create("tool", actor=in_acme.actor(), scopes=["soc:read"]).application
    off = applications.deactivate(made, actor=in_acme.actor())

    assert applications.reactivate(off, actor=in_acme.actor()).is_active
    with pytest.raises(ScopeMissing):
        applications.reactivate(off, actor=in_acme.actor("manager"))
    assert applications.by_key("nul\x00", "x") is None
    assert applications.by_key("unknown", "x") is None


def test_a_service_account_is_not_invited(in_acme):
    made = applications.create("tool", actor=in_acme.actor(), scopes=["soc:read"])

    with pytest.raises(BadInput, match="service account"):
        people.invite(made.application.person.email, actor=in_acme.actor(), role="viewer")


def test_the_invitation_of_someone_who_is_out_does_not_work(in_acme):
    invitation = people.invite("new@acme.test", actor=in_acme.actor(), role="viewer")
    Person.objects.filter(email="new@acme.test").update(is_active=False)

    assert people.invited(invitation.token) is None


def test_a_summary_says_what_is_known(in_acme):
    indicators = [
        {"type": "ip", "value": "192.0.2.1", "role": "source"},
        {"type": "ip", "value": "203.0.113.1", "role": "destination"},
    ]
    alert = alert_in(in_acme, host="ws", user="eve", indicators=indicators)
    seen = [(each["role"], each["value"]) for each in indicators]
    alert.duplicate_count, alert.rule_key, alert.source_severity = 2, "r-1", "1"
    alert.mitre_techniques = ["T1566"]

    told = " ".join(summaries.of_alert(alert, seen))

    assert "from 192.0.2.1 to 203.0.113.1" in told
    assert "seen 3 times" in told
    assert "The rule r-1 matched and rated it 1. It names T1566." in told


def test_the_system_may_do_everything_in_its_tenant(in_acme):
    alert = alerts.create({}, actor=system(in_acme.tenant.pk))

    assert (alert.source_type, alert.created_at <= timezone.now()) == ("system", True)
    assert Incident.objects.count() == 0


def test_an_alert_is_not_changed_into_its_own_duplicate(in_acme):
    alert = alert_in(in_acme)

    with pytest.raises(BadInput) as refusal:
        fields.clean_changes({"duplicate_of_id": alert}, alert=alert)

    assert refusal.value.field == "duplicate_of_id"


def test_an_indicator_was_seen_when_its_alerts_happened(in_acme):
    seen = [datetime(2026, 3, day, tzinfo=UTC) for day in (2, 1, 3)]
    for moment in seen:
        given = {"indicators": [{"type": "domain", "value": "evil.com"}], "occurred_at": moment}
        alert_in(in_acme, **given)

    indicator = Indicator.objects.get()

    assert (indicator.first_seen, indicator.last_seen) == (seen[1], seen[2])
