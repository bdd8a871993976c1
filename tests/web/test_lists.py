"""Every list costs as many queries for twenty rows as for two."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import ids, tenancy
from core.services import applications, people, teams
from grc.services import incidents
from soc.models import RejectedRecord
from soc.services import comments, playbooks, rules
from tests.soc.factories import alert_in, case_in

API = [
    "soc/alerts",
    "soc/investigations",
    "grc/incidents",
    "soc/indicators",
    "soc/comments",
    "soc/rejected-records",
]
ADMIN = [
    "soc/alert",
    "soc/investigation",
    "grc/incident",
    "soc/indicator",
    "soc/comment",
    "soc/rejectedrecord",
    "core/membership",
    "core/application",
    "core/auditevent",
    "core/team",
    "soc/detectionrule",
    "soc/playbook",
]


def rows(cast, first, last):
    """A row of every list for each number, with what hangs on it."""
    actor = cast.actor()
    with tenancy.tenant_scope(cast.tenant.pk):
        for number in range(first, last):
            sightings = [{"type": "ip", "value": f"203.0.113.{number}"}]
            alert = alert_in(cast, "escalated", title=f"Alert {number}", indicators=sightings)
            comments.add(alert, actor=actor, text=f"Comment {number}")
            case = case_in(cast, alert_ids=[alert_in(cast).pk])
            incidents.create({"consolidated_investigation_ids": [case.pk]}, actor=actor)
            people.invite(f"guest-{number}@acme.test", actor=actor, role="viewer")
            applications.create(f"tool {number}", actor=actor, scopes=["soc:read"])
            teams.create({"name": f"Team {number}", "member_ids": [actor.person_id]}, actor=actor)
            rules.create({"name": f"Rule {number}", "source_rule_id": str(number)}, actor=actor)
            playbooks.create({"name": f"Playbook {number}"}, actor=actor)
            RejectedRecord.objects.create(
                format="generic",
                digest=ids.new().bytes,
                raw=b"x",
                reason=f"reason {number}",
                position=number,
            )


def queries(client, url):
    client.get(url)  # the first request of a session writes which tenant it is in
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([each for each in captured if "SAVEPOINT" not in each["sql"]])


@pytest.fixture
def desk(acme):
    client = Client()
    client.force_login(acme.people["tenant_admin"], backend="core.permissions.PersonBackend")
    return client


def test_a_list_takes_as_many_queries_for_twenty_rows_as_for_two(acme, api, desk):
    lists = [(api, f"/api/v1/{name}") for name in API]
    lists += [(desk, f"/admin/{name}/") for name in ADMIN]
    rows(acme, 0, 2)
    two = {url: queries(client, url) for client, url in lists}
    rows(acme, 2, 20)

    twenty = {url: queries(client, url) for client, url in lists}

    assert twenty == two
    assert len(api.get("/api/v1/soc/indicators").json()["results"]) == 20
    assert max(two.values()) <= 12
    assert max(two[f"/admin/{name}/"] for name in ADMIN) <= 8


def test_a_rejected_record_is_shown_whole_only_by_itself_and_not_without_end(api):
    url = "/api/v1/soc/rejected-records"
    body = b"x" * 100_001 + b'\n{"event_type": "dns"}'
    api.generic("POST", "/api/v1/soc/intake/suricata", body, "application/x-ndjson")

    with CaptureQueriesContext(connection) as asked:
        row = api.get(url).json()["results"][0]
    raw = api.get(f"{url}/{row['id']}").json()["raw"]

    assert "raw" not in row
    assert not [query for query in asked if '"soc_rejectedrecord"."raw"' in query["sql"]]
    assert raw == "x" * 100_000 + "… (cut, of 100001 bytes)"
