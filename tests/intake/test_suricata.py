import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from soc.intake.drafts import Fault, Skip
from tests.intake.factories import eve, read, values


def test_an_eve_alert_is_mapped():
    draft = read(eve())

    assert draft.title == "TEST beacon"
    assert (draft.severity, draft.source_severity, draft.category) == ("high", "1", "network")
    assert (draft.rule_key, draft.rule_name) == ("1:2610001", "TEST beacon")
    assert draft.metadata["rev"] == "3"
    assert draft.occurred_at == datetime(2024, 5, 1, 10, 30, 15, 500_000, tzinfo=UTC)
    assert (draft.host, draft.host_name) == ({"ip": "10.0.0.5", "role": "source"}, "10.0.0.5")
    assert draft.affected_assets == [{"type": "host", "id": None, "label": "10.0.0.5"}]
    assert values(draft) == {("ip", "10.0.0.5", "source"), ("ip", "203.0.113.9", "destination")}
    assert draft.description == (
        "Rule 1:2610001 (revision 3) matched TCP traffic from 10.0.0.5:50000 to 203.0.113.9:80;"
        " it was let through."
    )


def test_the_flow_rule_and_time_are_the_id_of_an_eve_alert():
    draft = read(eve())

    assert draft.source_id == "77:1:2610001:2024-05-01T04:30:15.500000-0600"
    assert draft.identity_keys == (("id", f"id:{draft.source_id}", False),)


def test_without_a_flow_the_fingerprint_and_the_bytes_tell_a_repeat():
    record = eve(flow_id=None)
    draft = read(record)

    assert draft.source_id == ""
    assert draft.identity_keys == (
        ("fingerprint", f"fingerprint:{draft.fingerprint}", True),
        ("bytes", f"bytes:{sha256(json.dumps(record).encode()).hexdigest()}", False),
    )


def test_the_fingerprint_minds_title_and_indicators_and_nothing_else():
    one = read(eve())

    assert read(eve(timestamp="2024-05-02T00:00:00Z", src_port=1)).fingerprint == one.fingerprint
    assert read(eve(src_ip="10.0.0.6")).fingerprint != one.fingerprint
    assert read(eve(alert={"signature": "Other"})).fingerprint != one.fingerprint


@pytest.mark.parametrize(
    ("number", "word", "severity", "kept"),
    [
        (1, None, "high", "1"),
        (2, None, "medium", "2"),
        (3, None, "low", "3"),
        (4, None, "informational", "4"),
        (9, None, "pending", "9"),
        (None, None, "pending", ""),
        ("2", None, "medium", "2"),
        (True, None, "pending", ""),
        ("odd", None, "pending", "odd"),
        (2, ["Critical"], "critical", "Critical"),
        (2, "critical", "critical", "critical"),
        (1, ["Minor"], "high", "1"),
        (1, [], "high", "1"),
        (1, [None], "high", "1"),
    ],
)
def test_eve_severities(number, word, severity, kept):
    draft = read(eve(alert={"severity": number, "metadata": {"signature_severity": word}}))

    assert (draft.severity, draft.source_severity) == (severity, kept)


@pytest.mark.parametrize("kind", ["flow", "dns", "stats", "anomaly", "drop"])
def test_other_events_are_skipped(kind):
    assert read(eve(event_type=kind)) == Skip(f"event_type {kind}")


def test_an_alert_without_alert_or_rule_is_at_fault():
    assert isinstance(read({"event_type": "alert"}), Fault)
    assert isinstance(read({"event_type": "alert", "alert": {}}), Fault)
    assert isinstance(read({}), Fault)


def test_an_alert_without_addresses_or_signature_is_an_alert():
    draft = read(eve(src_ip=None, dest_ip=None, alert={"signature": None}))

    assert draft.title == "Suricata rule 1:2610001"
    assert (draft.indicators, draft.host, draft.affected_assets) == ((), {}, [])


HOSTS = {
    "the private source": ({}, "10.0.0.5", "source"),
    "the private destination": (
        {"src_ip": "203.0.113.1", "dest_ip": "fd00::2"},
        "fd00::2",
        "destination",
    ),
    "the serving end of two": ({"dest_ip": "10.0.0.9"}, "10.0.0.9", "destination"),
    "the server that answers": (
        {"dest_ip": "10.0.0.9", "src_port": 443, "dest_port": 50000},
        *("10.0.0.5", "source"),
    ),
    "the rule's target": (
        {"alert": {"target": {"ip": "203.0.113.9"}}},
        "203.0.113.9",
        "destination",
    ),
}


