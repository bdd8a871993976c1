"""A whole record of each tool, made up; tests change one thing of it at a time."""

from copy import deepcopy

START = "2026-03-04T05:06:07Z"

WAZUH = {
    "timestamp": "2026-03-04T10:06:07.000+0500",
    "rule": {
        "id": "5763",
        "level": 10,
        "description": "sshd: brute force on a made-up host",
        "groups": ["syslog", "sshd", "authentication_failures"],
        "mitre": {
            "id": ["T1110.001"],
            "tactic": ["Credential Access"],
            "technique": ["Password Guessing"],
        },
        "pci_dss": ["10.2.4"],
    },
    "agent": {"id": "012", "name": "WEB-01", "ip": "10.9.0.4"},
    "manager": {"name": "wazuh-a"},
    "id": "1772600767.4711",
    "full_log": "Failed password for alice",
    "decoder": {"name": "sshd"},
    "data": {"srcip": "203.0.113.77", "dstuser": "alice"},
    "location": "/var/log/auth.log",
}
GUARDDUTY = {
    "schemaVersion": "2.0",
    "accountId": "111122223333",
    "region": "eu-west-1",
    "id": "gd-0001",
    "arn": "arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/gd-0001",
    "type": "UnauthorizedAccess:EC2/SSHBruteForce",
    "severity": 5,
    "title": "An instance tries passwords",
    "description": "It tries many.",
    "createdAt": START,
    "updatedAt": START,
    "resource": {
        "instanceDetails": {
            "instanceId": "i-0abc",
            "networkInterfaces": [{"privateIpAddress": "10.1.0.9", "publicIp": "198.51.100.3"}],
        },
        "accessKeyDetails": {"userName": "deployer", "accessKeyId": "AKIAMADEUP"},
    },
    "service": {
        "action": {
            "actionType": "NETWORK_CONNECTION",
            "networkConnectionAction": {"remoteIpDetails": {"ipAddressV4": "203.0.113.5"}},
        },
        "eventFirstSeen": START,
        "eventLastSeen": "2026-03-04T06:00:00Z",
        "count": 3,
        "archived": False,
    },
}
ASFF = {
    "SchemaVersion": "2018-10-08",
    "Id": "arn:aws:securityhub:eu-west-1:111122223333:finding/sh-1",
    "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
    "GeneratorId": "security-control/S3.1",
    "AwsAccountId": "111122223333",
    "Types": ["TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce"],
    "CreatedAt": START,
    "UpdatedAt": "2026-03-05T00:00:00Z",
    "Severity": {"Label": "HIGH", "Normalized": 70, "Original": "7.1"},
    "Title": "A bucket is open",
    "Description": "Anybody may read it.",
    "Resources": [
        {
            "Type": "AwsEc2Instance",
            "Id": "arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc",
            "Details": {"AwsEc2Instance": {"IpV4Addresses": ["10.1.0.9"]}},
        },
        {
            "Type": "AwsIamUser",
            "Id": "arn:aws:iam::111122223333:user/carol",
            "Details": {"AwsIamUser": {"UserName": "carol"}},
        },
    ],
    "Workflow": {"Status": "NEW"},
    "RecordState": "ACTIVE",
    "Network": {"SourceIpV4": "203.0.113.5"},
}
OCSF = {
    "class_uid": 2004,
    "category_uid": 2,
    "activity_id": 1,
    "time": 1772600767000,
    "severity_id": 4,
    "severity": "High",
    "message": "Something odd",
    "metadata": {"version": "1.3.0", "product": {"name": "CamWatch", "vendor_name": "Made Up"}},
    "finding_info": {
        "uid": "f-1",
        "title": "Odd logon",
        "desc": "From far away.",
        "types": ["iam"],
        "created_time": 1772600760000,
        "analytic": {"uid": "an-7", "name": "Far logon"},
        "attacks": [
            {
                "tactic": {"uid": "TA0001", "name": "Initial Access"},
                "technique": {"uid": "T1078", "name": "Valid Accounts"},
                "sub_technique": {"uid": "T1078.004"},
            }
        ],
    },
    "observables": [
        {"type_id": 1, "name": "device.hostname", "value": "WEB-01"},
        {"type_id": 2, "name": "src_endpoint.ip", "value": "203.0.113.5"},
        {"type_id": 4, "name": "actor.user.name", "value": "alice"},
        {"type_id": 5, "name": "actor.user.email_addr", "value": "alice@example.org"},
        {"type_id": 6, "name": "url", "value": "https://bad.example/x"},
        {"type_id": 8, "name": "file.hash", "value": "0123456789abcdef" * 4},
    ],
    "resources": [{"uid": "vm-1", "type": "virtual machine"}],
}
GRAPH = {
    "id": "da637_1",
    "providerAlertId": "p-1",
    "incidentId": "28282",
    "title": "A file was run",
    "description": "From a mail.",
    "category": "Execution",
    "severity": "medium",
    "status": "new",
    "classification": None,
    "determination": None,
    "serviceSource": "microsoftDefenderForEndpoint",
    "detectorId": "det-9",
    "createdDateTime": "2026-03-04T05:10:00Z",
    "firstActivityDateTime": START,
    "lastActivityDateTime": "2026-03-04T05:09:00Z",
    "mitreTechniques": ["T1059.001"],
    "evidence": [
        {
            "@odata.type": "#microsoft.graph.security.deviceEvidence",
            "deviceDnsName": "pc7.example.org",
            "lastIpAddress": "10.3.0.7",
        },
        {
            "@odata.type": "#microsoft.graph.security.userEvidence",
            "userAccount": {
                "accountName": "alice",
                "domainName": "EXAMPLE",
                "userPrincipalName": "alice@example.org",
            },
        },
        {
            "@odata.type": "#microsoft.graph.security.fileEvidence",
            "fileDetails": {"fileName": "run.ps1", "sha256": "0123456789abcdef" * 4},
        },
        {"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "203.0.113.5"},
    ],
}
SENTINEL = {
    "id": "/subscriptions/s/incidents/3c1e",
    "name": "3c1e",
    "type": "Microsoft.SecurityInsights/incidents",
    "properties": {
        "title": "Many failed sign-ins",
        "description": "Of one account.",
        "severity": "High",
        "status": "New",
        "incidentNumber": 42,
        "createdTimeUtc": START,
        "lastActivityTimeUtc": "2026-03-04T05:30:00Z",
        "relatedAnalyticRuleIds": ["/subscriptions/s/alertRules/rule-8"],
        "additionalData": {"tactics": ["InitialAccess"], "techniques": ["T1078"]},
        "labels": [{"labelName": "vip", "labelType": "User"}],
        "classification": None,
        "relatedEntities": [
            {"kind": "Host", "properties": {"hostName": "pc7"}},
            {"kind": "Account", "properties": {"accountName": "alice"}},
            {"kind": "Ip", "properties": {"address": "203.0.113.5"}},
        ],
    },
}
CROWDSTRIKE = {
    "metadata": {
        "eventType": "EppDetectionSummaryEvent",
        "eventCreationTime": 1772600767000,
        "offset": 9,
        "customerIDString": "cid",
    },
    "event": {
        "CompositeId": "cid:ind:1",
        "Name": "Odd process",
        "Description": "A process that nobody knows.",
        "Severity": 70,
        "Hostname": "PC7",
        "LocalIP": "10.3.0.7",
        "UserName": "alice",
        "LogonDomain": "EXAMPLE",
        "PatternId": 10197,
        "FileName": "odd.exe",
        "SHA256String": "0123456789abcdef" * 4,
        "MitreAttack": [
            {"TacticID": "TA0002", "TechniqueID": "T1059", "Tactic": "Execution"},
            {"TacticID": "CSTA0004", "TechniqueID": "CST0001", "Tactic": "Falcon Intel"},
        ],
    },
}
ELASTIC = {
    "@timestamp": "2026-03-04T05:07:00Z",
    "kibana.alert.uuid": "el-1",
    "kibana.alert.rule.name": "Odd process",
    "kibana.alert.rule.uuid": "ru-1",
    "kibana.alert.severity": "high",
    "kibana.alert.risk_score": 73,
    "kibana.alert.start": START,
    "kibana.alert.reason": "process event by alice on web-01",
    "kibana.alert.rule.threat": [
        {
            "tactic": {"id": "TA0002", "name": "Execution"},
            "technique": [{"id": "T1059", "subtechnique": [{"id": "T1059.001"}]}],
        }
    ],
    "event": {"category": ["process"]},
    "host": {"name": "WEB-01", "ip": ["10.3.0.7"]},
    "user.name": "alice",
    "source": {"ip": "203.0.113.5"},
    "destination.ip": "198.51.100.8",
    "file": {"name": "x.ps1", "hash": {"sha256": "0123456789abcdef" * 4}},
    "process": {"name": "powershell.exe"},
}
SPLUNK = {
    "sid": "scheduler__admin__search__1",
    "search_name": "Brute force",
    "app": "search",
    "owner": "admin",
    "results_link": "http://splunk.example/1",
    "result": {
        "_time": "1772600767",
        "urgency": "high",
        "src": "203.0.113.5",
        "dest": "web-01",
        "user": "alice",
        "rule_name": "Brute force of one account",
        "mitre_technique_id": ["T1110"],
    },
}
FALCO = {
    "uuid": "fa-1",
    "output": "A shell was spawned (user=root)",
    "priority": "Warning",
    "rule": "Terminal shell in container",
    "time": "2026-03-04T05:06:07.123456789Z",
    "output_fields": {
        "user.name": "root",
        "proc.name": "bash",
        "container.id": "0a1b2c",
        "k8s.pod.name": "shop-1",
        "fd.sip": "203.0.113.5",
    },
    "tags": ["container", "mitre_execution", "T1059"],
    "hostname": "node-3",
    "source": "syscall",
}
CROWDSEC = {
    "scenario": "crowdsecurity/ssh-bf",
    "message": "Ip 203.0.113.5 performed 'crowdsecurity/ssh-bf' (6 events)",
    "events_count": 6,
    "start_at": START,
    "stop_at": "2026-03-04T05:06:30Z",
    "machine_id": "m-1",
    "source": {"scope": "Ip", "value": "203.0.113.5", "ip": "203.0.113.5", "as_name": "Made Up"},
    "labels": None,
    "decisions": [{"type": "ban", "duration": "4h"}],
    "events": [
        {
            "timestamp": START,
            "meta": [
                {"key": "target_user", "value": "alice"},
                {"key": "machine", "value": "web-01"},
            ],
        }
    ],
}
FIRING = {
    "status": "firing",
    "labels": {"alertname": "DiskFull", "severity": "critical", "instance": "web-01:9100"},
    "annotations": {"summary": "The disk of web-01 is full", "description": "98 %"},
    "startsAt": START,
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prom.example/graph",
    "fingerprint": "aa11bb22cc33dd44",
}
ALERTMANAGER = {
    "version": "4",
    "groupKey": '{}:{alertname="DiskFull"}',
    "status": "firing",
    "receiver": "soc",
    "groupLabels": {"alertname": "DiskFull"},
    "commonLabels": {},
    "commonAnnotations": {},
    "externalURL": "http://am.example",
    "alerts": [FIRING],
}
PAGERDUTY = {
    "routing_key": "0123456789abcdef.secret",
    "event_action": "trigger",
    "dedup_key": "pd-1",
    "payload": {
        "summary": "The disk of web-01 is full",
        "source": "web-01",
        "severity": "critical",
        "timestamp": START,
        "component": "postgres",
        "class": "disk",
        "custom_details": {"src_ip": "203.0.113.5", "user": "alice"},
    },
}
THEHIVE = {
    "type": "external",
    "source": "mail-gateway",
    "sourceRef": "mg-1",
    "title": "A suspicious mail",
    "description": "With a link.",
    "severity": 2,
    "date": 1772600767000,
    "tags": ["phishing", "attack.t1566.002"],
    "tlp": 2,
    "pap": 2,
    "observables": [
        {"dataType": "url", "data": "https://bad.example/x"},
        {"dataType": "mail", "data": "eve@bad.example"},
        {"dataType": "hash", "data": "0123456789abcdef" * 4},
        {"dataType": "hostname", "data": "pc7"},
    ],
}
EVERY = {
    "wazuh": WAZUH,
    "guardduty": GUARDDUTY,
    "asff": ASFF,
    "ocsf": OCSF,
    "graph": GRAPH,
    "sentinel": SENTINEL,
    "crowdstrike": CROWDSTRIKE,
    "elastic": ELASTIC,
    "splunk": SPLUNK,
    "falco": FALCO,
    "crowdsec": CROWDSEC,
    "alertmanager": ALERTMANAGER,
    "pagerduty": PAGERDUTY,
    "thehive": THEHIVE,
}


def changed(record, **paths):
    """A copy with values at paths: `rule__level=3` sets record["rule"]["level"]; None removes."""
    copy = deepcopy(record)
    for path, value in paths.items():
        *way, last = path.split("__")
        inner = copy
        for name in way:
            inner = inner[int(name)] if isinstance(inner, list) else inner[name]
        if value is None:
            inner.pop(last)
        elif isinstance(inner, list):
            inner[int(last)] = value
        else:
            inner[last] = value
    return copy
