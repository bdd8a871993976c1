"""Every tool's shape: the whole record is mapped, and each trap has a row."""

from datetime import UTC, datetime

import pytest

from soc.intake import formats
from soc.intake.drafts import Fault, Skip
from tests.intake import shapes
from tests.intake.factories import read, values
from tests.intake.shapes import changed

START = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SHA = ("hash_sha256", "0123456789abcdef" * 4)
BAD = ("ip", "203.0.113.5")
# title, severity, its word, source_id, rule, host, user, tactics, techniques, some indicators
WHOLE = {
    "wazuh": (
        *("sshd: brute force on a made-up host", "medium", "10", "wazuh-a|1772600767.4711"),
        *("5763", "WEB-01", "alice", ["Credential Access"], ["T1110.001"]),
        {("ip", "203.0.113.77"), ("ip", "10.9.0.4"), ("account", "alice"), ("hostname", "web-01")},
    ),
    "guardduty": (
        *("An instance tries passwords", "medium", "5", "gd-0001"),
        *("UnauthorizedAccess:EC2/SSHBruteForce", "i-0abc", "deployer"),
        *(["UnauthorizedAccess"], [], {BAD, ("ip", "10.1.0.9"), ("ip", "198.51.100.3")}),
    ),
    "asff": (
        *("A bucket is open", "high", "HIGH"),
        "arn:aws:securityhub:eu-west-1:111122223333:finding/sh-1",
        *("security-control/S3.1", "i-0abc", "carol", ["Initial Access"], [], {BAD}),
    ),
    "ocsf": (
        *("Odd logon", "high", "4", "f-1", "an-7", "WEB-01", "alice"),
        *(["TA0001"], ["T1078", "T1078.004"]),
        {BAD, SHA, ("email", "alice@example.org"), ("url", "https://bad.example/x")},
    ),
    "graph": (
        *("A file was run", "medium", "medium", "da637_1", "det-9", "pc7.example.org", "alice"),
        *(["Execution"], ["T1059.001"], {BAD, SHA, ("file_name", "run.ps1")}),
    ),
    "sentinel": (
        *("Many failed sign-ins", "high", "High", "3c1e", "rule-8", "pc7", "alice"),
        *(["InitialAccess"], ["T1078"], {BAD}),
    ),
    "crowdstrike": (
        *("Odd process", "high", "70", "cid:ind:1", "10197", "PC7", "alice"),
        *(["TA0002", "CSTA0004"], ["T1059", "CST0001"], {SHA, ("ip", "10.3.0.7")}),
    ),
    "elastic": (
        *("Odd process", "high", "high", "el-1", "ru-1", "WEB-01", "alice"),
        *(["TA0002"], ["T1059", "T1059.001"], {BAD, SHA, ("ip", "198.51.100.8")}),
    ),
    "splunk": (
        *("Brute force of one account", "high", "high", None, "Brute force", "web-01", "alice"),
        *([], ["T1110"], {BAD, ("hostname", "web-01")}),
    ),
    "falco": (
        *("Terminal shell in container", "medium", "Warning", "fa-1"),
        *("Terminal shell in container", "node-3", "root", ["execution"], ["T1059"], {BAD}),
    ),
    "crowdsec": (
        *("crowdsecurity/ssh-bf by 203.0.113.5", "pending", ""),
        "m-1|crowdsecurity/ssh-bf|203.0.113.5|2026-03-04T05:06:07Z",
        *("crowdsecurity/ssh-bf", "web-01", "alice", [], [], {BAD}),
    ),
    "alertmanager": (
        *("The disk of web-01 is full", "critical", "critical"),
        *("aa11bb22cc33dd44|2026-03-04T05:06:07+00:00", "DiskFull", "web-01", ""),
        *([], [], {("hostname", "web-01")}),
    ),
    "pagerduty": (
        *("The disk of web-01 is full", "critical", "critical", "pd-1", "disk", "web-01", "alice"),
        *([], [], {BAD, ("account", "alice")}),
    ),
    "thehive": (
        *("A suspicious mail", "medium", "2", "external|mail-gateway|mg-1", "external", "pc7", ""),
        *([], ["T1566.002"], {SHA, ("url", "https://bad.example/x")}),
    ),
}


@pytest.mark.parametrize("name", shapes.EVERY)
@pytest.mark.parametrize("way", ["by its name", "auto"])
def test_a_whole_record_is_mapped_and_auto_knows_its_shape(name, way):
    draft = read(shapes.EVERY[name], name if way == "by its name" else "auto")

    title, severity, word, source_id, rule, host, user, tactics, techniques, some = WHOLE[name]
    assert draft.source_name == name
    assert (draft.title, draft.severity, draft.source_severity) == (title, severity, word)
    assert source_id is None or draft.source_id == source_id
    assert (draft.rule_key, draft.host_name, draft.user_name) == (rule, host, user)
    assert (draft.mitre_tactics, draft.mitre_techniques) == (tactics, techniques)
    assert draft.occurred_at.replace(microsecond=0) == START
    assert some <= {(kind, value) for kind, value, _ in values(draft)}


