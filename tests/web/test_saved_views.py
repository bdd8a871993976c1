"""Saved views on the queue's page."""

import pytest
from django.test import Client

from core import tenancy
from soc.models import SavedView
from soc.services import saved_views
from tests.soc.factories import alert_in

QUEUE = "/admin/soc/alert/"


@pytest.fixture
def desk(acme):
    client = Client()
    client.force_login(acme.people["analyst"], backend="core.permissions.PersonBackend")
    return client


def views_of(cast):
    with tenancy.tenant_scope(cast.tenant.pk):
        return list(SavedView.objects.order_by("id"))


def test_the_filters_that_are_on_are_kept_and_open_again(acme, desk):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, title="Loud", severity="high")
        alert_in(acme, title="Quiet", severity="low")
    form = {"name": "Loud ones", "query.severity": "high,critical", "query.assignee_id": "none"}

    page = desk.post(f"{QUEUE}views/save/", form, follow=True).content.decode()

    [view] = views_of(acme)
    shown = desk.get(QUEUE, view.query).content.decode()
    assert view.query == {"severity": "high,critical", "assignee_id": "none"}
    assert (view.is_shared, "Loud ones" in page) == (False, True)
    assert ("Loud</a>" in shown, "Quiet</a>" in shown) == (True, False)


def test_a_name_that_is_taken_is_told(acme, desk):
    desk.post(f"{QUEUE}views/save/", {"name": "Mine"})

    page = desk.post(f"{QUEUE}views/save/", {"name": "Mine"}, follow=True).content.decode()

    assert "There is a view named" in page
    assert len(views_of(acme)) == 1


def test_a_view_goes_when_its_owner_deletes_it(acme, desk):
    desk.post(f"{QUEUE}views/save/", {"name": "Mine"})
    [view] = views_of(acme)

    desk.post(f"{QUEUE}views/{view.shown_id}/delete/")

    assert views_of(acme) == []


@pytest.mark.parametrize("is_shared", [True, False])
def test_somebody_elses_view_is_not_deleted(acme, desk, is_shared):
    with tenancy.tenant_scope(acme.tenant.pk):
        actor = acme.actor("responder")
        view = saved_views.create({"name": "Theirs", "is_shared": is_shared}, actor=actor)

    answer = desk.post(f"{QUEUE}views/{view.shown_id}/delete/")

    assert answer.status_code == (302 if is_shared else 404)
    assert len(views_of(acme)) == 1


def test_shared_views_stand_beside_the_built_in_ones(acme, desk):
    with tenancy.tenant_scope(acme.tenant.pk):
        actor = acme.actor("responder")
        saved_views.create({"name": "For all of us", "is_shared": True}, actor=actor)
        saved_views.create({"name": "For me alone"}, actor=actor)

    page = desk.get(QUEUE).content.decode()

    assert ("For all of us" in page, "For me alone" in page) == (True, False)
