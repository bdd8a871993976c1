import pytest

from core import tenancy
from core.errors import Conflict, MoveRefused
from core.models import AuditEvent
from grc import links as grc_links
from grc.models import Incident
from grc.services import incidents
from soc.models import Alert, Investigation
from soc.services import alerts, investigations, links
from tests.soc.factories import alert_in, case_in


def case_of(alert):
    return links.current_investigations([alert.pk])[alert.pk]


def test_an_escalation_opens_both_and_links_them(in_acme):
    alert = alert_in(in_acme, "escalated", title="Beacon", severity="high")

    case = case_of(alert)
    incident = case.escalated_to_incident
    assert case.investigation_number.startswith("INV-")
    assert incident.incident_number.startswith("INC-")
    assert (case.title, incident.title, incident.severity) == ("Beacon", "Beacon", "high")
    assert incident.detected_at == alert.created_at
    read = grc_links.read("triggered_by_alert_ids", [incident.pk])
    assert read[incident.pk] == [alert.pk]


def test_one_correlation_id_joins_all_that_an_escalation_did(in_acme):
    alert = alert_in(in_acme)

    alerts.escalate(alert, actor=in_acme.actor("responder"), note="real")

    last = AuditEvent.objects.first()
    verbs = AuditEvent.objects.filter(correlation_id=last.correlation_id).values_list(
        "verb", flat=True
    )
    assert set(verbs) == {
        "alert.escalate",
        "alert.join_investigation",
        "investigation.open",
        "investigation.add_alert",
        "investigation.link_incident",
        "incident.open",
        "incident.add_investigation",
    }


def test_an_escalation_joins_the_alerts_own_open_investigation(in_acme):
    case = case_in(in_acme)
    alert = alert_in(in_acme)
    links.add_alerts(case, [alert.pk], actor=in_acme.actor("responder"))

    alerts.escalate(alert, actor=in_acme.actor("responder"))

    assert case_of(alert).pk == case.pk
    assert Investigation.objects.count() == 1


def test_an_escalation_joins_the_given_ones(in_acme):
    first = alert_in(in_acme, "escalated")
    case = case_of(first)

    second = alerts.escalate(
        alert_in(in_acme), actor=in_acme.actor("responder"), investigation=case
    )

    assert case_of(second).pk == case.pk
    assert Incident.objects.count() == 1


def test_a_closed_investigation_is_never_joined(in_acme):
    actor = in_acme.actor("responder")
    closed = case_in(in_acme, "closed")

    with pytest.raises(Conflict):
        alerts.escalate(alert_in(in_acme), actor=actor, investigation=closed)


def test_an_alert_of_a_closed_investigation_opens_a_new_one(in_acme):
    actor = in_acme.actor("responder")
    alert = alert_in(in_acme, "escalated")
    old = case_of(alert)
    investigations.close(old, actor=actor, closure_reason="done")
    alert = alerts.perform(alert, "triage", actor=actor)

    alert = alerts.escalate(alert, actor=actor)

    assert case_of(alert).pk != old.pk


def test_a_closed_incident_is_never_joined(in_acme):
    actor = in_acme.actor("responder")
    alert = alert_in(in_acme, "escalated")
    case = case_of(alert)
    investigations.perform(case, "resolve", actor=actor)
    incidents.perform(case.escalated_to_incident, "close", actor=actor)
    case = investigations.perform(case, "reopen", actor=actor)

    case = investigations.escalate(case, actor=actor)

    assert case.escalated_to_incident.status == "detected"
    assert Incident.objects.count() == 2


def test_an_older_alert_moves_detection_back(in_acme):
    older, newer = alert_in(in_acme), alert_in(in_acme)
    actor = in_acme.actor("responder")
    newer = alerts.escalate(newer, actor=actor)

    alerts.escalate(older, actor=actor, investigation=case_of(newer))

    incident = Incident.objects.get()
    assert incident.detected_at == older.created_at


def test_an_alert_of_another_open_investigation_is_refused_by_name(in_acme):
    actor = in_acme.actor("analyst")
    alert = alert_in(in_acme)
    first = case_in(in_acme, alert_ids=[alert.pk])

    with pytest.raises(Conflict, match=first.investigation_number):
        investigations.create({"alert_ids": [alert.pk]}, actor=actor)


