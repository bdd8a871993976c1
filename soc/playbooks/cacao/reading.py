"""A CACAO 2.0 file read as a playbook. What cannot be run as it stands becomes a task for a person,
with what the file says of it, and is listed as a fault; only secrets are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from core.errors import BadInput
from soc.playbooks import graph
from soc.playbooks.cacao import words
from soc.playbooks.steps import END, MAX_STEPS, MAX_TEXT
from soc.vocabulary import PLAYBOOK_CATEGORIES, TRIGGER_EVENTS

MINUTE = 60_000  # the file counts in milliseconds
MOST_MINUTES = 366 * 24 * 60
# What the standard says of metadata that is handed on as it came (section 3.1).
SHAPES: dict[str, type] = {
    "labels": list,
    "playbook_types": list,
    "playbook_activities": list,
    "derived_from": list,
    "related_to": list,
    "external_references": list,
    "markings": list,
    "industry_sectors": list,
    "description": str,
    "created": str,
    "created_by": str,
    "revoked": bool,
    "priority": int,
    "severity": int,
    "impact": int,
    "playbook_variables": dict,
    "agent_definitions": dict,
    "target_definitions": dict,
    "extension_definitions": dict,
    "playbook_extensions": dict,
}
PHASES = {word: phase for phase, word in reversed(words.CATEGORIES.items())}


@dataclass
class Reading:
    """What was read. `document` is the file without its secrets; `faults` what a person has to look
    at before it may run.
    """

    name: str
    description: str
    category: str | None
    tags: list[str]
    steps: list[dict[str, Any]]
    document: dict[str, Any]
    trigger_conditions: Any = field(default_factory=list)
    trigger_on: list[str] = field(default_factory=lambda: ["created"])
    faults: list[str] = field(default_factory=list)


def read(given: object, connectors: Mapping[str, str]) -> Reading:
    """Read a file. `connectors` are those of the tenant: each id, and each name, to its id.

    BadInput where it is no playbook at all.
    """
    if not isinstance(given, dict) or given.get("type", "playbook") != "playbook":
        raise BadInput("This is no CACAO playbook: its type is not 'playbook'.", field="cacao")
    if not isinstance(given.get("workflow", {}), dict):
        raise BadInput("This is no CACAO playbook: its workflow is no object.", field="cacao")
    if len(given.get("workflow", {})) > 2 * MAX_STEPS:
        raise BadInput(f"A workflow of more than {2 * MAX_STEPS} steps is not read.", field="cacao")
    document, secrets = words.without_secrets(given)
    strange = [
        name
        for name, shape in SHAPES.items()
        if name in document and not _fits(document[name], shape)
    ]
    for name in strange:
        document.pop(name)
    found = Reading(
        name=_text(document.get("name")) or "Imported playbook",
        description=_text(document.get("description")),
        category=_category(document),
        tags=[each for each in words.listed(document.get("labels")) if isinstance(each, str)],
        steps=[],
        document=document,
    )
    found.faults += [
        f"A secret was left out: {where}. Keep it in a connector." for where in secrets
    ]
    found.faults += [
        f"'{name}' is not what it should be, and was left out (3.1)." for name in strange
    ]
    if document.get("spec_version") != "cacao-2.0":
        found.faults.append("spec_version is not 'cacao-2.0'; it was read as such (3.1).")
    own = _own(document)
    if own is not None:
        _take_own(found, own)
    else:
        found.steps = _Walk(document, found.faults).steps()
    _connect(found, connectors, own or {})
    _check(found)
    return found


def _own(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """Our own extension, where the workflow is still as it was written with it."""
    extensions = document.get("playbook_extensions")
    own = extensions.get(words.EXTENSION) if isinstance(extensions, dict) else None
    if not isinstance(own, dict) or not isinstance(own.get("steps"), list):
        return None
    same = own.get("workflow_digest") == words.digest(document.get("workflow"))
    return own if same else None


def _take_own(found: Reading, own: Mapping[str, Any]) -> None:
    found.steps = [dict(step) for step in own["steps"] if isinstance(step, dict)]
    if own.get("category") in PLAYBOOK_CATEGORIES:
        found.category = own["category"]
    found.trigger_conditions = own.get("trigger_conditions") or []
    events = own.get("trigger_on")
    if isinstance(events, list) and all(each in TRIGGER_EVENTS for each in events):
        found.trigger_on = events


def _connect(found: Reading, connectors: Mapping[str, str], own: Mapping[str, Any]) -> None:
    """Connectors by id, else by name; a step whose connector there is not becomes a task."""
    names = own.get("connectors") if isinstance(own.get("connectors"), dict) else {}
    for step in found.steps:
        given = step.get("with")
        wanted = given.get("connector_id") if isinstance(given, dict) else None
        if wanted is None or not isinstance(given, dict):
            continue
        known = connectors.get(str(wanted)) or connectors.get(str((names or {}).get(wanted)))
        if known:
            given["connector_id"] = known
            continue
        called = (names or {}).get(wanted, wanted)
        found.faults.append(f"Step '{step.get('key')}' needs the connector '{called}'.")
        told = {name: value for name, value in given.items() if name != "connector_id"}
        step["with"] = {"instructions": f"By hand, over {called}: {told}"[:MAX_TEXT]}
        step["kind"] = "manual"


def _check(found: Reading) -> None:
    """Steps that could not be saved are left out, and the reason is a fault."""
    try:
        found.steps = [step.shown() for step in graph.checked(found.steps).order]
    except BadInput as refusal:
        found.faults.append(f"The steps hang together in no way that can run: {refusal.message}")
        found.steps = []


def _fits(value: Any, shape: type) -> bool:
    """Whether metadata are of their kind, and not empty."""
    if shape in (bool, int):
        return type(value) is shape
    return isinstance(value, shape) and bool(value)


def _category(document: Mapping[str, Any]) -> str | None:
    known = [PHASES.get(str(each)) for each in words.listed(document.get("playbook_types"))]
    return next((each for each in known if each), None)


def _text(value: object) -> str:
    return value.strip()[:MAX_TEXT] if isinstance(value, str) else ""


class _Walk:
    """The way through a workflow from its start, each step once (section 4)."""

    def __init__(self, document: Mapping[str, Any], faults: list[str]) -> None:
        self.workflow: dict[str, Any] = document.get("workflow") or {}
        self.document, self.faults = document, faults
        self.made: list[dict[str, Any]] = []
        self.keys: dict[str, str] = {}
        self.open: set[str] = set()

    def steps(self) -> list[dict[str, Any]]:
        begin = self._begin()
        if begin is not None:
            self._visit(begin, END)
        if len(self.made) > MAX_STEPS:
            raise BadInput(f"At most {MAX_STEPS} steps.", field="cacao")
        left = [key for key, step in self.workflow.items() if self._is_lost(key, step)]
        self.faults.extend(f"Nothing leads to the step {key}." for key in left)
        return self.made

    def _is_lost(self, step_id: str, step: Any) -> bool:
        kind = step.get("type") if isinstance(step, dict) else None
        return step_id not in self.keys and kind not in ("start", "end")

    def _begin(self) -> str | None:
        """Where it starts; a file without a start step begins where nothing leads to (3.1, 4.3)."""
        start = self.document.get("workflow_start")
        if isinstance(start, str) and start in self.workflow:
            return start
        if self.workflow:
            self.faults.append("workflow_start names no step; it begins where nothing leads to.")
        named = {each for step in self.workflow.values() for each in _named(step)}
        free = [key for key in self.workflow if key not in named]
        return next(iter(free or self.workflow), None)

    def _visit(self, step_id: object, after: str) -> str:
        """The key of the step, made where it is new; `after` is where its branch goes on."""
        if not isinstance(step_id, str) or step_id not in self.workflow:
            if step_id is not None:
                self.faults.append(f"A step names {str(step_id)[:80]}, which there is not.")
            return after
        if step_id in self.open:
            self.faults.append(f"The way back to {step_id} was cut: a run does each step once.")
            return END
        if step_id in self.keys:
            return self.keys[step_id]
        step = self.workflow[step_id]
        kind = step.get("type") if isinstance(step, dict) else None
        if kind == "end":
            return after
        if kind == "start":
            return self._visit(_next(step), after)
        if kind not in words.STEP_TYPES:
            self.faults.append(f"{step_id} is of the unknown type '{str(kind)[:40]}'.")
        self.open.add(step_id)
        key = self._make(step_id, step if isinstance(step, dict) else {}, str(kind), after)
        self.open.discard(step_id)
        return key

    def _make(self, step_id: str, step: dict[str, Any], kind: str, after: str) -> str:
        name = _text(step.get("name"))[:200] or kind.replace("-", " ")
        taken = {each["key"] for each in self.made}
        key = words.unique(name, taken)
        rows = self._rows(key, name, step, kind, taken | {key})
        self.keys[step_id] = rows[0]["key"]
        self.made += rows
        for row, following in pairwise(rows):
            row["on_success"] = following["key"]
        last = rows[-1]
        makers = {
            "parallel": self._parallel,
            "if-condition": self._if,
            "while-condition": self._while,
            "switch-condition": self._switch,
        }
        makers.get(kind, self._go_on)(last, step, after)
        return str(rows[0]["key"])

    def _rows(
        self, key: str, name: str, step: dict[str, Any], kind: str, taken: set[str]
    ) -> list[dict[str, Any]]:
        """The steps that one of the file becomes: its delay, then its commands in order."""
        rows = [_row(key, name, "manual", instructions=name)]
        if kind == "action":
            rows = self._commands(key, name, step, taken)
        elif kind == "playbook-action":
            other = _text(step.get("playbook_id")) or "another playbook"
            rows[0]["with"]["instructions"] = f"Run the playbook {other}."
            self.faults.append(f"Step '{key}' runs another playbook; that is shown as a task.")
        minutes = _minutes(step.get("timeout"))
        if minutes and kind == "action":
            for row in rows:
                row["with"]["deadline_minutes"] = minutes
        delay = step.get("delay")
        if isinstance(delay, int) and not isinstance(delay, bool) and delay > 0:
            first = words.unique(f"{key}-delay", taken | {row["key"] for row in rows})
            waits = max(0.05, min(delay / MINUTE, MOST_MINUTES))
            rows.insert(0, _row(first, f"Wait before {name}"[:200], "wait", minutes=waits))
        return rows

    def _commands(
        self, key: str, name: str, step: dict[str, Any], taken: set[str]
    ) -> list[dict[str, Any]]:
        commands = [each for each in words.listed(step.get("commands")) if isinstance(each, dict)]
        if not commands:
            self.faults.append(f"Step '{key}' has no commands (4.5).")
        rows: list[dict[str, Any]] = []
        for command in commands or [{}]:
            own = key if not rows else words.unique(key, taken | {row["key"] for row in rows})
            rows.append(_row(own, name, "manual", instructions=self._told(own, name, command)))
        return rows

    def _told(self, key: str, name: str, command: Mapping[str, Any]) -> str:
        """What a person has to do for one command (section 5)."""
        kind = str(command.get("type") or "manual")
        if kind != "manual":
            self.faults.append(f"Step '{key}': the {kind[:40]} command is shown as a task.")
        lines = [_text(command.get("description")), _text(command.get("command"))]
        lines += [_text(command.get("content"))]
        lines += ["(encoded)" for each in ("command_b64", "content_b64") if command.get(each)]
        text = "\n".join(line for line in lines if line) or name
        return text.replace("{{", "{ {")[:MAX_TEXT]

    def _go_on(self, row: dict[str, Any], step: dict[str, Any], after: str) -> None:
        row["on_success"] = self._visit(_next(step), after)
        failure = step.get("on_failure", step.get("on_completion"))
        row["on_failure"] = self._visit(failure, after) if failure else None

    def _parallel(self, row: dict[str, Any], step: dict[str, Any], after: str) -> None:
        """Section 4.7: what follows waits for every branch, each of which has its own end."""
        wanted = [each for each in _named_branches(step) if each in self.workflow]
        row["on_success"] = self._visit(_next(step), after)
        branches = [self._visit(each, END) for each in dict.fromkeys(wanted)]
        branches = [key for key in dict.fromkeys(branches) if key != END]
        if len(branches) >= 2:
            row["kind"], row["with"] = "parallel", {"branches": branches}
            return
        self.faults.append(f"Step '{row['key']}' has fewer than two branches that do something.")
        row["with"] = {"instructions": f"{row['name']}: go on."}

    def _if(self, row: dict[str, Any], step: dict[str, Any], after: str) -> None:
        """Section 4.8. Its expression is a STIX pattern, which a person judges here."""
        then = self._visit(_next(step), after)
        asked = _text(step.get("condition"))
        self._ask(row, asked, self._visit(step.get("on_true"), then))
        row["on_failure"] = self._visit(step.get("on_false"), then)

    def _while(self, row: dict[str, Any], step: dict[str, Any], after: str) -> None:
        """Section 4.9. A loop has no bound, so that its branch is offered once."""
        then = self._visit(_next(step), after)
        self._ask(row, _text(step.get("condition")), self._visit(step.get("on_true"), then))
        row["on_failure"] = then
        self.faults.append(f"Step '{row['key']}' is a loop; it is offered once.")

    def _switch(self, row: dict[str, Any], step: dict[str, Any], after: str) -> None:
        """Section 4.10: one question for each case."""
        then = self._visit(_next(step), after)
        cases = step.get("cases") if isinstance(step.get("cases"), dict) else {}
        asked, last = _text(step.get("switch")), row
        for place, (word, target) in enumerate((cases or {}).items()):
            if place:
                key = words.unique(row["key"], {each["key"] for each in self.made})
                last["on_failure"] = key
                last = _row(key, row["name"], "manual", instructions="")
                self.made.append(last)
            self._ask(last, f"{asked} = {word}", self._visit(target, then))
        last["on_failure"] = then

    def _ask(self, row: dict[str, Any], asked: str, then: str) -> None:
        """A question for a person: done is yes, not done is no."""
        told = f"Does this hold? {asked or row['name']}\nDone: yes. Not done: no."
        row["with"] = {"instructions": told.replace("{{", "{ {")[:MAX_TEXT]}
        row["on_success"] = then
        self.faults.append(f"Step '{row['key']}' asks a person for a condition of the file.")


def _row(key: str, name: str, kind: str, **given: Any) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "name": name,
        "with": given,
        "on_success": None,
        "on_failure": None,
    }


def _next(step: Mapping[str, Any]) -> Any:
    return step.get("on_success", step.get("on_completion"))


def _named(step: Any) -> list[str]:
    """Every step that a step of the file names."""
    if not isinstance(step, dict):
        return []
    single = ("on_completion", "on_success", "on_failure", "on_true", "on_false")
    cases = step.get("cases") if isinstance(step.get("cases"), dict) else {}
    many = [*_named_branches(step), *(cases or {}).values()]
    return [each for each in (*(step.get(name) for name in single), *many) if isinstance(each, str)]


def _named_branches(step: Mapping[str, Any]) -> list[str]:
    return [each for each in words.listed(step.get("next_steps")) if isinstance(each, str)]


def _minutes(timeout: object) -> float | None:
    if not isinstance(timeout, int) or isinstance(timeout, bool) or timeout <= 0:
        return None
    return max(1, min(-(-timeout // MINUTE), MOST_MINUTES))
