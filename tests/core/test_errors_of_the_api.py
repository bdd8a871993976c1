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
