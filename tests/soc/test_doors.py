"""The doors of intake: what tools say of their alerts, other envelopes, and who may send what."""

import gzip
import time
import zlib

import orjson
import pytest
from django.conf import settings

from core import secrets, tenancy
from core.models import Application, AuditEvent
from core.services import applications
from soc.models import Alert, RejectedRecord
from tests import factories
from tests.intake import shapes
from tests.intake.shapes import changed
from tests.soc.test_intake import DOOR, counts, eve, ndjson, send

ENQUEUE = "/v2/enqueue"
RESOLVED = changed(shapes.ALERTMANAGER, alerts__0__status="resolved")


def key_of(cast, *, scopes=("soc:ingest",), sources=()):
    with tenancy.tenant_scope(cast.tenant.pk):
        made = applications.create(
            f"tool {applications.secrets.token_hex(4)}",
            actor=cast.actor(),
            scopes=scopes,
            sources=sources,
        )
    return made.bearer


@pytest.fixture
def pager(acme, client):
    """Sends events as PagerDuty's senders do."""
    key = key_of(acme)

    def enqueue(action="trigger", dedup_key="pd-1", **more):
        event = changed(shapes.PAGERDUTY, event_action=action, routing_key=key, **more)
        event = event | {"dedup_key": dedup_key} if dedup_key else changed(event, dedup_key=None)
        return client.post(ENQUEUE, event, content_type="application/json")

    return enqueue


def only_alert(cast):
    with tenancy.tenant_scope(cast.tenant.pk):
        return Alert.objects.get()


def test_a_resolved_alert_of_alertmanager_is_resolved_and_a_replay_makes_none(api, acme):
    first = send(api, shapes.ALERTMANAGER, "alertmanager")
    answers = [send(api, RESOLVED, "alertmanager") for _ in range(2)]
    again = send(api, shapes.ALERTMANAGER, "alertmanager")

    alert = only_alert(acme)
    assert (counts(first), counts(again)) == ((1, 0, 0, 0), (0, 1, 0, 0))
    assert [answer.json()["results"][0]["reason"] for answer in answers] == [
        "resolve: done",
        "resolve: the alert is resolved already",
    ]
    assert (alert.status, alert.resolution, alert.duplicate_count) == ("resolved", "other", 1)


def test_a_resolved_alert_that_never_fired_here_is_skipped(api, acme):
    answer = send(api, RESOLVED, "auto")

    assert counts(answer) == (0, 0, 0, 1)
    assert answer.json()["results"][0]["reason"] == "resolve: no alert of this key is here"


def test_each_alert_of_a_group_has_its_answer(api, in_acme):
    group = [shapes.FIRING | {"fingerprint": f"{number:016x}"} for number in range(3)]
    group[1] = {"labels": {}, "status": "firing"}

    answer = send(api, shapes.ALERTMANAGER | {"alerts": group}, "alertmanager")

    statuses = [each["status"] for each in answer.json()["results"]]
    assert statuses == ["created", "rejected", "created"]
    assert [each["index"] for each in answer.json()["results"]] == [0, 1, 2]


def test_a_pager_event_triggers_is_acknowledged_and_resolved(pager, acme):
    triggered = pager()
    seen = [only_alert(acme).status]
    for action in ("acknowledge", "resolve"):
        pager(action)
        seen.append(only_alert(acme).status)

    assert triggered.status_code == 202
    assert triggered.json() == {
        "status": "success",
        "message": "Event processed",
        "dedup_key": "pd-1",
    }
    assert seen == ["open", "acknowledged", "resolved"]
    assert only_alert(acme).resolution == "other"


def test_a_key_is_made_where_none_came_and_works(pager, acme):
    made = pager(dedup_key=None).json()["dedup_key"]

    pager("resolve", made)

    assert only_alert(acme).status == "resolved"


def test_a_trigger_after_the_resolve_is_a_new_alert(pager, acme):
    for action in ("trigger", "resolve", "trigger"):
        pager(action, payload__timestamp=None)

    with tenancy.tenant_scope(acme.tenant.pk):
        assert sorted(Alert.objects.values_list("status", flat=True)) == ["open", "resolved"]


def test_the_routing_key_is_kept_nowhere(pager, acme):
    pager()

    alert = only_alert(acme)
    assert "routing_key" not in alert.raw_data


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"action": "snooze"}, 400),
        ({"action": "resolve", "dedup_key": None}, 400),
        ({"payload__summary": None}, 400),
        ({"payload": "text"}, 400),
    ],
)
def test_an_event_at_fault_is_refused(pager, change, status):
    assert pager(**change).status_code == status


@pytest.mark.parametrize("key", [None, "", "a.b", "a.b.c", 7, "\x00.x", "é.é"])
def test_an_unknown_routing_key_is_turned_away(client, db, key):
    event = shapes.PAGERDUTY | {"routing_key": key}

    answer = client.post(ENQUEUE, event, content_type="application/json")

    assert answer.status_code == (400 if key == "\x00.x" else 401)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000, b"\xff", b'{"a":1,"a":2}'])
