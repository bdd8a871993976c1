"""The seeds' calls as they are written, sync and async, against the real server."""

import hashlib

import pytest
from soc_client import (
    AsyncClient,
    BadInput,
    Client,
    Conflict,
    Forbidden,
    InputNeeded,
    NotFound,
    NotSignedIn,
    Stale,
)

from core import tenancy
from core.services import applications
from tests import factories
from tests.client.awaited import awaited

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLE = {
    "id": "rec_01HXEXAMPLE",
    "tenant_id": "example tenant_id",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "app_id": "example app_id",
    "created_by": "rec_01HXEXAMPLE",
}


def test_the_calls_of_the_seed_page_run_as_written(client):
    alert = client.soc.alerts.create({"title": "Beacon"})

    page = client.soc.alerts.list()

    assert [row["id"] for row in page] == [alert["id"]]
    assert (len(page), page[0]["title"], page.next_page()) == (1, "Beacon", None)


def test_the_awaited_calls_of_the_seed_page_run_as_written(live_server, credentials):
    async def calls():
        async with AsyncClient(live_server.url, **credentials) as client:
            made = await client.soc.investigations.create(EXAMPLE)
            held = await client.soc.alerts.create({"severity": "high"})
            closed = await client.soc.alerts.close(
                held["id"], close_classification="Undetermined", note="A drill."
            )
            moved = await client.soc.investigations.start(made["id"])
            seen = [row["id"] async for row in client.soc.investigations.iterate(limit=1)]
            history = await client.soc.alerts.history(held["id"])
            page = await client.soc.alerts.list()
            changed = await client.soc.investigations.update(made["id"], {"priority": "low"})
            sent = await client.soc.intake("generic", [{"title": "One"}])
            many = await client.soc.alerts.bulk("acknowledge", [sent["results"][0]["id"]])
            await client.soc.investigations.delete(made["id"])
            back = await client.soc.investigations.restore(made["id"])
            got = await client.soc.alerts.get(held["id"])
            return made, closed, moved, seen, history, page, changed, sent, many, back, got

    made, closed, moved, seen, history, page, changed, sent, many, back, got = awaited(calls())
    assert (made["title"], moved["status"]) == ("Untitled investigation", "in_progress")
    assert (closed["status"], got["status"], seen) == ("closed", "closed", [made["id"]])
    assert history[0]["note"] == "A drill."
    assert (len(page), page[0]["id"]) == (1, closed["id"])
    assert (changed["priority"], sent["created"], back["id"]) == ("low", 1, made["id"])
    assert many["results"][0]["status"] == 200


def test_the_calls_of_the_playbook_page_run_as_written(client):
    made = client.soc.playbooks.create(EXAMPLE)

    page = client.soc.playbooks.list()
    changed = client.soc.playbooks.update(made["id"], {"name": "Nothing to do"})
    run = client.soc.playbooks.run(made["id"])
    got = client.soc.playbooks.get(made["id"])

    assert [row["id"] for row in page] == [made["id"]]
    assert (changed["name"], run["status"], got["last_run_id"]) == (
        "Nothing to do",
        "succeeded",
        run["id"],
    )


def test_every_row_of_a_list_comes_page_after_page(client):
    made = [client.soc.alerts.create(title=str(number))["id"] for number in range(5)]

    rows = list(client.soc.alerts.iterate(limit=2, severity=["pending", "low"]))

    assert [row["id"] for row in rows] == made[::-1]


def test_rows_come_page_after_page_when_awaited(live_server, credentials):
    async def calls():
        async with AsyncClient(live_server.url, **credentials) as client:
            made = [(await client.soc.alerts.create())["id"] for _ in range(3)]
            return made, [row["id"] async for row in client.soc.alerts.iterate(limit=2)]

    made, seen = awaited(calls())

    assert seen == made[::-1]


