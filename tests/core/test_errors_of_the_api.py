"""Errors as callers of the API see them: problem documents, or pages for people who browse."""

import json
import logging

import pytest
from django.test import Client

from core.models import AuditEvent
from core.tenancy import tenant_scope
from soc.models import Alert
from soc.services import alerts
from tests import factories

ALERTS = "/api/v1/soc/alerts"
PROBLEM = "application/problem+json"
REFUSED = [
    ("GET", f"{ALERTS}/alr_01j00000000000000000000000", 404),
    ("GET", f"{ALERTS}?nonsense=1", 400),
    ("PUT", ALERTS, 405),
]


@pytest.fixture
def browser(acme):
    client = Client()
    client.force_login(acme.people["analyst"], backend="core.permissions.PersonBackend")
    return client


@pytest.mark.parametrize(("method", "url", "status"), REFUSED)
def test_a_refusal_is_a_problem_document_for_tools_and_a_page_for_people(
    browser, method, url, status
):
    document = browser.generic(method, url)
    page = browser.generic(method, url, HTTP_ACCEPT="text/html")

    assert (document.status_code, document["Content-Type"]) == (status, PROBLEM)
    assert document.json()["status"] == status
    assert (page.status_code, page["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert page.content.lstrip().startswith(b"<!DOCTYPE html>")


def test_a_path_that_is_nobodys_is_a_problem_document_too(browser):
    document = browser.get("/api/v1/nonsense")
    page = browser.get("/nonsense")

    assert (document.status_code, document["Content-Type"]) == (404, PROBLEM)
    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.fixture
def broken(monkeypatch):
    """A service that writes and then fails in a way nobody foresaw."""
    create = alerts.create

    def fail(values, *, actor, note):
        create(values, actor=actor)
        raise ZeroDivisionError("secret of the trace")

    monkeypatch.setattr(alerts, "create", fail)


def rows_of(cast):
    with tenant_scope(cast.tenant.pk):
        return Alert.objects.count(), AuditEvent.objects.filter(verb="alert.create").count()


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_is_a_problem_without_a_trace_and_leaves_nothing(acme, broken, caplog):
    client = factories.client_for(acme)
    client.raise_request_exception = False

    answer = client.post(ALERTS, {"title": "half"})

    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert json.loads(answer.content)["correlation_id"] == answer["X-Request-ID"]
    assert b"secret" not in answer.content
    assert rows_of(acme) == (0, 0)
    logged = [each for each in caplog.records if each.name == "django.request"]
    assert [(each.levelno, each.exc_info[0]) for each in logged] == [
        (logging.ERROR, ZeroDivisionError)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_a_page_is_a_page(acme, monkeypatch):
    monkeypatch.setattr("socplatform.admin_site.now", lambda actor: 1 / 0)
    client = Client(raise_request_exception=False)
    client.force_login(acme.people["analyst"], backend="core.permissions.PersonBackend")

    page = client.get("/admin/")

    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert b"Something of ours broke" in page.content
