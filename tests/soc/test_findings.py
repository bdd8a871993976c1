"""Findings: artefacts with a file and a custody, and what automated analysts found."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from core import ids
from core.errors import BadInput
from soc.services import evidence, findings
from tests import factories
from tests.soc.factories import ALERTS, CASES, made

URL = "/api/v1/soc/findings"
BYTES = b"MZ\x90 not a program"
SHA256 = hashlib.sha256(BYTES).hexdigest()


def written(client, **values):
    answer = client.post(URL, values)
    assert answer.status_code == 201, answer.content
    return answer.json()


def sent(client, finding, content=BYTES, name="dump.exe", **more):
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(f"{URL}/{finding['id']}/file", {"file": file, **more}, format="multipart")


def custody(client, finding):
    return client.get(f"{URL}/{finding['id']}/custody").json()["results"]


def stored_files(tenant_id):
    folder = Path(storages["evidence"].location) / ids.show("ten", tenant_id)
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_an_empty_body_makes_an_artefact_without_a_file(api):
    finding = written(api)

    assert (finding["kind"], finding["title"]) == ("artefact", "Untitled finding")
    assert (finding["has_file"], finding["sha256"]) == (False, None)


def test_a_finding_is_named_by_its_alerts_and_their_investigation(api):
    alert = made(api)
    case = api.post(CASES, {"alert_ids": [alert["id"]]}).json()
    through = written(api, alert_ids=[alert["id"]])
    own = written(api, investigation_id=case["id"])

    shown = api.get(f"{ALERTS}/{alert['id']}").json()
    held = api.get(f"{CASES}/{case['id']}").json()

    assert shown["related_finding_ids"] == [through["id"]]
    assert held["finding_ids"] == [own["id"], through["id"]]
    assert api.get(f"{URL}/{own['id']}").json()["investigation_id"] == case["id"]
    assert [row["id"] for row in api.get(f"{URL}?alert_id={alert['id']}").json()["results"]] == [
        through["id"]
    ]


def test_the_alerts_of_a_finding_are_the_set_wanted(api):
    first, second = made(api), made(api)
    finding = written(api, alert_ids=[first["id"]])

    changed = api.patch(f"{URL}/{finding['id']}", {"alert_ids": [second["id"]]}).json()

    assert changed["alert_ids"] == [second["id"]]
    assert (
        api.get(f"{ALERTS}?related_finding_id={finding['id']}").json()["results"][0]["id"]
        == (second["id"])
    )


def test_a_file_is_kept_under_a_random_key_and_measured(api, acme):
    finding = written(api)

    answer = sent(api, finding, name="../../etc/passwd", sha256=SHA256.upper(), note="from ws-1")

    [path] = stored_files(acme.tenant.pk)
    shown = answer.json()
    assert answer.status_code == 200
    assert (shown["file_name"], shown["size_bytes"], shown["sha256"]) == (
        "passwd",
        len(BYTES),
        SHA256,
    )
    assert "passwd" not in path.name
    assert path.read_bytes() == BYTES
    assert "storage_key" not in shown
    assert [(line["action"], line["sha256"], line["note"]) for line in custody(api, finding)] == [
        ("stored", SHA256, "from ws-1")
    ]


def test_the_file_comes_back_as_a_download_of_no_type_and_is_recorded(api):
    finding = written(api)
    sent(api, finding, name='a"b\r\n<script>.html')

    answer = api.get(f"{URL}/{finding['id']}/file")

    assert b"".join(answer.streaming_content) == BYTES
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert [line["action"] for line in custody(api, finding)] == ["stored", "downloaded"]


def test_asking_for_the_headers_alone_is_no_download(api):
    finding = written(api)
    sent(api, finding)

    answer = api.head(f"{URL}/{finding['id']}/file")

    assert answer.status_code == 200
    assert [line["action"] for line in custody(api, finding)] == ["stored"]


def test_evidence_is_not_replaced(api, acme):
    finding = written(api)
    sent(api, finding)

    answer = sent(api, finding, b"another")

    assert answer.status_code == 409
    assert [path.read_bytes() for path in stored_files(acme.tenant.pk)] == [BYTES]


@pytest.mark.parametrize(
    ("kind", "more", "code", "field"),
    [
        ("artefact", {"sha256": "0" * 64}, 400, "sha256"),
        ("agent", {}, 409, None),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_nothing_is_kept(
    api, acme, kind, more, code, field
):
    finding = written(api, kind=kind)

    answer = sent(api, finding, **more)

    assert (answer.status_code, answer.json().get("field")) == (code, field)
    assert stored_files(acme.tenant.pk) == []
    assert custody(api, finding) == []


def test_a_file_over_the_limit_is_refused(api, acme, settings):
    settings.EVIDENCE_MAX_BYTES = len(BYTES) - 1
    finding = written(api)

    answer = sent(api, finding)

    assert (answer.status_code, answer.json()["field"]) == (413, "file")
    assert stored_files(acme.tenant.pk) == []


def test_an_upload_without_a_file_is_refused_by_name(api):
    answer = api.post(f"{URL}/{written(api)['id']}/file", {"note": "x"}, format="multipart")

    assert answer.status_code == 400
    assert "file" in answer.json()["errors"]


def test_a_file_whose_row_cannot_be_written_is_taken_away_again(in_acme):
    finding = findings.create({}, actor=in_acme.actor())
    file = SimpleUploadedFile("x", BYTES)

    with pytest.raises(BadInput), transaction.atomic():
        evidence.store(finding, file, actor=in_acme.actor(), note="\x00")

    assert stored_files(in_acme.tenant.pk) == []


def test_measuring_again_tells_a_file_that_was_changed(api, acme):
    finding = written(api)
    sent(api, finding)
    before = api.post(f"{URL}/{finding['id']}/verify").json()
    [path] = stored_files(acme.tenant.pk)
    path.write_bytes(b"tampered")

    after = api.post(f"{URL}/{finding['id']}/verify").json()

    assert (before["holds"], after["holds"]) == (True, False)
    assert [line["action"] for line in custody(api, finding)][1:] == ["verified", "found_changed"]


def test_a_file_that_is_missing_is_told_as_such(api, acme):
    finding = written(api)
    sent(api, finding)
    [path] = stored_files(acme.tenant.pk)
    path.unlink()

    answer = api.get(f"{URL}/{finding['id']}/file")
    verified = api.post(f"{URL}/{finding['id']}/verify").json()

    assert answer.status_code == 409
    assert "evidence store" in answer.json()["detail"]
    assert verified["holds"] is False
    assert custody(api, finding)[-1]["action"] == "found_missing"


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_finding_without_a_file_has_none_to_read_or_measure(api, verb):
    finding = written(api)
    place = "file" if verb == "get" else "verify"

    answer = getattr(api, verb)(f"{URL}/{finding['id']}/{place}")

    assert answer.status_code == 409


def test_people_write_down_what_they_did_with_it(api):
    finding = written(api)

    line = api.post(
        f"{URL}/{finding['id']}/custody", {"action": "transferred", "note": "to the lab, by hand"}
    )
    unknown = api.post(f"{URL}/{finding['id']}/custody", {"action": "eaten", "note": "x"})
    silent = api.post(f"{URL}/{finding['id']}/custody", {"action": "received", "note": " "})

    assert (line.status_code, line.json()["action"]) == (201, "transferred")
    assert (unknown.status_code, silent.status_code) == (400, 400)
    verbs = [entry["verb"] for entry in api.get(f"{URL}/{finding['id']}/history").json()["results"]]
    assert verbs[0] == "finding.record_custody"


def test_custody_is_added_to_and_never_changed(in_acme):
    finding = findings.create({}, actor=in_acme.actor())
    evidence.hand_over(finding, "received", actor=in_acme.actor(), note="here")

    for statement in (
        "update soc_custodyentry set note = 'x'",
        "delete from soc_custodyentry",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_an_agents_finding_is_shown_on_the_seed_page(api):
    alert = made(api)
    body = {
        "kind": "agent",
        "title": "Likely phishing",
        "agent_name": "triage-bot",
        "confidence": 0.8,
        "recommended_action": "Reset the password.",
        "alert_ids": [alert["id"]],
    }
    written(api, **body)

    data = api.get(f"/v1/alerts/{ids.read('alr', alert['id'])}").json()["data"]

    [row] = data["agent_findings"]
    same = ("title", "agent_name", "confidence", "recommended_action")
    assert {name: row[name] for name in same} == {name: body[name] for name in same}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"confidence": 1.5, "kind": "agent"}, "confidence"),
        ({"agent_name": "bot"}, "agent_name"),
        ({"alert_ids": ["alr_00000000000000000000000000"]}, "alert_ids"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_is_refused_by_name(api, values, field):
    answer = api.post(URL, values)

    problem = answer.json()
    assert answer.status_code == 400
    assert field in problem.get("errors", {}) or problem.get("field") == field


def test_the_kind_of_a_finding_stays(api):
    answer = api.patch(f"{URL}/{written(api)['id']}", {"kind": "agent"})

    assert (answer.status_code, answer.json()["field"]) == (400, "kind")


@pytest.mark.parametrize("query", ["kind=artefact", "has_file=true", f"sha256={SHA256}"])
def test_the_list_filters(api, query):
    written(api, kind="agent", title="Other")
    finding = written(api)
    sent(api, finding)

    assert [row["id"] for row in api.get(f"{URL}?{query}").json()["results"]] == [finding["id"]]


def test_a_viewer_reads_and_does_not_write(acme, api):
    finding = written(api)
    viewer = factories.client_for(acme, "viewer")

    codes = [
        viewer.post(URL, {}).status_code,
        sent(viewer, finding).status_code,
        viewer.post(f"{URL}/{finding['id']}/verify").status_code,
        viewer.post(f"{URL}/{finding['id']}/custody", {}).status_code,
        viewer.delete(f"{URL}/{finding['id']}").status_code,
    ]

    assert codes == [403] * 5
    assert viewer.get(f"{URL}/{finding['id']}/custody").status_code == 200


def test_a_deleted_finding_keeps_its_file_and_comes_back(api, acme):
    alert = made(api)
    finding = written(api, alert_ids=[alert["id"]])
    sent(api, finding)
    api.delete(f"{URL}/{finding['id']}")
    while_gone = api.get(f"{ALERTS}/{alert['id']}").json()["related_finding_ids"]

    api.post(f"{URL}/{finding['id']}/restore")

    assert while_gone == []
    assert len(stored_files(acme.tenant.pk)) == 1
    assert api.get(f"{ALERTS}/{alert['id']}").json()["related_finding_ids"] == [finding["id"]]


@pytest.mark.parametrize("place", ["", "/file", "/custody", "/history"])
def test_another_tenants_finding_answers_like_an_unknown_one(api, globex, place):
    theirs = written(factories.client_for(globex))

    foreign = api.get(f"{URL}/{theirs['id']}{place}")
    unknown = api.get(f"{URL}/fnd_{'0' * 26}{place}")

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
