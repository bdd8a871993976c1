"""The page of what one is told."""

import pytest
from django.test import Client

from core import tenancy
from core.models import Notification, NotificationWish
from core.services import notifications

PAGE = "/admin/notifications/"


@pytest.fixture
def desk(acme):
    client = Client()
    client.force_login(acme.people["viewer"], backend="core.permissions.PersonBackend")
    return client


@pytest.fixture
def told(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        for key in "ab":
            person = acme.people["viewer"].pk
            notifications.tell([person], "assigned", f"<i>Alert {key}</i>", key=key)
        yield Notification.objects.order_by("id")


def test_the_page_shows_them_as_text_and_the_bell_counts(desk, told):
    page = desk.get(PAGE).content.decode()

    assert "&lt;i&gt;Alert a&lt;/i&gt;" in page
    assert "2 unread notifications" in page


@pytest.mark.parametrize(("form", "left"), [({}, 0), ({"id": "first"}, 1), ({"id": "x"}, 2)])
def test_they_are_marked_as_read(desk, told, form, left):
    form = {name: told[0].shown_id if value == "first" else value for name, value in form.items()}

    desk.post(PAGE, form)

    assert told.filter(read_at=None).count() == left


def test_a_wish_is_kept(acme, desk, told):
    page = desk.post(PAGE, {"kind": "mentioned", "by_email": "true"}, follow=True)

    with tenancy.tenant_scope(acme.tenant.pk):
        wish = NotificationWish.objects.get()
    assert (wish.on_page, wish.by_email) == (False, True)
    assert "from now on" in page.content.decode()


def test_an_unknown_kind_is_told(desk, told):
    page = desk.post(PAGE, {"kind": "poems"}, follow=True).content.decode()

    assert "Use one of" in page
