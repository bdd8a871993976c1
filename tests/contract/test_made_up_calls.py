"""Calls made up from the committed OpenAPI document, right ones and wrong ones, against the real
server: no 5xx, and no answer outside the document.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup

from core import tenancy
from core.services import applications
from tests import factories
from tests.prove import furniture

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
OPERATIONS = [found.ok() for found in openapi.from_path(DOCUMENT).get_all_operations()]
PARTS = 4
CALLS = int(os.environ.get("CALLS", "4"))  # of each operation
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(acme):
    """A row of each resource, by the word of its path."""
    with tenancy.tenant_scope(acme.tenant.pk):
        key = applications.create("tool", actor=acme.actor(), scopes=["soc:ingest"])
    furniture.fill(acme, key, "held", with_shared=False)
    client = factories.client_for(acme)
    found = {}
    for operation in OPERATIONS:
        if operation.method == "get" and "{" not in operation.path:
            answer = client.get(operation.path)
            body = answer.json() if "json" in answer["Content-Type"] else {}
            rows = (body.get("results") or body.get("data") or []) if isinstance(body, dict) else []
            if rows and isinstance(rows[0], dict) and "id" in rows[0]:
                found[operation.path] = rows[0]["id"]
    return found


def fault_of(operation, held, url, token):
    """What a handful of made-up calls of one operation bring to light; None when nothing."""
    known = held.get(operation.path.split("/{")[0])
    made_up = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(max_examples=CALLS, deadline=None, database=None, suppress_health_check=HealthCheck)
    @given(case=made_up, real=st.booleans())
    def call(case, real):
        if real and known and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = known
        headers = {} if "/auth/" in operation.path else {"Authorization": token}
        answer = case.call(base_url=url, headers=headers)
        case.validate_response(answer, checks=CHECKED)

    try:
        call()
    except FailureGroup as fault:
        return f"{operation.label}: {fault.exceptions[0]}"
    return None


@pytest.mark.parametrize("part", range(PARTS))
def test_no_made_up_call_breaks_the_server_or_the_document(acme, held, live_server, part):
    token = factories.client_for(acme)._credentials["HTTP_AUTHORIZATION"]

    found = [
        fault_of(operation, held, live_server.url, token) for operation in OPERATIONS[part::PARTS]
    ]

    faults = [fault for fault in found if fault]
    assert not faults, "\n\n".join(faults)
