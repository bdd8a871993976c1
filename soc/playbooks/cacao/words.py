"""What reading and writing of CACAO files share: ids, the extension that is ours, secrets."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

SPACE = UUID("8d2f0c5e-6d0a-5f0e-9a43-2f4f3f0f6c11")
EXTENSION = f"extension-definition--{uuid5(SPACE, 'playbook')}"
AGENT = f"organization--{uuid5(SPACE, 'agent')}"
CATEGORIES = {
    "preparation": "prevention",
    "identification": "detection",
    "containment": "mitigation",
    "eradication": "remediation",
    "recovery": "remediation",
    "lessons_learned": "notification",
}
STEP_TYPES = (
    "start",
    "end",
    "action",
    "playbook-action",
    "parallel",
    "if-condition",
    "while-condition",
    "switch-condition",
)
_SECRET = re.compile(
    r"pass(word|phrase|wd)|secret|token|private_?key|api_?key|authorization|credential|cookie",
    re.IGNORECASE,
)
_LEFT = ("authentication_info", "authentication_info_definitions", "user_id", "username")


def named(kind: str, *parts: object) -> str:
    """An identifier of that type which is the same each time (section 10.10)."""
    return f"{kind}--{uuid5(SPACE, '/'.join(str(each) for each in parts))}"


def digest(value: Any) -> str:
    """Whether a part of a file is still as it was written."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def without_secrets(value: Any, path: str = "") -> tuple[Any, list[str]]:
    """The value without what its names say is a secret, and where that was."""
    if isinstance(value, list):
        pairs = [without_secrets(each, f"{path}[{place}]") for place, each in enumerate(value)]
        return [kept for kept, _ in pairs], [where for _, found in pairs for where in found]
    if not isinstance(value, dict):
        return value, []
    kept, found = {}, []
    for name, each in value.items():
        where = f"{path}.{name}" if path else str(name)
        if _is_secret(str(name), each):
            found.append(where)
            continue
        if isinstance(each, dict) and _SECRET.search(str(name)) and "value" in each:
            found.append(f"{where}.value")  # a variable (section 10.18) whose name says it
            each = {key: part for key, part in each.items() if key != "value"}  # noqa: PLW2901
        kept[name], more = without_secrets(each, where)
        found += more
    return kept, found


def _is_secret(name: str, value: Any) -> bool:
    """Names of definitions and of references to them are no secrets."""
    plain = isinstance(value, (str, int, float, list))
    return plain and value not in ("", []) and bool(_SECRET.search(name)) and name not in _LEFT


def listed(value: Any) -> list[Any]:
    """The value where it is a list, else none."""
    return value if isinstance(value, list) else []


def is_whole(document: Mapping[str, Any]) -> bool:
    """Whether a file's workflow can be handed on as it is (sections 3.1, 4.1 and 4.5)."""
    workflow = document.get("workflow")
    start = document.get("workflow_start")
    if not isinstance(workflow, dict) or not isinstance(start, str) or start not in workflow:
        return False
    steps = list(workflow.values())
    if not all(isinstance(step, dict) and step.get("type") in STEP_TYPES for step in steps):
        return False
    kinds = {step["type"] for step in steps}
    whole = {"start", "end"} <= kinds and workflow[start]["type"] == "start"
    return whole and all(_is_whole_step(step, document) for step in steps)


def _is_whole_step(step: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    if step["type"] == "end":
        return True
    if not isinstance(step.get("on_completion", step.get("on_success")), str):
        return False
    agents = document.get("agent_definitions")
    known = isinstance(agents, dict) and step.get("agent") in agents
    return step["type"] != "action" or (known and bool(listed(step.get("commands"))))


def unique(key: str, taken: set[str]) -> str:
    """A key like this one that is not taken."""
    return next(each for each in _keys(key) if each not in taken)


def _keys(key: str) -> Iterator[str]:
    base = re.sub(r"[^a-z0-9_-]+", "-", key.lower()).strip("-_")[:50]
    base = base if base and base[0].isalpha() and base != "end" else f"step-{base}".rstrip("-")
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1