def test_what_is_no_event_is_malformed(client, db, body):
    assert client.post(ENQUEUE, body, content_type="application/json").status_code == 400


def test_a_tool_moves_only_alerts_of_its_source(api, acme, pager):
    send(api, changed(shapes.ALERTMANAGER), "alertmanager")
    identity = "aa11bb22cc33dd44|2026-03-04T05:06:07+00:00"

    assert pager("resolve", identity).status_code == 202
    assert only_alert(acme).status == "open"


@pytest.mark.parametrize("way", ["intake", "enqueue", "resolve", "alerts"])
def test_a_key_sends_for_its_sources_only_at_every_door(api, acme, client, way):
    send(api, shapes.ALERTMANAGER, "alertmanager")
    key = key_of(acme, scopes=("soc:ingest", "soc:write", "soc:read"), sources=["suricata"])
    tool = factories.application_client(acme, ["soc:write", "soc:read"], ["suricata"])
    headers = {"headers": {"authorization": f"Bearer {key}"}, "content_type": "application/json"}
    answers = {
        "intake": lambda: client.post(f"{DOOR}/wazuh", shapes.WAZUH, **headers),
        "resolve": lambda: client.post(f"{DOOR}/alertmanager", RESOLVED, **headers),
        "enqueue": lambda: client.post(
            ENQUEUE, shapes.PAGERDUTY | {"routing_key": key}, content_type="application/json"
        ),
        "alerts": lambda: tool.post("/api/v1/soc/alerts", {"source_name": "x"}, format="json"),
    }

    answer = answers[way]()

    assert answer.status_code in {400, 403, 422}
    assert "may not send for" in answer.content.decode()
    assert only_alert(acme).status == "open"


def test_a_compressed_body_is_opened(api):
    headers = {"HTTP_CONTENT_ENCODING": "gzip"}
    body = gzip.compress(ndjson(eve(flow=1))) + gzip.compress(b"\n" + ndjson(eve(flow=2)))

    answer = api.generic("POST", f"{DOOR}/suricata", body, "application/json", **headers)

    assert counts(answer) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", gzip.compress(b" " * 11 * 1024 * 1024), 413),
        ("gzip", gzip.compress(b"{}")[:-6], 400),
        ("gzip", b"{}", 400),
        ("deflate", zlib.compress(b"{}"), 415),
        ("br", b"{}", 415),
    ],
    ids=["a bomb", "half a gzip", "no gzip", "deflate", "brotli"],
)
def test_a_bomb_and_an_unknown_encoding_are_refused(api, encoding, body, status):
    answer = api.generic(
        "POST", f"{DOOR}/generic", body, "application/json", HTTP_CONTENT_ENCODING=encoding
    )

    assert answer.status_code == status


def test_a_table_comes_through_the_door(api, in_acme):
    table = b"title,severity,source_id\nOdd logon,high,1\nOdd logon,high,1\n,,\nbad,row,3,4\n"

    answer = send(api, table, "csv", content_type="text/csv")

    assert counts(answer) == (1, 1, 1, 0)


def rejected(cast):
    with tenancy.tenant_scope(cast.tenant.pk):
        return RejectedRecord.objects.get()


def test_a_rejected_record_is_mended_and_replayed(api, acme):
    send(api, b'{"title": "Odd logon"', "generic", content_type="application/x-ndjson")
    send(api, ndjson(eve(), b'{"title": "Odd logon"'), "generic")
    url = f"/api/v1/soc/rejected-records/{rejected(acme).shown_id}/replay"

    refused = api.post(url, {}, format="json")
    still = rejected(acme).replayed_at
    done = api.post(url, {"record": '{"title": "Odd logon"}', "note": "mended"}, format="json")
    twice = api.post(url, {}, format="json")

    assert (refused.status_code, refused.json()["field"], still) == (400, "record", None)
    assert (done.status_code, counts(done)) == (200, (1, 0, 0, 0))
    assert twice.status_code == 409
    with tenancy.tenant_scope(acme.tenant.pk):
        event = AuditEvent.objects.get(verb="rejectedrecord.replay")
        assert (event.note, event.details["mended"]) == ("mended", True)
        told = AuditEvent.objects.order_by("seq").values_list("verb", flat=True)
        assert list(told)[-2:] == ["alert.intake", "rejectedrecord.replay"]
    send(api, ndjson(eve(), b'{"title": "Odd logon"'), "generic")
    assert rejected(acme).replayed_at is None


@pytest.mark.parametrize("way", ["viewer", "globex"])
def test_who_may_not_replay_is_refused(api, acme, globex, way):
    send(api, ndjson(eve(), b"{"), "generic")
    caller = (
        factories.client_for(acme, "viewer") if way == "viewer" else factories.client_for(globex)
    )
    url = f"/api/v1/soc/rejected-records/{rejected(acme).shown_id}/replay"

    answer = caller.post(url, {"record": "{}"}, format="json")

    assert answer.status_code == (403 if way == "viewer" else 404)


