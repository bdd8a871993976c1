"""A playbook written as a CACAO 2.0 file.

The workflow says in the standard's own terms what happens; the exact steps stand beside it in an
extension of ours (section 8), with a digest of the workflow, so that a reader of ours takes them as
they were and notices when another tool has changed the workflow since.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from soc.playbooks.cacao import words
from soc.playbooks.graph import FAILURE, SUCCESS, Graph
from soc.playbooks.steps import Step

_FIRST = {
    "created": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    "created_by": re.compile(r"identity--[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """What is written. `kept` is what an import left to be handed on, `connectors` the names of
    those that steps call, by id.
    """

    id: str
    name: str
    description: str
    category: str | None
    tags: list[str]
    created: datetime
    modified: datetime
    made_by: str
    graph: Graph
    trigger_conditions: list[Any]
    trigger_on: list[str]
    connectors: Mapping[str, str]
    kept: Mapping[str, Any] | None = None


def write(source: Source) -> dict[str, Any]:
    """The file. One that was imported keeps what this platform does not know, and its workflow
    while the steps are as they were read.
    """
    kept = dict(source.kept or {})
    steps = [step.shown() for step in source.graph.order]
    own = _own(source)
    before: dict[str, Any] = kept.get("document", {})
    document = {**before, **own}
    if kept.get("steps") != steps or not words.is_whole(before):
        document.pop("workflow_exception", None)
        document |= _workflow(source)
    for name, shape in _FIRST.items():  # a new version keeps them (section 3.1)
        if shape.fullmatch(str(before.get(name))):
            document[name] = before[name]
    _extend(document, source, steps)
    return document


def _own(source: Source) -> dict[str, Any]:
    """The metadata (section 3.1)."""
    kind = words.CATEGORIES.get(source.category or "")
    types = words.listed((source.kept or {}).get("document", {}).get("playbook_types"))
    types = types if kind in types or not kind else [kind, *types]
    return {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": source.id,
        "name": source.name,
        **({"description": source.description} if source.description else {}),
        **({"playbook_types": types} if types else {}),
        **({"labels": source.tags} if source.tags else {}),
        "created_by": source.made_by,
        "created": _moment(source.created),
        "modified": _moment(max(source.created, source.modified)),
    }


def _workflow(source: Source) -> dict[str, Any]:
    """The steps (section 4), from a start step to end steps of their own for each path."""
    graph, ids = source.graph, _ids(source)
    begin, end = words.named("start", source.id), words.named("end", source.id)
    first = ids[graph.start] if graph.start else end
    workflow: dict[str, Any] = {begin: {"type": "start", "on_completion": first}}
    for step in graph.order:
        workflow[ids[step.key]] = _step(source, step, ids, workflow)
    if not graph.start:
        workflow[end] = {"type": "end"}
    return {
        "workflow_start": begin,
        "workflow": workflow,
        "agent_definitions": {words.AGENT: {"type": "organization", "name": "SOC platform"}},
    }


def _ids(source: Source) -> dict[str, str]:
    kinds = {"condition": "if-condition", "parallel": "parallel"}
    return {
        step.key: words.named(kinds.get(step.kind.name, "action"), source.id, step.key)
        for step in source.graph.order
    }


def _step(
    source: Source, step: Step, ids: Mapping[str, str], workflow: dict[str, Any]
) -> dict[str, Any]:
    graph = source.graph

    def way(outcome: str) -> str:
        """Where an outcome leads; the end of a branch is an end step of its own (4.7, 4.8)."""
        target, owner = graph.target(step.key, outcome), graph.owner(step.key)
        if target is None or (owner and target == graph.target(owner, SUCCESS)):
            end = words.named("end", source.id, step.key, outcome)
            workflow[end] = {"type": "end"}
            return end
        return ids[target]

    common: dict[str, Any] = {"name": step.name}
    if step.kind.name == "condition":
        asked = json.dumps(step.given.get("all"), sort_keys=True)
        ends = words.named("end", source.id, step.key, "done")
        workflow[ends] = {"type": "end"}
        return {
            "type": "if-condition",
            **common,
            "condition": asked,
            "on_true": way(SUCCESS),
            "on_false": way(FAILURE),
            "on_completion": ends,
        }
    if step.kind.name == "parallel":
        branches = [ids[key] for key in graph.branches(step.key)]
        return {"type": "parallel", **common, "next_steps": branches, "on_completion": way(SUCCESS)}
    minutes = step.given.get("minutes")
    delay = {"delay": max(1, round(minutes * 60_000))} if minutes else {}
    failing = {"on_failure": way(FAILURE)} if step.on_failure else {}
    return {
        "type": "action",
        **common,
        **delay,
        "on_success": way(SUCCESS),
        **failing,
        "commands": [_command(step, source.connectors)],
        "agent": words.AGENT,
    }


def _command(step: Step, connectors: Mapping[str, str]) -> dict[str, Any]:
    """What a reader who knows nothing of this platform has to do (section 5)."""
    if step.kind.name == "http":
        return _http_command(step)
    told = {name: value for name, value in step.given.items() if name != "connector_id"}
    by = connectors.get(str(step.given.get("connector_id")))
    text = step.given.get("instructions") or step.given.get("question")
    detail = text or json.dumps(told, sort_keys=True, ensure_ascii=False)
    over = f" over {by}" if by else ""
    return {"type": "manual", "command": f"{step.kind.label}{over}: {detail}"}


def _http_command(step: Step) -> dict[str, Any]:
    """An HTTP start line, headers as lists, and the content as text."""
    line = f"{step.value('method', 'GET')} /{str(step.value('path', '')).lstrip('/')} HTTP/1.1"
    headers = {name: [str(value)] for name, value in (step.given.get("headers") or {}).items()}
    body = step.given.get("body")
    content = body if isinstance(body, str) else json.dumps(body, sort_keys=True)
    return {
        "type": "http-api",
        "command": line,
        **({"headers": headers} if headers else {}),
        **({"content": content} if body not in (None, "") else {}),
    }


def _extend(document: dict[str, Any], source: Source, steps: list[dict[str, Any]]) -> None:
    """Our extension, beside those that the file had."""
    document["extension_definitions"] = {
        **document.get("extension_definitions", {}),
        words.EXTENSION: {
            "type": "extension-definition",
            "name": "Steps of the SOC platform",
            "created_by": source.made_by,
            "schema": "The steps, triggers and category as the SOC platform runs them.",
            "version": "1.0.0",
        },
    }
    document["playbook_extensions"] = {
        **document.get("playbook_extensions", {}),
        words.EXTENSION: {
            "steps": steps,
            "category": source.category,
            "trigger_conditions": source.trigger_conditions,
            "trigger_on": source.trigger_on,
            "connectors": dict(source.connectors),
            "workflow_digest": words.digest(document["workflow"]),
        },
    }


def _moment(moment: datetime) -> str:
    """To the millisecond, in UTC (section 10.17)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{moment.microsecond // 1000:03d}Z"
    )
