"""Examples of the API's document. A test sends each request among them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

ALERT: dict[str, Any] = {
    "title": "Suspicious login from new country",
    "description": "e.maddox signed in from a country not seen before.",
    "severity": "high",
    "category": "identity",
    "source_name": "homebase_identity",
    "source_id": "evt-4711",
    "timestamp": "2026-06-01T03:14:00Z",
    "host": {"name": "ws-0417", "ip": "192.0.2.17"},
    "user": {"name": "e.maddox"},
    "indicators": [{"type": "ip", "value": "203.0.113.66"}],
    "mitre_tactics": ["TA0001"],
    "mitre_techniques": ["T1078"],
    "tags": ["travel"],
}
INVESTIGATION: dict[str, Any] = {
    "title": "Account of e.maddox taken over",
    "description": "Two sign-ins within an hour, 4,000 km apart.",
    "priority": "high",
    "category": "identity",
    "tags": ["travel"],
}
SEED_PATCH: dict[str, Any] = {
    "status": "Closed",
    "severity": "Medium",
    "close_classification": "Benign Positive - Suspicious but Expected",
    "tags": ["travel"],
}
PLAYBOOK: dict[str, Any] = {
    "name": "Phishing mail",
    "description": "Look at what the mail carried, ask, then close.",
    "category": "identification",
    "trigger_conditions": [{"field": "title", "op": "contains", "value": "phishing"}],
    "steps": [
        {"key": "look", "kind": "enrich", "name": "Enrich what it carried"},
        {
            "key": "ask",
            "kind": "approval",
            "name": "Ask a manager",
            "with": {"question": "Treat {{ alert.title }} as phishing?", "deadline_minutes": 240},
        },
        {"key": "mark", "kind": "tag", "with": {"add": ["phishing"]}},
    ],
}
CONNECTOR: dict[str, Any] = {
    "name": "Firewall",
    "kind": "http",
    "url": "https://firewall.example.com/api",
    "auth_scheme": "bearer",
    "secret": "given by the firewall",
}
DOCUMENT: dict[str, Any] = {
    "title": "The scanner of the network team",
    "document_type": "asset",
    "content": "Scans every Monday from 02:00. Call the network team before acting on it.",
    "targeting_rules": {
        "match": "any",
        "conditions": [{"field": "host_name", "op": "equals", "value": "scan-01"}],
    },
}
FINDING: dict[str, Any] = {
    "kind": "agent",
    "title": "Likely a stolen session",
    "agent_name": "triage-bot",
    "confidence": 0.8,
    "recommended_action": "Revoke the sessions of e.maddox.",
}
RULE: dict[str, Any] = {
    "name": "Sign-in from two countries within an hour",
    "source_name": "homebase_identity",
    "source_rule_id": "impossible-travel",
    "severity": "high",
    "mitre_tactics": ["TA0001"],
    "mitre_techniques": ["T1078"],
    "data_sources": ["sign-in log"],
    "run_frequency": "every 5 minutes",
    "author": "Detection team",
    "documentation": "Compare with the person's travel calendar before acting.",
}
VIEW: dict[str, Any] = {
    "name": "Urgent and nobody's",
    "resource": "alerts",
    "query": {"severity": "high,critical", "assignee_id": "none"},
}
CALENDAR: dict[str, Any] = {
    "name": "Office in Berlin",
    "time_zone": "Europe/Berlin",
    "hours": {"monday": ["09:00-17:00"], "tuesday": ["09:00-17:00"], "friday": ["09:00-15:00"]},
    "holidays": ["2026-12-25"],
}
SLA: dict[str, Any] = {
    "name": "Urgent investigations",
    "applies_to": "investigation",
    "levels": ["critical", "high"],
    "acknowledge_minutes": 30,
    "contain_minutes": 240,
    "pause_statuses": ["on_hold"],
    "is_active": True,
}


def request(value: dict[str, Any], summary: str) -> list[OpenApiExample]:
    """One example of a request's body."""
    return [OpenApiExample(summary, value=value, request_only=True)]
