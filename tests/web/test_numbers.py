"""The page of numbers."""

import pytest
from django.test import Client

from core import tenancy
from tests.soc.factories import alert_in

PAGE = "/admin/numbers/"


@pytest.fixture
def desk(acme):
    client = Client()
    client.force_login(acme.people["viewer"], backend="core.permissions.PersonBackend")
    return client


@pytest.mark.parametrize(
    "query", ["", "?days=7&group_by=day", "?days=x&group_by=x", "?group_by=rule"]
)
def test_numbers_are_shown_by_group(acme, desk, query):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, "closed", severity="high")

    answer = desk.get(PAGE + query)

    assert answer.status_code == 200
    assert "All alerts" in answer.content.decode()


def test_an_empty_period_says_so(desk):
    assert "No alert arrived" in desk.get(PAGE).content.decode()


def test_they_come_as_csv(acme, desk):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert_in(acme, severity="high")

    answer = desk.get(f"{PAGE}?as=csv")

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert '"high",1' in answer.content.decode()


def test_a_stranger_is_asked_to_sign_in(db):
    assert Client().get(PAGE).status_code == 302
