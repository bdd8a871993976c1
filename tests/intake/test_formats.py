import json
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc.intake import formats
from soc.intake.drafts import AlertDraft, Fault, Skip
from soc.intake.envelope import split, stream
from tests.intake.make_eve import lines, tally

SEVERITIES = {"pending", "informational", "low", "medium", "high", "critical"}


def eve(*, alert=None, **fields):
    """An EVE alert from the inside to the outside; a field of None is left out."""
    rule = {"gid": 1, "signature_id": 2610001, "rev": 3, "signature": "TEST beacon", "severity": 1}
    record = {
        "timestamp": "2024-05-01T04:30:15.500000-0600",
        "flow_id": 77,
        "event_type": "alert",
        "src_ip": "10.0.0.5",
        "src_port": 50000,
        "dest_ip": "203.0.113.9",
        "dest_port": 80,
        "proto": "TCP",
        "alert": {**rule, "action": "allowed", **(alert or {})},
        **fields,
    }
    return {name: value for name, value in record.items() if value is not None}


def read(record, name="suricata"):
    [found] = split(json.dumps(record).encode())
    return formats.outcome(formats.get(name), found)


def values(draft):
    return {(seen.type, seen.value, seen.role) for seen in draft.indicators}


def test_every_file_of_the_folder_is_a_format():
    assert {"suricata", "generic", "auto"} <= set(formats.every())
    assert all(each.title and callable(each.draft) for each in formats.every().values())


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(formats.UnknownFormatError, match=r"'nope'; known are auto, .*suricata"):
        formats.get("nope")


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


GENERIC = {
    "ECS, nested": {
        "@timestamp": "2024-05-01T10:30:15Z",
        "rule": {"name": "Odd logon", "uuid": "r-1"},
        "event": {"id": "e-1", "category": ["authentication"], "severity": 73},
        "kibana": {"alert": {"severity": "high"}},
        "host": {"name": "WEB-01"},
        "user": {"name": "alice"},
        "source": {"ip": "203.0.113.9"},
        "threat": {"technique": {"id": ["T1078"]}, "tactic": {"name": "Initial Access"}},
    },
    "ECS, dotted": {
        "@timestamp": "2024-05-01T10:30:15Z",
        "rule.name": "Odd logon",
        "rule.uuid": "r-1",
        "event.id": "e-1",
        "event.category": "authentication",
        "user.name": "alice",
        "kibana.alert.severity": "high",
        "host.name": "WEB-01",
        "source.ip": "203.0.113.9",
        "threat.technique.id": ["T1078"],
        "threat.tactic.name": ["Initial Access"],
    },
    "a vendor in camel case": {
        "alertId": "e-1",
        "title": "Odd logon",
        "severity": "High",
        "category": "Identity",
        "createdDateTime": "2024-05-01T10:30:15Z",
        "detectorId": "r-1",
        "mitreTechniques": ["T1078"],
        "tactics": ["Initial Access"],
        "evidence": [{"deviceName": "WEB-01"}, {"userName": "alice"}, {"ipAddress": "203.0.113.9"}],
    },
    "OCSF": {
        "class_uid": 2004,
        "time": 1714559415000,
        "severity_id": 4,
        "category_name": "Findings",
        "finding_info": {"uid": "e-1", "title": "Odd logon", "analytic": {"uid": "r-1"}},
        "attacks": [{"technique": {"uid": "T1078"}, "tactic": {"name": "Initial Access"}}],
        "device": {"hostname": "WEB-01"},
        "actor": {"user": {"name": "alice"}},
        "src_endpoint": {"ip": "203.0.113.9"},
        "category": "iam",
    },
}