def test_another_format_may_take_what_one_could_not(api, acme):
    send(api, orjson.dumps({"title": "Odd logon"}), "suricata")
    url = f"/api/v1/soc/rejected-records/{rejected(acme).shown_id}/replay"

    answer = api.post(url, {"format": "generic"}, format="json")

    assert counts(answer) == (1, 0, 0, 0)
    assert api.post(url, {"format": "nope"}, format="json").status_code in {400, 409}


@pytest.fixture
def signer(acme):
    """An application that signs, and its secret."""
    with tenancy.tenant_scope(acme.tenant.pk):
        made = applications.create("signer", actor=acme.actor(), scopes=["soc:ingest"])
        return applications.sign(made.application, actor=acme.actor())


def signed(client, signer, body, *, at=None, off=0, secret=None, client_id=None, sent=None):
    stamp = str(int(time.time()) + off if at is None else at)
    mark = applications.signature_of((secret or signer.secret).encode(), stamp, body)
    headers = {
        "x-soc-client": client_id or signer.application.client_id,
        "x-soc-timestamp": stamp,
        "x-soc-signature": mark,
    }
    return client.generic(
        "POST",
        f"{DOOR}/generic",
        body if sent is None else sent,
        "application/json",
        headers=headers,
    )


def test_a_signed_webhook_goes_in_once(client, signer):
    body, now = b'{ "title":  "signed" }', int(time.time())

    first, replayed = (signed(client, signer, body, at=now) for _ in range(2))

    assert (first.status_code, replayed.status_code) == (202, 401)


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "another"},
        {"client_id": "nobody"},
        {"client_id": "\x00"},
        {"at": 0},
        {"at": "²"},
        {"off": -301},
        {"off": 900},
        {"sent": b'{"title": "signed"}'},
    ],
    ids=str,
)
def test_a_wrong_old_or_changed_signature_is_turned_away(client, signer, change):
    assert signed(client, signer, b'{ "title": "signed"}', **change).status_code in {400, 401}


def test_the_signing_secret_is_sealed_for_its_application_alone(signer, in_acme):
    sealed = bytes(Application.objects.get().signing_secret).decode()
    tenant_id, pk = in_acme.tenant.pk, signer.application.pk

    assert signer.secret not in sealed
    with pytest.raises(secrets.Unreadable):
        secrets.open_sealed(sealed, tenant_id=tenant_id, place="application:another:signing_secret")
    place = f"application:{pk}:signing_secret"
    assert secrets.open_sealed(sealed, tenant_id=tenant_id, place=place) == signer.secret


def test_a_signature_holds_after_its_secret_was_sealed_with_a_newer_key(
    settings, client, signer, in_acme
):
    settings.SECRETS_KEYS = ["n" * 40, *settings.SECRETS_KEYS]
    applications.rotate_signing(actor=in_acme.actor())
    settings.SECRETS_KEYS = settings.SECRETS_KEYS[:1]

    assert signed(client, signer, b'{"title": "signed"}').status_code == 202


def test_the_page_of_a_rejected_record_mends_and_replays_it(api, acme, client):
    send(api, ndjson(eve(), b'{"title": "Odd logon"'), "generic")
    page = f"/admin/soc/rejectedrecord/{rejected(acme).shown_id}"
    client.force_login(acme.people["analyst"], backend="core.permissions.PersonBackend")

    shown = client.get(f"{page}/change/").content.decode()
    refused = client.post(f"{page}/replay/", {"record": "{", "format": "generic"})
    done = client.post(f"{page}/replay/", {"record": '{"title": "Odd"}', "format": "generic"})

    assert "{&quot;title&quot;: &quot;Odd logon&quot;" in shown
    assert "cannot be read" in refused.content.decode()
    assert (done.status_code, rejected(acme).replayed_by) == (302, acme.people["analyst"].pk)


def test_who_may_not_send_reads_the_page_without_a_form(api, acme, client):
    send(api, ndjson(eve(), b"{"), "generic")
    page = f"/admin/soc/rejectedrecord/{rejected(acme).shown_id}"
    client.force_login(acme.people["viewer"], backend="core.permissions.PersonBackend")

    assert "replay/" not in client.get(f"{page}/change/").content.decode()
    client.post(f"{page}/replay/", {"record": '{"title": "x"}'})
    assert rejected(acme).replayed_at is None


def test_a_browser_at_pagerdutys_door_is_told_what_is_missing(client, acme):
    client.force_login(acme.people["analyst"], backend=settings.AUTHENTICATION_BACKENDS[-1])

    answer = client.get("/v2/enqueue", headers={"accept": "text/html,*/*;q=0.8"})

    assert answer.status_code == 400
    assert answer.json()["title"] == "Bad Request"
