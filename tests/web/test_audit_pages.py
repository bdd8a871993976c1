"""The audit explorer: which events, and what belongs to one."""

from core import tenancy
from core.models import AuditEvent
from soc.services import alerts
from tests.soc.factories import alert_in
from tests.web.test_desk import signed_in

AUDIT = "/admin/core/auditevent/"


def closed(cast):
    """An alert that was acknowledged, and the event of that."""
    with tenancy.tenant_scope(cast.tenant.pk):
        alert = alert_in(cast)
        alerts.perform(alert, "acknowledge", actor=cast.actor("analyst"), note="Looking at it")
        return alert, AuditEvent.objects.get(verb="alert.acknowledge")


def test_events_are_found_by_who_what_object_and_act(acme):
    alert, event = closed(acme)
    client = signed_in(acme, "tenant_admin")
    analyst = acme.people["analyst"]
    asked = (
        f"actor_id={analyst.shown_id}",
        "verb=alert.ack",
        f"object_id={alert.pk}",
        f"correlation_id={event.correlation_id}",
    )
    for query in asked:
        page = client.get(f"{AUDIT}?{query}").content.decode()
        assert "Looking at it" in page, query
    for query in ("verb=alert.close", f"object_id={event.pk}", "actor_id=per_none"):
        assert "No event matches" in client.get(f"{AUDIT}?{query}").content.decode(), query


def test_the_page_of_an_event_leads_to_its_object_and_its_act(acme):
    alert, event = closed(acme)

    page = signed_in(acme, "tenant_admin").get(f"{AUDIT}{event.shown_id}/change/").content.decode()

    assert f"/admin/soc/alert/{alert.shown_id}/history/" in page
    assert event.hash in page
    assert f"correlation_id={event.correlation_id}" in page
