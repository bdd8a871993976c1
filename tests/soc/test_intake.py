"""The intake door: what becomes of each record, and dedup."""

import time

import orjson
import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from core.actors import system
from core.models import AuditEvent
from soc.intake.envelope import split
from soc.models import Alert, AlertKey, AlertRelation, RejectedRecord, RepairedRecord
from soc.services import alerts, intake, search
from tests import factories

DOOR = "/api/v1/soc/intake"
HOUR = timezone.timedelta(hours=1)


def eve(signature="Beacon", *, flow=1, sid=2001, at="2026-11-20T02:51:07Z", **more):
    return {
        "timestamp": at,
        "event_type": "alert",
        "flow_id": flow,
        "src_ip": "192.0.2.17",
        "dest_ip": "203.0.113.66",
        "proto": "TCP",
        "alert": {"gid": 1, "signature_id": sid, "rev": 1, "signature": signature, "severity": 1},
    } | more


def send(api, body, name="suricata", content_type="application/json"):
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return api.generic("POST", f"{DOOR}/{name}", raw, content_type=content_type)


def ndjson(*records):
    return b"\n".join(each if isinstance(each, bytes) else orjson.dumps(each) for each in records)


def counts(answer):
    body = answer.json()
    return tuple(body[name] for name in ("created", "duplicates", "rejected", "skipped"))


def take(cast, *records, name="suricata"):
    actor = system(cast.tenant.pk)
    return intake.take(split(ndjson(*records)), actor=actor, format=name)


def test_one_record_an_array_and_lines_all_go_in(api):
    assert counts(send(api, eve(flow=1))) == (1, 0, 0, 0)
    assert counts(send(api, [eve(flow=2), eve(flow=3)])) == (2, 0, 0, 0)
    lines = ndjson(eve(flow=4), eve(flow=5))
    assert counts(send(api, lines, content_type="application/x-ndjson")) == (2, 0, 0, 0)


def test_where_the_event_is_refused_nothing_is_kept_and_the_next_goes_in(in_acme):
    """The event travels with the alert in one pipeline; text with a NUL is no JSON of the
    database's.
    """
    actor = system(in_acme.tenant.pk)
    records = split(ndjson(eve()))

    with pytest.raises(DatabaseError):
        intake.take(records, actor=actor, format="suricata", origin="no\0where")
    kept = (Alert.objects.count(), AlertKey.objects.count(), AuditEvent.objects.count())
    [again] = intake.take(records, actor=actor, format="suricata")

    assert kept == (0, 0, 0)
    assert again.status == "created"
    assert AuditEvent.objects.filter(verb="alert.intake").count() == 1


def test_the_answer_names_each_record_by_its_place(api):
    body = ndjson(eve(), b"{broken", {"event_type": "dns"}, eve())

    results = send(api, body).json()["results"]

    assert [each["index"] for each in results] == [0, 1, 2, 3]
    assert [each["status"] for each in results] == ["created", "rejected", "skipped", "duplicate"]
    assert results[0]["id"] == results[3]["id"]
    assert results[1]["id"].startswith("rej_")
    assert results[1]["reason"]


def test_the_same_again_is_counted_and_writes_no_history(api, acme):
    send(api, eve())
    for _ in range(3):
        send(api, eve(extra="repeat"))

    alert = api.get("/api/v1/soc/alerts").json()["results"][0]
    assert (alert["duplicate_count"], alert["version"]) == (3, 1)
    with tenancy.tenant_scope(acme.tenant.pk):
        row = Alert.objects.get()
        assert row.history.count() == 1
        assert "extra" not in row.raw_data
        assert row.last_raw_data["extra"] == "repeat"


@pytest.mark.parametrize("at_once", [True, False])
def test_the_record_of_the_last_sighting_is_kept_whatever_comes_late(in_acme, at_once):
    """Of two at the same moment it is the one that came last."""
    record = {"id": "a-1", "title": "Odd logon"}
    hours = ("2026-11-20T05:00:00Z", "2026-11-20T03:00:00Z", "2026-11-20T05:00:00Z")
    later = [record | {"time": hour, "n": number} for number, hour in enumerate(hours)]

    take(in_acme, record | {"time": "2026-11-20T01:00:00Z"}, name="generic")
    for batch in [later] if at_once else [[each] for each in later]:
        take(in_acme, *batch, name="generic")

    assert Alert.objects.get().last_raw_data["n"] == 2
    take(in_acme, record | {"time": hours[1], "n": 9}, name="generic")
    assert Alert.objects.get().last_raw_data["n"] == 2


def test_the_same_record_in_another_tenant_is_another_alert(acme, globex):
    for cast in (acme, globex):
        assert counts(send(factories.client_for(cast), eve())) == (1, 0, 0, 0)


def test_without_an_id_the_same_title_and_indicators_are_one_alert(in_acme):
    record = {"message": "Login from abroad", "user": "e.maddox", "source_ip": "203.0.113.66"}
    later = record | {"time": "2026-11-20T03:00:00Z"}

    outcomes = take(in_acme, record, later, name="generic")

    assert [each.status for each in outcomes] == ["created", "duplicate"]