def test_a_version_guards_a_change(client):
    alert = client.soc.alerts.create()
    client.soc.alerts.update(alert["id"], severity="low", version=alert["version"])

    with pytest.raises(Stale):
        client.soc.alerts.update(alert["id"], severity="high", version=alert["version"])


def test_a_row_is_deleted_and_restored(client):
    alert = client.soc.alerts.create()
    client.soc.alerts.delete(alert["id"])
    with pytest.raises(NotFound):
        client.soc.alerts.get(alert["id"])

    assert client.soc.alerts.restore(alert["id"], note="by mistake")["id"] == alert["id"]


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (BadInput, lambda soc, pk: soc.alerts.list(colour="red")),
        (BadInput, lambda soc, pk: soc.alerts.create({"titel": "x"})),
        (NotFound, lambda soc, pk: soc.alerts.get("alr_01m00000000000000000000000")),
        (Conflict, lambda soc, pk: soc.alerts.reopen(pk)),
        (InputNeeded, lambda soc, pk: soc.alerts.close(pk)),
    ],
)
def test_a_refusal_is_raised_with_its_problem_document(client, kind, call):
    alert = client.soc.alerts.create()

    with pytest.raises(kind) as refusal:
        call(client.soc, alert["id"])

    error = refusal.value
    assert error.status == error.problem["status"]
    assert error.detail
    assert error.request_id


def test_refusals_name_fields_and_moves(client):
    alert = client.soc.alerts.create()
    with pytest.raises(InputNeeded) as needed:
        client.soc.alerts.close(alert["id"])
    with pytest.raises(Conflict) as conflict:
        client.soc.alerts.reopen(alert["id"])
    with pytest.raises(BadInput) as bad:
        client.soc.alerts.create(titel="x")

    assert needed.value.field == "close_classification"
    assert "acknowledge" in conflict.value.allowed
    assert "titel" in bad.value.errors


def test_a_missing_scope_is_named(live_server, acme):
    viewer = acme.people["viewer"]
    who = {"email": viewer.email, "password": factories.PASSWORD, "tenant": acme.tenant.slug}

    with Client(live_server.url, **who) as client, pytest.raises(Forbidden, match="soc:write"):
        client.soc.alerts.create()


def test_a_false_password_is_told_and_not_tried_again(live_server, credentials):
    with (
        Client(live_server.url, **credentials | {"password": "wrong"}) as client,
        pytest.raises(NotSignedIn),
    ):
        client.soc.alerts.list()


def test_a_spent_token_is_fetched_anew(client):
    client.soc.alerts.list()
    client._token = "a.spent.token"

    assert len(client.soc.alerts.list()) == 0
    assert client._token != "a.spent.token"


def test_a_token_from_elsewhere_is_used_as_it_is(live_server, client):
    client.soc.alerts.list()
    with Client(live_server.url, token=client._token) as other:
        assert len(other.soc.alerts.list()) == 0
    with Client(live_server.url, token="x.y.z") as other, pytest.raises(NotSignedIn):
        other.soc.alerts.list()


def test_an_application_sends_records_and_sees_its_own(live_server, acme, client):
    client.soc.alerts.create(title="Somebody else's")
    with tenancy.tenant_scope(acme.tenant.pk):
        key = applications.create(
            "sensor", actor=acme.actor(), scopes=["soc:read", "soc:ingest"], sources=()
        )
    who = {"client_id": key.application.client_id, "client_secret": key.secret}

    with Client(live_server.url, **who) as sensor:
        first = sensor.soc.intake("generic", [{"title": "One", "id": "1"}, {"title": "Two"}])
        again = sensor.soc.intake("generic", [{"title": "One", "id": "1"}])
        seen = {row["title"] for row in sensor.soc.alerts.iterate()}

    assert (first["created"], again["duplicates"], seen) == (2, 1, {"One", "Two"})


