"""Signing in at the desk, and the pages for those who cannot go on."""

import pytest
from django.conf import settings
from django.test import Client

from core import tenancy
from core.models import Membership
from core.services import people
from tests import factories
from tests.soc.factories import alert_in

LOGIN = "/admin/login/"


def signed_in(cast, role):
    client = Client()
    client.force_login(cast.people[role], backend="core.permissions.PersonBackend")
    return client


def test_ten_wrong_passwords_lock_the_login_page(acme):
    client, email = Client(), acme.people["analyst"].email
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert client.post(LOGIN, {"username": email, "password": "wrong"}).status_code == 200

    last = client.post(LOGIN, {"username": email, "password": "wrong"})
    right = client.post(LOGIN, {"username": email, "password": factories.PASSWORD})

    assert last.status_code == right.status_code == 429
    assert client.get("/admin/").status_code == 302
    other = {"username": acme.people["manager"].email, "password": factories.PASSWORD}
    assert client.post(LOGIN, other).status_code == 302


@pytest.mark.parametrize("kind", ["service", "system"])
def test_only_people_sign_in(acme, kind):
    person = acme.people["analyst"]
    type(person).objects.filter(pk=person.pk).update(kind=kind)

    client = Client()
    answer = client.post(LOGIN, {"username": person.email, "password": factories.PASSWORD})

    assert answer.status_code == 200
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("username", ["", "nobody@acme.test"])
def test_an_empty_or_unknown_name_is_only_told_that_it_does_not_fit(acme, username):
    answer = Client().post(LOGIN, {"username": username, "password": "x"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/admin/soc/alert/alr_01j00000000000000000000000/change/", 404, "Not found here"),
        ("/admin/soc/alert/nonsense/history/", 404, "Not found here"),
        ("/admin/nonsense/", 404, "Not found here"),
        ("/nonsense", 404, "Not found here"),
    ],
)
def test_what_is_not_there_is_told_in_our_own_clothes(acme, path, status, heading):
    page = signed_in(acme, "analyst").get(path)

    assert page.status_code == status
    assert f"<h1>{heading}</h1>" in page.content.decode()
    assert "desk/desk.css" in page.content.decode()


def test_a_forbidden_page_is_told_in_our_own_clothes(acme):
    page = signed_in(acme, "manager").get("/admin/autocomplete/")

    assert page.status_code == 403
    assert "desk/desk.css" in page.content.decode()


def test_a_form_without_its_csrf_token_is_told_in_our_own_clothes(acme):
    client = Client(enforce_csrf_checks=True)

    page = client.post(LOGIN, {"username": "x", "password": "y"})

    assert page.status_code == 403
    assert "desk/desk.css" in page.content.decode()


@pytest.fixture
def rows(acme):
    """An alert, its investigation and incident, and a member, with a path of each."""
    with tenancy.tenant_scope(acme.tenant.pk):
        alert = alert_in(acme, "escalated")
        member = Membership.objects.get(person=acme.people["viewer"])
        case = alert.investigation_links.get().investigation
    return {
        "alert": f"/admin/soc/alert/{alert.shown_id}",
        "case": f"/admin/soc/investigation/{case.shown_id}",
        "member": f"/admin/core/membership/{member.shown_id}",
    }


@pytest.mark.parametrize(
    ("method", "name", "path", "status"),
    [
        ("get", "alert", "/move/triage/", 302),
        ("post", "alert", "/move/sleep/", 404),
        ("get", "alert", "/comment/", 302),
        ("get", "alert", "/assign/", 302),
        ("get", "alert", "/undo/", 302),
        ("get", "case", "/comment/", 302),
        ("post", "case", "/comment/", 302),
        ("post", "alert", "/move/resolve/", 302),
        ("get", "member", "/change/", 200),
        ("get", "member", "/do/deactivate/", 302),
        ("post", "member", "/do/nonsense/", 404),
        ("post", "member", "/do/invitation/", 404),
        ("post", "member", "/do/deactivate/", 302),
        ("post", "member", "/do/reactivate/", 302),
    ],
)
def test_every_button_leads_somewhere(acme, rows, method, name, path, status):
    answer = getattr(signed_in(acme, "tenant_admin"), method)(f"{rows[name]}{path}")

    assert answer.status_code == status


@pytest.mark.parametrize(
    "path", ["core/membership/new/", "core/application/new/", "core/membership/", "soc/alert/bulk/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_may_not_finds_no_page(acme, method, path):
    answer = getattr(signed_in(acme, "compliance"), method)(f"/admin/{path}")

    assert answer.status_code in (403, 404)


def test_an_admin_opens_forms_and_gets_back_from_them(acme):
    client = signed_in(acme, "tenant_admin")

    assert client.get("/admin/core/membership/new/").status_code == 302
    assert client.get("/admin/core/application/new/").status_code == 302
    assert client.post("/admin/core/membership/new/", {"email": "nobody"}).status_code == 302
    assert client.post("/admin/core/application/new/", {"name": ""}).status_code == 302
    assert client.get("/admin/tenant/").status_code == 302


def test_a_wrong_old_password_changes_nothing(acme):
    client = signed_in(acme, "analyst")

    page = client.post("/admin/password_change/", {"old_password": "x", "password": "y" * 20})

    assert b"not your present password" in page.content


def test_an_invited_person_may_get_a_new_link(acme):
    client = signed_in(acme, "tenant_admin")
    client.post("/admin/core/membership/new/", {"email": "new@acme.test", "role": "viewer"})
    with tenancy.tenant_scope(acme.tenant.pk):
        waiting = Membership.objects.get(accepted_at=None)

    page = client.post(f"/admin/core/membership/{waiting.shown_id}/do/invitation/")

    assert b"/admin/invitation/" in page.content


@pytest.mark.parametrize("path", ["soc/rejectedrecord", "soc/indicator"])
def test_registers_have_pages_to_read(acme, path):
    from soc.models import Indicator, RejectedRecord

    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, indicators=[{"type": "ip", "value": "203.0.113.9"}])
        RejectedRecord.objects.create(
            format="generic", digest=b"x", raw=b"\xff{broken", reason="no JSON", position=1
        )
        found = {
            model._meta.label_lower.replace(".", "/"): model.objects.get().shown_id
            for model in (RejectedRecord, Indicator)
        }
    client = signed_in(acme, "viewer")

    assert client.get(f"/admin/{path}/{found[path]}/change/").status_code == 200
    assert client.get(f"/admin/{path}/").status_code == 200


def test_guesses_through_an_invitation_lock_out_too(acme, globex):
    bob = globex.people["viewer"]
    with tenancy.tenant_scope(acme.tenant.pk):
        token = people.invite(bob.email, actor=acme.actor(), role="viewer").token
    link = f"/admin/invitation/{token}/"
    for _ in range(12):
        Client().post(link, {"password": "guessed-once-more"})

    answer = Client().post(link, {"password": factories.PASSWORD})

    assert answer.status_code == 429
    assert people.invited(token) is not None
