"""The admin without a browser: what is shown, to whom, and what its buttons do."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.models import Application, Membership
from grc.models import Incident
from grc.services import incidents
from soc.models import Alert, Comment, Investigation
from tests import factories
from tests.soc.factories import alert_in, case_in

QUEUE = "/admin/soc/alert/"


def signed_in(cast, role="tenant_admin"):
    client = Client()
    client.force_login(cast.people[role], backend="core.permissions.PersonBackend")
    return client


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def alert(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        return alert_in(acme, title="Beacon from ws-0417", severity="high")


def moves_on(page):
    return re.findall(r'<dialog id="move-([a-z]+)"', page.content.decode())


def test_a_stranger_is_sent_to_sign_in(db):
    answer = Client().get(QUEUE)

    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


def test_a_person_signs_in_with_email_and_password(acme):
    client = Client()
    email = acme.people["analyst"].email

    client.post("/admin/login/", {"username": email, "password": factories.PASSWORD})

    assert client.get(QUEUE).status_code == 200


def test_the_queue_shows_what_waits_and_nothing_of_another_tenant(desk, acme, globex, alert):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, "closed", title="Ended long ago")
    with tenancy.tenant_scope(globex.tenant.pk):
        alert_in(globex, title="Secret of globex")

    page = desk.get(QUEUE).content.decode()

    assert "Beacon from ws-0417" in page
    assert "Ended long ago" not in page
    assert "Secret of globex" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("severity=high", True),
        ("severity=low", False),
        ("status=open&status=closed", True),
        ("assignee_id=me", False),
        ("status=nonsense", False),
        ("cursor=nonsense", False),
        ("ordering=-created_at", True),
    ],
)
def test_the_queue_filters(desk, alert, query, shown):
    page = desk.get(f"{QUEUE}?{query}")

    assert page.status_code == 200
    assert (b"Beacon from ws-0417" in page.content) is shown


def test_the_queue_takes_the_same_queries_for_many_rows(desk, acme, alert):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            desk.get(QUEUE)
        return len(captured)

    queries()  # the first request of a session writes which tenant it is in
    one = queries()
    with tenancy.tenant_scope(acme.tenant.pk):
        for _ in range(12):
            alert_in(acme)

    assert queries() == one <= 10


@pytest.mark.parametrize(
    ("role", "moves"),
    [
        ("viewer", []),
        ("compliance", []),
        ("analyst", ["acknowledge", "triage", "resolve", "close", "suppress"]),
        ("responder", ["acknowledge", "triage", "escalate", "resolve", "close", "suppress"]),
    ],
)
def test_buttons_are_exactly_the_moves_that_person_and_status_allow(acme, alert, role, moves):
    page = signed_in(acme, role).get(f"{QUEUE}{alert.shown_id}/change/")

    assert moves_on(page) == moves


def test_a_button_makes_the_move_and_the_history_tells_it(desk, acme, alert):
    url = f"{QUEUE}{alert.shown_id}/move/acknowledge/"
    page = desk.post(url, {"version": "1", "note": "On it"}, follow=True).content.decode()

    assert "Alert acknowledged." in page
    assert "On it" in page
    assert acme.people["tenant_admin"].name in page


def test_a_stale_form_is_told_so_and_changes_nothing(desk, acme, alert):
    url = f"{QUEUE}{alert.shown_id}/move"
    desk.post(f"{url}/acknowledge/", {"version": "1"})

    page = desk.post(f"{url}/suppress/", {"version": "1"}, follow=True)

    assert b"changed since you opened it" in page.content
    with tenancy.tenant_scope(acme.tenant.pk):
        assert Alert.objects.get().status == "acknowledged"


def test_a_move_without_its_input_says_what_is_missing(desk, alert):
    page = desk.post(f"{QUEUE}{alert.shown_id}/move/close/", {}, follow=True)

    assert b"close_classification" in page.content


def test_escalating_leads_to_the_investigation_and_the_incident(desk, acme, alert):
    desk.post(f"{QUEUE}{alert.shown_id}/move/escalate/", {"note": "real"})

    with tenancy.tenant_scope(acme.tenant.pk):
        case, incident = Investigation.objects.get(), Incident.objects.get()
    page = desk.get(f"{QUEUE}{alert.shown_id}/change/").content.decode()
    assert case.investigation_number in page
    assert incident.incident_number in page
    for url, row in (("soc/investigation", case), ("grc/incident", incident)):
        page = desk.get(f"/admin/{url}/{row.shown_id}/change/").content.decode()
        assert "Beacon from ws-0417" in page
        assert f"/admin/{url}/{row.shown_id}/" in page
    assert "INV-" in desk.get("/admin/soc/investigation/").content.decode()
    assert (
        "is still open"
        in desk.get(f"/admin/grc/incident/{incident.shown_id}/change/").content.decode()
    )


def test_escalating_joins_the_investigation_and_incident_that_were_chosen(desk, acme, alert):
    with tenancy.tenant_scope(acme.tenant.pk):
        case, incident = case_in(acme), incidents.create({}, actor=acme.actor())
    chosen = {"investigation_id": case.shown_id, "incident_id": incident.shown_id}

    desk.post(f"{QUEUE}{alert.shown_id}/move/escalate/", chosen)

    with tenancy.tenant_scope(acme.tenant.pk):
        joined = Investigation.objects.get()
        assert (joined.pk, joined.escalated_to_incident_id) == (case.pk, incident.pk)


def test_a_comment_is_written_and_shown_as_text(desk, acme, alert):
    text = "<script>alert(1)</script> & more"
    desk.post(f"{QUEUE}{alert.shown_id}/comment/", {"text": text})

    page = desk.get(f"{QUEUE}{alert.shown_id}/change/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    with tenancy.tenant_scope(acme.tenant.pk):
        assert Comment.objects.get().source_type == "frontend"


def test_take_it_and_undo(desk, acme, alert):
    url = f"{QUEUE}{alert.shown_id}"
    desk.post(f"{url}/assign/", {"assignee_id": "me"})
    desk.post(f"{url}/move/suppress/", {})
    assert b"Undo my last move" in desk.get(f"{url}/change/").content

    desk.post(f"{url}/undo/")

    with tenancy.tenant_scope(acme.tenant.pk):
        row = Alert.objects.get()
        assert (row.status, row.assignee_id) == ("open", acme.people["tenant_admin"].pk)


def test_one_dialog_moves_many_and_says_what_was_left(desk, acme, alert):
    with tenancy.tenant_scope(acme.tenant.pk):
        ended = alert_in(acme, "resolved")
    body = {"verb": "acknowledge", "ids": [alert.shown_id, ended.shown_id], "note": "both"}

    page = desk.post(f"{QUEUE}bulk/", body, follow=True).content.decode()

    assert "1 of 2 acknowledged." in page
    assert "This alert is resolved" in page


@pytest.mark.parametrize(
    "path",
    ["soc/alert", "soc/investigation", "grc/incident", "soc/indicator", "soc/rejectedrecord"],
)
def test_another_tenants_row_is_not_found_on_any_page(desk, globex, path):
    with tenancy.tenant_scope(globex.tenant.pk):
        alert_in(globex, "escalated", indicators=[{"type": "ip", "value": "203.0.113.66"}])
        model = {"soc/alert": Alert, "soc/investigation": Investigation, "grc/incident": Incident}
        row = model.get(path, Alert).objects.first()

    for name in (row.shown_id, str(row.pk)):
        for page in ("change", "history", "page", "move/acknowledge"):
            answer = desk.get(f"/admin/{path}/{name}/{page}/", follow=True)
            assert answer.status_code in (404, 200)
            assert row.shown_id.encode() not in answer.content.replace(name.encode(), b"")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "soc/alert/",
        "soc/investigation/",
        "grc/incident/",
        "soc/indicator/",
        "soc/comment/",
        "soc/rejectedrecord/",
        "core/membership/",
        "core/application/",
        "core/auditevent/",
        "password_change/",
    ],
)
def test_every_page_opens_empty(desk, path):
    assert desk.get(f"/admin/{path}").status_code == 200


@pytest.mark.parametrize("path", ["core/membership/", "core/application/", "core/auditevent/"])
def test_only_administrators_see_people_keys_and_audit(acme, path):
    assert signed_in(acme, "manager").get(f"/admin/{path}").status_code in (403, 404)


def test_an_operator_of_no_tenant_sees_no_rows(acme, alert):
    with tenancy.tenant_scope(acme.tenant.pk):
        person = factories.make_person("viewer", "watch")
        Membership.objects.get(person=person).history.all()
        Membership.objects.filter(person=person).update(is_active=False)
    client = Client()
    client.force_login(person, backend="core.permissions.PersonBackend")

    page = client.get("/admin/")

    assert b"You belong to no tenant" in page.content
    assert client.get(QUEUE).status_code in (403, 404)


def test_a_person_of_two_tenants_switches_between_them(acme, globex, alert):
    bob = globex.people["analyst"]
    with tenancy.tenant_scope(acme.tenant.pk):
        factories.join(bob, "viewer")
    client = Client()
    client.force_login(bob, backend="core.permissions.PersonBackend")

    client.post("/admin/tenant/", {"tenant": str(globex.tenant.pk)})
    assert b"Beacon from ws-0417" not in client.get(QUEUE).content
    client.post("/admin/tenant/", {"tenant": str(acme.tenant.pk)})
    assert b"Beacon from ws-0417" in client.get(QUEUE).content


def test_nobody_switches_to_a_tenant_that_is_not_theirs(desk, globex):
    page = desk.post("/admin/tenant/", {"tenant": str(globex.tenant.pk)}, follow=True)

    assert b"Not found here" in page.content


def test_an_invitation_is_made_shown_once_and_accepted(desk, acme):
    body = {"email": "new@acme.test", "name": "New One", "role": "analyst"}
    page = desk.post("/admin/core/membership/new/", body).content.decode()
    link = re.search(r'value="http://testserver(/admin/invitation/[^"]+)"', page)[1]

    guest = Client()
    assert b"new@acme.test" in guest.get(link).content
    weak = guest.post(link, {"name": "New One", "password": "short"})
    assert weak.status_code == 200
    entered = guest.post(link, {"name": "New One", "password": "a-long-enough-secret"}, follow=True)

    assert entered.redirect_chain[-1][0] == "/admin/"
    assert guest.get(QUEUE).status_code == 200
    assert Client().get(link).status_code == 404


def test_roles_and_people_are_changed_by_buttons(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        row = Membership.objects.get(person=acme.people["viewer"])
    url = f"/admin/core/membership/{row.shown_id}/do"

    desk.post(f"{url}/change_role/", {"role": "manager"})
    desk.post(f"{url}/deactivate/")

    with tenancy.tenant_scope(acme.tenant.pk):
        row = Membership.objects.get(pk=row.pk)
        assert (row.role, row.is_active) == ("manager", False)
    assert signed_in(acme, "viewer").get(QUEUE).status_code in (403, 404)


def test_a_key_is_shown_once_and_rotated(desk, acme):
    body = {"name": "sensor", "scopes": ["soc:ingest"], "sources": "suricata, wazuh"}
    page = desk.post("/admin/core/application/new/", body).content.decode()
    secret = re.search(r'value="([^"]{43})"', page)[1]

    with tenancy.tenant_scope(acme.tenant.pk):
        row = Application.objects.get()
        assert row.sources == ["suricata", "wazuh"]
    assert secret not in desk.get("/admin/core/application/").content.decode()
    assert (
        secret not in desk.get(f"/admin/core/application/{row.shown_id}/history/").content.decode()
    )
    again = desk.post(f"/admin/core/application/{row.shown_id}/do/rotate/").content.decode()
    assert re.search(r'value="([^"]{43})"', again)[1] != secret


def test_a_changed_password_keeps_this_session_only(desk, acme):
    other = signed_in(acme)
    body = {"old_password": factories.PASSWORD, "password": "another-good-password-7"}

    desk.post("/admin/password_change/", body)

    assert desk.get(QUEUE).status_code == 200
    assert other.get(QUEUE).status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/admin/\\evil"])
def test_a_form_never_leads_away(desk, alert, target):
    body = {"verb": "acknowledge", "ids": [alert.shown_id], "next": target}

    answer = desk.post(f"{QUEUE}bulk/", body)

    assert answer["Location"] == QUEUE


def test_health_needs_no_one(db):
    assert Client().get("/healthz").json() == {"status": "ok"}
    assert Client().get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize("query", ["q=%00", "q=%00abc", "tenant_id=ten_x", "status=%00"])
def test_a_query_that_cannot_be_is_told_on_the_page(desk, query):
    assert desk.get(f"{QUEUE}?{query}").status_code == 200