def test_alert_ids_are_the_set_wanted(in_acme):
    one, two = alert_in(in_acme), alert_in(in_acme)
    case = case_in(in_acme, alert_ids=[one.pk])

    investigations.update(case, {"alert_ids": [two.pk]}, actor=in_acme.actor("analyst"))

    assert links.current_alerts([case.pk])[case.pk] == [two.pk]


def test_an_incident_does_not_close_over_an_open_investigation(in_acme):
    alert = alert_in(in_acme, "escalated")
    incident = case_of(alert).escalated_to_incident

    with pytest.raises(MoveRefused, match="INV-"):
        incidents.perform(incident, "close", actor=in_acme.actor("responder"))


def test_closing_takes_open_alerts_along_only_when_told(in_acme):
    actor = in_acme.actor("responder")
    left, taken = alert_in(in_acme, "escalated"), alert_in(in_acme, "escalated")

    investigations.close(case_of(left), actor=actor, closure_reason="done")
    investigations.close(
        case_of(taken), actor=actor, closure_reason="done", close_alerts_as="Undetermined"
    )

    assert Alert.objects.get(pk=left.pk).status == "escalated"
    assert Alert.objects.get(pk=taken.pk).status == "closed"


def test_a_refused_escalation_leaves_nothing(in_acme):
    actor = in_acme.actor("responder")
    closed = incidents.create({}, actor=actor)
    closed = incidents.perform(closed, "close", actor=actor)
    alert = alert_in(in_acme)

    with pytest.raises(Conflict):
        alerts.escalate(alert, actor=actor, incident=closed)

    assert Alert.objects.get(pk=alert.pk).status == "open"
    assert Investigation.objects.count() == 0


def test_numbers_are_per_tenant(acme, globex):
    for cast in (acme, globex):
        with tenancy.tenant_scope(cast.tenant.pk):
            case = case_in(cast)
            assert case.investigation_number.endswith("-000001")


def test_what_others_point_to_is_not_deleted(in_acme):
    manager = in_acme.actor("manager")
    alert = alert_in(in_acme, "escalated")
    case = case_of(alert)

    with pytest.raises(Conflict, match="INV-"):
        alerts.delete(alert, actor=manager)
    with pytest.raises(Conflict, match="still holds alerts"):
        investigations.delete(case, actor=manager)
    links.set_alerts(case, [], actor=manager)
    with pytest.raises(Conflict, match="INC-"):
        investigations.delete(case, actor=manager)
    with pytest.raises(Conflict, match="Investigations belong"):
        incidents.delete(case.escalated_to_incident, actor=manager)
    incidents.update(
        case.escalated_to_incident, {"consolidated_investigation_ids": []}, actor=manager
    )

    assert investigations.delete(case, actor=manager).is_deleted
    assert alerts.delete(alert, actor=manager).is_deleted


def test_a_closed_investigation_goes_on_showing_what_it_held(in_acme):
    actor = in_acme.actor("responder")
    alert = alert_in(in_acme, "escalated")
    old = case_of(alert)
    investigations.close(old, actor=actor, closure_reason="done")
    alerts.escalate(alerts.perform(alert, "triage", actor=actor), actor=actor)

    assert links.current_alerts([old.pk]) == {}
    assert links.shown_alerts([old.pk]) == {old.pk: [alert.pk]}


def test_nothing_joins_what_is_closed_by_then(in_acme):
    actor = in_acme.actor("responder")
    case = case_of(alert_in(in_acme, "escalated"))
    stale = Investigation.objects.get(pk=case.pk)
    investigations.close(case, actor=actor, closure_reason="done")
    incidents.perform(case.escalated_to_incident, "close", actor=actor)

    with pytest.raises(Conflict):
        links.set_alerts(stale, [alert_in(in_acme).pk], actor=actor)
    with pytest.raises(Conflict):
        links.point(case_in(in_acme), case.escalated_to_incident, actor=actor)


def test_an_incident_is_detected_with_the_oldest_alert_of_its_investigation(in_acme):
    actor = in_acme.actor("responder")
    older = alert_in(in_acme)
    case = case_in(in_acme, alert_ids=[older.pk])

    alerts.escalate(alert_in(in_acme), actor=actor, investigation=case)

    assert Incident.objects.get().detected_at == older.created_at