def test_a_fingerprint_ends_a_day_after_its_last_repeat(in_acme):
    record = {"message": "Login from abroad", "source_ip": "203.0.113.66"}
    take(in_acme, record, name="generic")
    AlertKey.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())

    again = take(in_acme, record, record | {"count": 2}, name="generic")

    assert [each.status for each in again] == ["duplicate", "duplicate"]
    AlertKey.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    assert take(in_acme, record | {"count": 3}, name="generic")[0].status == "created"


def test_how_long_a_fingerprint_lives_is_set_by_tool(in_acme, settings):
    settings.FINGERPRINT_HOURS = {"*": 24, "guard": 2}

    for product in ("Guard", "other"):
        take(in_acme, {"title": "Login from abroad", "product": product}, name="generic")

    rows = AlertKey.objects.filter(expires_at__isnull=False)
    hours = {row.source_name: round((row.expires_at - timezone.now()) / HOUR) for row in rows}
    assert hours == {"Guard": 2, "other": 24}


def closed(cast):
    alert = Alert.objects.get()
    return alerts.close(alert, actor=cast.actor("analyst"), close_classification="Undetermined")


def test_a_later_repeat_of_a_closed_alert_makes_a_new_one_related_to_it(in_acme):
    take(in_acme, eve())
    old = closed(in_acme)
    later = (timezone.now() + timezone.timedelta(hours=1)).isoformat()

    record = eve()
    record["timestamp"] = later
    record["flow_id"] = 1
    # The tool's id holds the time, so a later event of the same identity comes by fingerprint.
    AlertKey.objects.filter(alert=old).update(key=key_of(record))
    outcome = take(in_acme, record)[0]

    assert outcome.status == "created"
    relation = AlertRelation.objects.get()
    assert (relation.related_id, relation.kind) == (old.pk, "repeat")
    assert not AlertKey.objects.filter(alert=old).exists()


def key_of(record):
    from soc.intake import formats

    drafted = formats.get("suricata").draft(record, orjson.dumps(record))
    return drafted.identity_keys[0].key


def test_an_older_repeat_of_a_closed_alert_only_counts(in_acme):
    take(in_acme, eve())
    old = closed(in_acme)

    outcome = take(in_acme, eve())[0]

    assert outcome.status == "duplicate"
    assert Alert.objects.get(pk=old.pk).duplicate_count == 1


def test_suppressed_stays_suppressed(in_acme):
    take(in_acme, eve())
    alert = alerts.perform(Alert.objects.get(), "suppress", actor=in_acme.actor("analyst"))

    assert take(in_acme, eve())[0].status == "duplicate"
    assert Alert.objects.get(pk=alert.pk).status == "suppressed"


def test_deleting_an_alert_lets_the_tool_report_it_anew(in_acme):
    take(in_acme, eve())
    alerts.delete(Alert.objects.get(), actor=in_acme.actor("manager"))

    assert take(in_acme, eve())[0].status == "created"


def test_a_record_at_fault_is_kept_once_and_the_rest_goes_in(in_acme):
    bad = b'{"event_type": "alert", "event_type": "alert"}'

    for _ in range(2):
        take(in_acme, bad, eve(), b"{not json")

    kept = {bytes(row.raw): row for row in RejectedRecord.objects.all()}
    assert set(kept) == {bad, b"{not json"}
    assert "duplicate" in kept[bad].reason
    assert (kept[bad].position, kept[b"{not json"].position) == (1, 3)
    assert Alert.objects.count() == 1


def test_nul_and_lone_surrogates_become_a_mark_and_their_bytes_are_kept(in_acme):
    raw = orjson.dumps(eve()).replace(b"Beacon", b"Bea\\u0000con \\ud800")

    outcome = take(in_acme, raw)[0]

    alert = Alert.objects.get()
    assert outcome.status == "created"
    assert "\ufffd" in alert.title
    assert alert.metadata["replaced_characters"] is True
    assert bytes(RepairedRecord.objects.get().raw) == raw


def test_of_a_repaired_row_of_a_table_the_bytes_of_the_row_are_kept(api, acme):
    send(api, b"title,host\nBea\x00con,a\n", "csv", content_type="text/csv")

    with tenancy.tenant_scope(acme.tenant.pk):
        assert bytes(RepairedRecord.objects.get().raw).strip() == b"Bea\x00con,a"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"   ", 400),
        (b"{", 400),
        (b"[1, 2", 400),
        (b"not json at all", 400),
        (b"[" * 100_000, 400),
        (b"[" + b",".join([b"{}"] * 5001) + b"]", 413),
        (b'{"a": "' + b"x" * (11 * 1024 * 1024) + b'"}', 413),
        (b"[7, null]", 422),
        (b'{"event_type": "alert", "a": 1, "a": 2}', 422),
    ],
)
def test_a_body_that_cannot_be_taken_is_a_4xx(api, body, status):
    refused = send(api, body)

    assert refused.status_code == status, refused.content[:300]
    assert api.get("/api/v1/soc/alerts").json()["results"] == []