def test_many_alerts_are_moved_at_once_with_an_answer_each(client):
    alert = client.soc.alerts.create()
    unknown = "alr_01m00000000000000000000000"

    answer = client.soc.alerts.bulk("acknowledge", [alert["id"], unknown], note="Seen.")

    assert [row["status"] for row in answer["results"]] == [200, 404]


def test_comments_evidence_and_documents(client, tmp_path):
    path = tmp_path / "dump.bin"
    path.write_bytes(b"evidence")
    alert = client.soc.alerts.create()
    finding = client.soc.findings.create(title="Memory", alert_ids=[alert["id"]])

    digest = hashlib.sha256(b"evidence").hexdigest()
    kept = client.soc.findings.upload(finding["id"], path, sha256=digest, note="by hand")
    client.soc.findings.hand_over(finding["id"], action="transferred", note="to the lab")
    comment = client.soc.alerts.comment(alert["id"], text="Looking.")

    lines = client.soc.findings.custody(finding["id"])["results"]
    assert kept["sha256"] == digest
    assert [line["action"] for line in lines] == ["stored", "transferred"]
    assert client.soc.findings.verify(finding["id"])["holds"] is True
    assert client.soc.alerts.comments(alert["id"])["results"][0]["id"] == comment["id"]
    assert client.soc.alerts.context_documents(alert["id"])["results"] == []


def test_definitions_calendars_and_clocks(client):
    calendar = client.soc.business_calendars.create(name="Office", time_zone="Europe/Berlin")
    sla = client.soc.sla_definitions.create(
        name="Cases",
        applies_to="investigation",
        levels=["high"],
        contain_minutes=60,
        calendar_id=calendar["id"],
        is_active=True,
    )

    case = client.soc.investigations.create(priority="high")

    (clock,) = client.soc.investigations.clocks(case["id"])["results"]
    assert (clock["kind"], clock["definition_id"]) == ("contain", sla["id"])
    assert client.soc.alerts.clocks(client.soc.alerts.create()["id"])["results"] == []


def test_a_case_is_worked_from_first_to_last(client):
    alert = client.soc.alerts.create(severity="high")
    case = client.soc.investigations.create(title="Case")
    client.soc.investigations.add_alerts(case["id"], alert_ids=[alert["id"]])
    task = client.soc.tasks.create(investigation_id=case["id"], title="Call the user")
    client.soc.tasks.complete(task["id"])
    client.soc.investigations.add_event(case["id"], text="Called.")

    report = client.soc.investigations.report(case["id"], **{"as": "md"})
    numbers = client.soc.metrics(group_by="severity")

    assert b"Call the user" in report
    assert numbers["results"][0]["group"] == "high"
    assert client.soc.alerts.related(alert["id"])["results"] == []
    assert client.core.notifications.list().rows == []


def test_evidence_comes_back_byte_by_byte(client, tmp_path):
    path = tmp_path / "dump.bin"
    path.write_bytes(b"\x00evidence")
    finding = client.soc.findings.create()
    client.soc.findings.upload(finding["id"], path)

    assert client.soc.findings.download(finding["id"]) == b"\x00evidence"


def test_evidence_is_stored_when_awaited(live_server, credentials, tmp_path):
    path = tmp_path / "dump.bin"
    path.write_bytes(b"evidence")

    async def calls():
        async with AsyncClient(live_server.url, **credentials) as client:
            finding = await client.soc.findings.create()
            await client.soc.findings.upload(finding["id"], path)
            return await client.soc.findings.custody(finding["id"])

    assert len(awaited(calls())["results"]) == 1


@pytest.mark.parametrize(
    "given", [{}, {"email": "a@b.test"}, {"token": "x", "client_id": "y", "client_secret": "z"}]
)
def test_credentials_are_whole_and_of_one_kind(given):
    with pytest.raises(ValueError, match="Give email"):
        Client("http://127.0.0.1:9", **given)


def test_secrets_are_not_shown():
    with Client("http://127.0.0.1:9", client_id="known", client_secret="hidden") as client:
        assert "hidden" not in repr(client.credentials)