@pytest.mark.parametrize(("fields", "address", "role"), HOSTS.values(), ids=HOSTS)
def test_the_host_of_an_eve_alert(fields, address, role):
    assert read(eve(**fields)).host == {"ip": address, "role": role}


def test_two_public_ends_give_no_host():
    assert read(eve(src_ip="203.0.113.1")).host == {}


def test_attack_ids_are_kept_as_they_came():
    known = {"mitre_tactic_id": ["TA0011"], "mitre_technique_id": ["T1071", "T9999", "T1071"]}
    draft = read(eve(alert={"metadata": known}))

    assert (draft.mitre_tactics, draft.mitre_techniques) == (["TA0011"], ["T1071", "T9999"])
    named = read(eve(alert={"metadata": {"mitre_tactic_name": ["Initial_Access"]}}))
    assert named.mitre_tactics == ["Initial Access"]


PARTS = {
    "http": (
        {"hostname": "Evil.example", "url": "/a?b", "http_method": "GET", "status": 200},
        {("url", "http://evil.example/a?b", "url"), ("domain", "evil.example", "domain")},
        "HTTP request GET http://Evil.example/a?b was answered with 200.",
    ),
    "tls": (
        {"sni": "evil.example", "fingerprint": ":".join(["0a", "1b"] * 10)},
        {("domain", "evil.example", "domain"), ("hash_sha1", "0a1b" * 10, "certificate")},
        "TLS to evil.example.",
    ),
    "dns": (
        {"query": [{"rrname": "evil.example"}], "answers": [{"rdata": "203.0.113.8"}]},
        {("domain", "evil.example", "domain"), ("ip", "203.0.113.8", "other")},
        "DNS name evil.example.",
    ),
    "fileinfo": (
        {"filename": "/x/Bad.exe", "sha256": "0a1b" * 16},
        {("file_name", "bad.exe", "file"), ("hash_sha256", "0a1b" * 16, "file")},
        "File /x/Bad.exe.",
    ),
    "smtp": (
        {"mail_from": "<a@evil.example>", "rcpt_to": ["<b@example.org>"]},
        {("email", "a@evil.example", "sender"), ("email", "b@example.org", "recipient")},
        "Mail from <a@evil.example>.",
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_of_an_eve_alert_become_indicators_and_sentences(name):
    part, expected, sentence = PARTS[name]

    draft = read(eve(**{name: part}))

    assert expected <= values(draft)
    assert sentence in draft.description.split("\n")


def test_marks_say_what_was_not_as_it_should_be():
    assert read(eve(timestamp="2024-05-01T10:30:15")).metadata["time_without_zone"] is True
    assert read(eve(timestamp="soon")).metadata["time_unreadable"] == "soon"
    assert read(eve(alert={"signature": "a\x00b"})).metadata["replaced_characters"] is True
    assert "replaced_characters" not in read(eve()).metadata


def test_a_long_title_is_cut_and_goes_whole_into_the_description():
    draft = read(eve(alert={"signature": "x" * 600}))

    assert (len(draft.title), draft.title[-1]) == (500, "…")
    assert draft.description.startswith("x" * 600 + "\n")


def test_the_fingerprint_minds_no_direction():
    back = eve(src_ip="203.0.113.9", dest_ip="10.0.0.5")

    assert read(back).fingerprint == read(eve()).fingerprint


def test_a_logon_names_the_user():
    draft = read(eve(smb={"ntlmssp": {"user": "Alice", "domain": "CORP"}}))

    assert (draft.user, draft.user_name) == ({"name": "Alice"}, "alice")


def test_cves_of_the_rule_and_joint_hashes_of_clients_become_indicators():
    tls = {"ja3": {"hash": "0a1b" * 8}, "sni": "203.0.113.8"}
    draft = read(eve(tls=tls, alert={"metadata": {"cve": ["CVE_2021_44228"]}}))

    assert {
        ("cve", "CVE-2021-44228", "other"),
        ("hash_md5", "0a1b" * 8, "ja3"),
        ("ip", "203.0.113.8", "destination"),
    } <= values(draft)


@pytest.mark.parametrize(
    ("http", "url"),
    [
        ({"hostname": "a.example", "url": "/", "http_port": 8080}, "http://a.example:8080/"),
        ({"hostname": "2001:db8::1", "url": "/"}, "http://[2001:db8::1]/"),
        ({"hostname": "proxy", "url": "http://a.example/x"}, "http://a.example/x"),
    ],
)
def test_the_url_that_was_asked_for(http, url):
    assert ("url", url, "url") in values(read(eve(http=http)))


def test_no_url_is_made_up_without_a_host_name():
    assert not any(kind == "url" for kind, _, _ in values(read(eve(http={"url": "/a"}))))