def test_a_record_rejected_again_is_one_row_that_counts(api, acme):
    send(api, ndjson(b"{broken", b"{broken", b"{other", eve()))
    send(api, ndjson(eve(), b"{broken"))

    with tenancy.tenant_scope(acme.tenant.pk):
        kept = RejectedRecord.objects.order_by("position").values_list("seen_count", "position")
        assert list(kept) == [(3, 1), (1, 3)]


def test_when_all_are_rejected_the_answer_is_422_and_the_records_are_kept(api):
    refused = send(api, b'[{"event_type": "alert"}, 7]')

    assert refused.status_code == 422
    assert refused.json()["rejected"] == 2
    assert len(api.get("/api/v1/soc/rejected-records").json()["results"]) == 2


@pytest.mark.parametrize("name", ["nonsense", "no-such", "Suricata"])
def test_an_unknown_format_lists_those_there_are(api, name):
    refused = send(api, eve(), name=name)

    assert refused.status_code == 404
    assert "suricata" in refused.json()["detail"]


def test_a_key_may_send_for_its_own_sources_only(acme):
    client = factories.application_client(acme, ["soc:ingest"], sources=["wazuh"])

    refused = send(client, eve())

    assert refused.status_code == 422
    assert "suricata" in refused.json()["results"][0]["reason"]


def test_a_product_that_a_key_may_send_for_is_named_in_any_case(acme):
    client = factories.application_client(acme, ["soc:ingest"], sources=["Acme Guard 2.0"])

    answers = [
        send(client, {"title": "Odd logon", "product": name}, "generic")
        for name in ("ACME Guard 2.0", "acme guard 3.0")
    ]

    assert [answer.status_code for answer in answers] == [202, 422]


def test_a_viewer_sends_nothing(acme):
    refused = send(factories.client_for(acme, "viewer"), eve())

    assert refused.status_code == 403
    assert "soc:ingest" in refused.json()["detail"]


@pytest.mark.parametrize("word", ["beacon", "Beac", "203.0.113.66", "203.0.113", "192.0.2.17"])
def test_a_filled_alert_is_found_by_words_and_their_beginnings(api, acme, word):
    send(api, eve("Cobalt Beacon over HTTP"))
    send(api, eve("Something else", flow=9, src_ip="198.51.100.1", dest_ip="198.51.100.2"))
    with tenancy.tenant_scope(acme.tenant.pk):
        search.fill(list(Alert.objects.values_list("pk", flat=True)))

    found = api.get("/api/v1/soc/alerts", {"q": word}).json()["results"]

    assert [row["title"] for row in found] == ["Cobalt Beacon over HTTP"]


@pytest.mark.parametrize("word", ["zebra", "' | 'x", "!", "\\", "a:*", "&&"])
def test_a_search_for_nothing_or_for_operators_is_harmless(api, acme, word):
    send(api, eve())
    with tenancy.tenant_scope(acme.tenant.pk):
        search.fill(list(Alert.objects.values_list("pk", flat=True)))

    answer = api.get("/api/v1/soc/alerts", {"q": word})

    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_a_search_never_finds_another_tenants_alert(acme, globex):
    send(factories.client_for(globex), eve("Secret of globex"))
    with tenancy.tenant_scope(globex.tenant.pk):
        search.fill(list(Alert.objects.values_list("pk", flat=True)))

    found = factories.client_for(acme).get("/api/v1/soc/alerts", {"q": "secret"}).json()

    assert found["results"] == []


def test_a_text_of_mere_punctuation_costs_no_time(in_acme):
    take(in_acme, {"message": "x" + "." * 19_000, "description": "-" * 19_000}, name="generic")
    pks = list(Alert.objects.values_list("pk", flat=True))

    started = time.process_time()
    search.fill(pks)

    assert time.process_time() - started < 1


def test_a_host_is_found_in_either_case_however_it_came_in(api):
    api.post("/api/v1/soc/alerts", {"host": {"name": "Web-01"}})
    send(api, {"message": "Odd logon", "host": "WEB-01"}, name="generic")

    rows = api.get("/api/v1/soc/alerts?host_name=wEb-01").json()["results"]

    assert [row["host_name"] for row in rows] == ["web-01", "web-01"]
    assert [row["host"]["name"] for row in rows] == ["WEB-01", "Web-01"]


def test_keys_change_hands_in_one_statement_and_only_where_there_are_any(in_acme):
    records = [{"message": f"Logon {number}", "source_ip": "203.0.113.66"} for number in range(3)]
    take(in_acme, *records, name="generic")

    with CaptureQueriesContext(connection) as same:
        take(in_acme, *records, name="generic")
    with CaptureQueriesContext(connection) as others:
        take(in_acme, *(record | {"count": 2} for record in records), name="generic")

    moves = [[q for q in each if "UPDATE soc_alertkey" in q["sql"]] for each in (same, others)]
    assert [len(each) for each in moves] == [0, 1]
    assert set(AlertKey.objects.values_list("alert_id")) == set(Alert.objects.values_list("id"))