@pytest.mark.parametrize("record", GENERIC.values(), ids=GENERIC)
def test_generic_finds_the_same_in_every_dialect(record):
    draft = read(record, "generic")

    assert (draft.title, draft.severity, draft.category) == ("Odd logon", "high", "identity")
    assert draft.occurred_at == datetime(2024, 5, 1, 10, 30, 15, tzinfo=UTC)
    assert (draft.source_id, draft.rule_key) == ("e-1", "r-1")
    assert (draft.host_name, draft.user_name) == ("WEB-01", "alice")
    assert (draft.mitre_techniques, draft.mitre_tactics) == (["T1078"], ["Initial Access"])
    found = {(kind, value) for kind, value, _ in values(draft)}
    assert {("ip", "203.0.113.9"), ("hostname", "web-01"), ("account", "alice")} <= found


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("HIGH", "high"),
        (" Moderate ", "medium"),
        ("Warning", "medium"),
        ("Fatal", "critical"),
        ("Info", "informational"),
        ("purple", "pending"),
        (7, "pending"),
        ("7", "pending"),
        ("", "pending"),
        (None, "pending"),
    ],
)
def test_an_unknown_severity_is_kept_and_pending(said, severity):
    draft = read({"title": "x", "severity": said}, "generic")

    assert (draft.severity, draft.source_severity) == (severity, str(said or "").strip())


@pytest.mark.parametrize("record", [{}, {"a": 1}, {"a": ""}, {"a": {"b": [None, "-"]}}, {"a": " "}])
def test_nothing_to_map_is_at_fault(record):
    assert isinstance(read(record, "generic"), Fault)


def test_one_meaningful_text_is_enough():
    draft = read({"odd": {"field": "door left open"}}, "generic")

    assert (draft.title, draft.source_name) == ("field: door left open", "generic")


def test_the_tool_is_named_by_the_record_unless_its_source_is_an_address():
    assert read({"title": "x", "product": "CamWatch"}, "generic").source_name == "CamWatch"
    assert read({"title": "x", "source": "203.0.113.9"}, "generic").source_name == "generic"


def test_auto_tells_eve_from_the_rest():
    assert read(eve(), "auto").source_name == "suricata"
    assert read(eve(event_type="stats", stats={}, alert={}), "auto") == Skip("event_type stats")
    assert read({"title": "x", "event_type": "alert"}, "auto").source_name == "generic"


def test_a_made_up_eve_file_is_counted_as_it_was_made():
    body = b"".join(lines(1_500, 7))
    expected = tally(1_500, 7)

    results = [formats.outcome(formats.get("suricata"), each) for each in stream(BytesIO(body))]
    counts = Counter(type(result) for result in results)

    assert counts[AlertDraft] == expected.alerts
    assert counts[Skip] == expected.others
    assert counts[Fault] == expected.broken
    keys = [result.identity_keys for result in results if isinstance(result, AlertDraft)]
    assert len(keys) - len(set(keys)) == expected.repeats > 0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
EVE_NAMES = (
    *("timestamp", "flow_id", "src_ip", "dest_ip", "src_port", "dest_port", "proto", "host"),
    *("alert", "http", "tls", "dns", "fileinfo", "files", "smtp", "email", "smb", "krb5"),
)
ALERT_NAMES = ("gid", "signature_id", "rev", "signature", "severity", "metadata", "target")
EVE = st.builds(
    lambda record, alert: {**record, "event_type": "alert", "alert": alert},
    st.dictionaries(st.sampled_from(EVE_NAMES), JSON),
    st.dictionaries(st.sampled_from(ALERT_NAMES), JSON) | JSON,
)
COMMON = st.dictionaries(
    st.sampled_from(["title", "severity", "time", "host", "user", "source", "id", "name", "tags"]),
    JSON,
)


@given(
    st.sampled_from(["suricata", "generic", "auto"]),
    EVE | COMMON | st.dictionaries(st.text(), JSON),
)
def test_no_record_crashes_a_format_and_every_draft_is_bounded(name, record):
    result = formats.get(name).draft(record, b"{}")

    if isinstance(result, AlertDraft):
        assert 0 < len(result.title) <= 500
        assert len(result.description) <= 20_000
        assert result.severity in SEVERITIES
        assert len(result.indicators) <= 200
        assert len(result.identity_keys) in {1, 2}
        texts = (result.source_id, result.host_name, result.user_name, result.rule_key)
        assert all(len(text) <= 255 for text in texts)
        assert json.dumps([result.host, result.user, result.metadata, result.affected_assets])