def test_each_shape_is_recognised_by_one_format_alone():
    for name, record in shapes.EVERY.items():
        knows = [each.name for each in formats.every().values() if _knows(each, record)]
        assert knows == [name]


def _knows(format_, record):
    return format_.recognises is not None and format_.recognises(record)


# A change of the whole record, and what becomes of the draft: (format, change, attribute, value).
TRAPS = {
    **{
        f"wazuh level {level}": ("wazuh", {"rule__level": level}, "severity", severity)
        for level, severity in (
            *((0, "informational"), (3, "informational"), (4, "low"), (6, "low"), (7, "medium")),
            *((11, "medium"), (12, "high"), (14, "high"), (15, "critical"), (16, "critical")),
            *((17, "pending"), ("15", "critical"), ("odd", "pending")),
        )
    },
    "wazuh marks no zone": (
        *("wazuh", {"timestamp": "2026-03-04T05:06:07"}),
        *("metadata.time_without_zone", True),
    ),
    "wazuh by two managers": ("wazuh", {"manager__name": "b"}, "source_id", "b|1772600767.4711"),
    "wazuh's file": (
        *("wazuh", {"syscheck": {"path": "/etc/x", "md5_after": "0123456789abcdef" * 2}}),
        *("indicators", ("hash_md5", "0123456789abcdef" * 2)),
    ),
    "wazuh on Windows": (
        "wazuh",
        {"data": {"win": {"eventdata": {"targetUserName": "bob", "ipAddress": "203.0.113.5"}}}},
        *("indicators", BAD),
    ),
    **{
        f"guardduty severity {number}": ("guardduty", {"severity": number}, "severity", severity)
        for number, severity in (
            *((1, "low"), (3.9, "low"), (4, "medium"), (6.9, "medium"), (7, "high")),
            *((8.9, "high"), (9, "critical"), (10, "critical"), (11, "pending"), (0, "pending")),
        )
    },
    "guardduty seen last": (
        *("guardduty", {}),
        *("happened_at", datetime(2026, 3, 4, 6, tzinfo=UTC)),
    ),
    "asff of old": (
        *("asff", {"Severity": {"Normalized": 95, "Product": 9}}),
        *("severity", "critical"),
    ),
    "asff zero": ("asff", {"Severity": {"Normalized": 0}}, "severity", "informational"),
    "asff beyond its scale": ("asff", {"Severity": {"Normalized": 101}}, "severity", "pending"),
    "asff label wins": ("asff", {"Severity__Label": "LOW"}, "severity", "low"),
    "asff in 2200": (
        *("asff", {"CreatedAt": "2200-01-01T00:00:00Z"}),
        *("occurred_at", datetime(2200, 1, 1, tzinfo=UTC)),
    ),
    "asff names assets": (
        *("asff", {}),
        *("assets", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc"),
    ),
    **{
        f"ocsf severity {number}": ("ocsf", {"severity_id": number}, "severity", severity)
        for number, severity in (
            *((0, "pending"), (1, "informational"), (2, "low"), (3, "medium"), (4, "high")),
            *((5, "critical"), (6, "critical"), (99, "pending")),
        )
    },
    "ocsf keeps another's word": (
        *("ocsf", {"severity_id": 99, "severity": "Purple"}),
        *("source_severity", "Purple"),
    ),
    "ocsf 1.0 has finding": (
        *("ocsf", {"finding_info": None, "finding": {"uid": "old-1", "title": "Old"}}),
        *("source_id", "old-1"),
    ),
    "ocsf names assets": ("ocsf", {}, "assets", "vm-1"),
    "graph says unknown": ("graph", {"severity": "unknown"}, "severity", "pending"),
    "sentinel of the SDK": ("sentinel", "flat", "rule_key", "rule-8"),
    "sentinel of the SDK has tactics": ("sentinel", "flat", "mitre_tactics", ["InitialAccess"]),
    "sentinel labels": ("sentinel", {}, "tags", ["vip"]),
    **{
        f"crowdstrike {kind} {number}": (
            *("crowdstrike", {"metadata__eventType": kind, "event__Severity": number}),
            *("severity", severity),
        )
        for kind, number, severity in (
            ("DetectionSummaryEvent", 1, "informational"),
            ("DetectionSummaryEvent", 4, "high"),
            ("DetectionSummaryEvent", 5, "critical"),
            ("DetectionSummaryEvent", 70, "pending"),
            ("EppDetectionSummaryEvent", 4, "informational"),
            ("EppDetectionSummaryEvent", 30, "low"),
            ("MobileDetectionSummaryEvent", 90, "critical"),
            ("IdpDetectionSummaryEvent", 101, "pending"),
        )
    },
    "crowdstrike says it": ("crowdstrike", {"event__SeverityName": "Low"}, "severity", "low"),
    "elastic risk only": ("elastic", {"kibana.alert.severity": None}, "severity", "high"),
    "elastic nested": ("elastic", "nested", "rule_key", "ru-1"),
    "elastic in a hit": ("elastic", "hit", "source_id", "el-1"),
    "splunk's unknown": ("splunk", {"result__urgency": "unknown"}, "severity", "pending"),
    **{
        f"falco {word}": ("falco", {"priority": word}, "severity", severity)
        for word, severity in (
            *(("Emergency", "critical"), ("Alert", "critical"), ("CRITICAL", "critical")),
            *(("Error", "high"), ("Warning", "medium"), ("Notice", "low")),
            *(("Informational", "informational"), ("Debug", "informational"), ("X", "pending")),
        )
    },
    "falco in nanoseconds": ("falco", {"time": 1772600767000000000}, "occurred_at", START),
    "crowdsec in the future": (
        *("crowdsec", {"start_at": "2199-01-01T00:00:00Z"}),
        *("occurred_at", datetime(2199, 1, 1, tzinfo=UTC)),
    ),
    "crowdsec without a start": ("crowdsec", {"start_at": None}, "source_id", ""),
    "crowdsec of a range": (
        *("crowdsec", {"source": {"scope": "Range", "value": "203.0.113.0/24"}}),
        *("source_id", "m-1|crowdsecurity/ssh-bf|203.0.113.0/24|2026-03-04T05:06:07Z"),
    ),
    "alertmanager in another zone": (
        *("alertmanager", {"alerts__0__startsAt": "2026-03-04T06:06:07+01:00"}),
        *("source_id", "aa11bb22cc33dd44|2026-03-04T05:06:07+00:00"),
    ),
    "alertmanager without a word": (
        *("alertmanager", {"alerts__0__labels": {"alertname": "X", "severity": "page"}}),
        *("source_severity", "page"),
    ),
    "pagerduty has our time": (
        *("pagerduty", {"payload__timestamp": None, "received_at": "2026-03-04T05:06:07Z"}),
        *("occurred_at", START),
    ),
    **{
        f"thehive severity {number}": ("thehive", {"severity": number}, "severity", severity)
        for number, severity in ((1, "low"), (3, "high"), (4, "critical"), (5, "pending"))
    },
    "thehive tells tlp": ("thehive", {}, "metadata.tlp", "amber"),
    "thehive of old": (
        *("thehive", {"observables": None, "artifacts": [{"dataType": "ip", "data": BAD[1]}]}),
        *("indicators", BAD),
    ),
    "thehive's parts stay apart": (
        *("thehive", {"type": "a|b"}),
        *("source_id", "a%7Cb|mail-gateway|mg-1"),
    ),
}


@pytest.mark.parametrize(("name", "change", "attribute", "value"), TRAPS.values(), ids=TRAPS)
def test_traps(name, change, attribute, value):
    record = REWRITTEN[name, change]() if isinstance(change, str) else None
    draft = read(record or changed(shapes.EVERY[name], **change), "auto")

    assert draft.source_name == name
    if attribute == "indicators":
        assert value in {(seen.type, seen.value) for seen in draft.indicators}
    elif attribute == "assets":
        assert value in {asset["label"] for asset in draft.affected_assets}
    elif attribute.startswith("metadata."):
        assert draft.metadata[attribute.removeprefix("metadata.")] == value
    else:
        assert getattr(draft, attribute) == value


def _flat_incident():
    inner = shapes.SENTINEL["properties"]
    return {
        "name": "3c1e",
        "incident_number": 42,
        "title": inner["title"],
        "severity": "High",
        "created_time_utc": inner["createdTimeUtc"],
        "related_analytic_rule_ids": inner["relatedAnalyticRuleIds"],
        "additional_data": inner["additionalData"],
    }


def _nested_alert():
    record = {key: value for key, value in shapes.ELASTIC.items() if "kibana" not in key}
    alert = {"uuid": "el-1", "severity": "high", "rule": {"name": "Odd", "uuid": "ru-1"}}
    return record | {"kibana": {"alert": alert}}


REWRITTEN = {
    ("sentinel", "flat"): _flat_incident,
    ("elastic", "nested"): _nested_alert,
    ("elastic", "hit"): lambda: {"_index": "i", "_id": "x", "_source": shapes.ELASTIC},
}


SKIPPED = {
    "an audit of CrowdStrike": changed(
        shapes.CROWDSTRIKE, metadata__eventType="AuthActivityAuditEvent"
    ),
    "another class of OCSF": changed(shapes.OCSF, class_uid=3002),
    "a case of TheHive": {"objectType": "case", "object": shapes.THEHIVE},
    "an empty group": shapes.ALERTMANAGER | {"alerts": []},
    "an empty answer of Security Hub": {"Findings": [], "NextToken": None},
    "an empty answer of Graph": {"value": []},
    "an empty search of Elastic": {"took": 1, "hits": {"total": {"value": 0}, "hits": []}},
}


@pytest.mark.parametrize("record", SKIPPED.values(), ids=SKIPPED)
def test_what_is_no_alert_by_its_own_type_is_skipped(record):
    assert isinstance(read(record, "auto"), Skip)


@pytest.mark.parametrize("name", sorted(formats.every()))
def test_an_empty_record_is_at_fault_or_skipped(name):
    assert isinstance(read({}, name), Fault | Skip)
