from datetime import UTC, datetime

import pytest

from soc.intake.drafts import Fault
from tests.intake.factories import read, values

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


def test_generic_prefers_a_name_with_words_and_ids_of_techniques():
    record = {
        "rule": 5710,
        "message": "Odd logon",
        "result": {"user": "alice"},
        "mitre": {"id": ["T1110.001"], "technique": ["Password Guessing"]},
    }
    draft = read(record, "generic")

    assert (draft.title, draft.user_name) == ("Odd logon", "alice")
    assert draft.mitre_techniques == ["T1110.001"]
