"""What the code says of itself: the committed OpenAPI document and the migrations are its own."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import Error

from core.api.filtering import TenantFilterBackend
from socplatform import health

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_openapi_document_is_what_the_code_serves(tmp_path):
    made = tmp_path / "openapi.yaml"

    call_command("spectacular", "--validate", "--file", str(made))

    assert made.read_text() == (ROOT / "docs/openapi.yaml").read_text()


def test_the_explorer_and_the_document_are_open_to_all(client, db):
    assert client.get("/api/v1/schema").status_code == 200
    assert client.get("/api/v1/explorer").status_code == 200


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_not_ready(client, monkeypatch):
    def gone():
        raise Error

    monkeypatch.setattr(health, "_migrations_waiting", gone)
    assert client.get("/readyz").status_code == 503
    monkeypatch.setattr(health, "_migrations_waiting", lambda: 2)
    assert client.get("/readyz").json()["status"].startswith("2 migrations wait")


def test_a_list_without_filters_describes_none():
    assert TenantFilterBackend().get_schema_operation_parameters(object()) == []
