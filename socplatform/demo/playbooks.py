"""Three playbooks that a tenant of the demo begins with. None fires by itself."""

from typing import Any

from core import tenancy
from soc.services import playbooks
from socplatform.demo.people import Cast

Steps = list[dict[str, Any]]


def write(cast: Cast) -> None:
    """Phishing mail, malware on a host, account takeover; with conditions to try, switched off."""
    with tenancy.tenant_scope(cast.tenant_id):
        for values in (PHISHING, MALWARE, TAKEOVER):
            playbooks.create(values, actor=cast.actors["manager"])


def _step(key: str, kind: str, name: str, *ways: str, **given: Any) -> dict[str, Any]:
    success, failure = [*ways, "", ""][:2]
    return {
        "key": key,
        "kind": kind,
        "name": name,
        "with": given,
        "on_success": success or None,
        "on_failure": failure or None,
    }


_BAD = {"field": "steps.look.output.malice", "op": "in", "value": ["suspicious", "malicious"]}

PHISHING: dict[str, Any] = {
    "name": "Phishing mail",
    "description": "Looks at what the mail carried, asks whether it is phishing, and marks it. "
    "Somebody else than the one who starts it says yes.",
    "category": "identification",
    "trigger_conditions": [{"field": "title", "op": "contains", "value": "phishing"}],
    "mitre_tactics": ["TA0001"],
    "mitre_techniques": ["T1566"],
    "tags": ["mail"],
    "steps": [
        _step("look", "enrich", "Enrich what it carried"),
        _step("take", "status", "Take it up", "ask", "ask", verb="triage"),
        _step(
            "ask",
            "approval",
            "Is it phishing?",
            "mark",
            "no",
            question="Is '{{ alert.title }}' phishing? What it carried is "
            "{{ steps.look.output.malice }}.",
            deadline_minutes=240,
            without_answer="reject",
        ),
        _step("mark", "tag", "Mark it", add=["phishing", "confirmed"]),
        _step(
            "judge",
            "verdict",
            "Judge the domain",
            "tell",
            "tell",
            value="{{ alert.first.domain }}",
            type="domain",
            malice="malicious",
        ),
        _step(
            "tell",
            "comment",
            "Write it down",
            "end",
            text="Confirmed as phishing. Look for the same mail, and tell who received it.",
        ),
        _step("no", "comment", "Write down why not", text="Not phishing: {{ steps.ask.error }}"),
    ],
}
MALWARE: dict[str, Any] = {
    "name": "Malware on a host",
    "description": "Enriches what was found; where that is bad, the host is isolated by hand and "
    "the alert is marked meanwhile, then it is escalated with a task, isolated or not.",
    "category": "containment",
    "trigger_conditions": [
        {"field": "category", "op": "equals", "value": "endpoint"},
        {"field": "severity", "op": "at_least", "value": "high"},
    ],
    "mitre_tactics": ["TA0002"],
    "tags": ["host"],
    "steps": [
        _step("look", "enrich", "Enrich what was found"),
        _step("bad", "condition", "Is it bad?", "both", "clean", all=[_BAD]),
        _step("both", "parallel", "Contain", "raise", branches=["isolate", "mark"]),
        _step(
            "isolate",
            "manual",
            "Isolate the host",
            "end",
            "end",
            instructions="Isolate {{ alert.host_name }} from the network; leave it running.",
            deadline_minutes=60,
        ),
        _step("mark", "tag", "Mark it", "end", add=["malware"]),
        _step("raise", "status", "Escalate", "image", "image", verb="escalate"),
        _step(
            "image",
            "task",
            "Ask for an image",
            "end",
            title="Take a memory image of {{ alert.host_name }}",
            mandatory=True,
            due_after_hours=4,
        ),
        _step(
            "clean",
            "comment",
            "Write it down",
            text="Nothing bad is known of it: {{ steps.look.output.malice }}.",
        ),
    ],
}
TAKEOVER: dict[str, Any] = {
    "name": "Account takeover",
    "description": "Asks before anybody is signed out, has it done by hand, looks again after a "
    "while, and writes down what was done.",
    "category": "containment",
    "trigger_conditions": [
        {"field": "category", "op": "equals", "value": "identity"},
        {"field": "severity", "op": "at_least", "value": "high"},
    ],
    "mitre_tactics": ["TA0001", "TA0006"],
    "mitre_techniques": ["T1078"],
    "tags": ["account"],
    "steps": [
        _step("take", "status", "Take it up", "ask", "ask", verb="triage"),
        _step(
            "ask",
            "approval",
            "Sign the user out?",
            "reset",
            "no",
            question="Sign {{ alert.user_name }} out everywhere and reset the password?",
            deadline_minutes=60,
            without_answer="cancel",
        ),
        _step(
            "reset",
            "manual",
            "Sign out and reset",
            instructions="End all sessions of {{ alert.user_name }}, reset the password, "
            "and call the user by a known number.",
            deadline_minutes=120,
        ),
        _step("mark", "tag", "Mark it", add=["account-reset"]),
        _step("calm", "wait", "Let it rest", minutes=30),
        _step(
            "tell",
            "comment",
            "Write it down",
            "end",
            text="Signed out and reset: {{ steps.reset.output.note }}",
        ),
        _step("no", "comment", "Write down why not", text="Not signed out: {{ steps.ask.error }}"),
    ],
}
