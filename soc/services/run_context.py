"""What templates and conditions of a step may see: plain data of the run, read when asked for."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from core import ids
from soc.conditions import Condition, all_hold
from soc.models import Alert, Investigation, PlaybookRun, PlaybookVersion, StepRun
from soc.playbooks import graph, templating
from soc.playbooks.graph import Graph
from soc.services import facts, relations

_ALERT = (
    "title",
    "description",
    "severity",
    "status",
    "category",
    "malice",
    "source_name",
    "source_id",
    "rule_key",
    "rule_name",
    "host_name",
    "user_name",
    "host",
    "user",
    "tags",
    "mitre_tactics",
    "mitre_techniques",
    "kill_chain_phase",
    "affected_assets",
    "duplicate_count",
)
_CASE = ("investigation_number", "title", "description", "status", "priority", "category", "tags")


@lru_cache(maxsize=512)
def graph_of(version_id: UUID) -> Graph:
    """The graph of a version, which never changes."""
    return graph.checked(PlaybookVersion.objects.get(pk=version_id).steps)


def given_of(run: PlaybookRun, values: Any) -> Any:
    """The values of a step with their templates filled; NoValue where one names nothing."""
    roots = {path.partition(".")[0] for path in templating.paths_of(values)}
    return templating.fill(values, of(run, roots)) if roots else values


def holds(run: PlaybookRun, wanted: list[Condition]) -> bool:
    """Whether all conditions hold now; one on a value that there is not does not."""
    known: dict[str, Any] = {}
    if run.alert and any("." not in each.field for each in wanted):
        known = facts.of_alert(run.alert)
    paths = [each.field for each in wanted if "." in each.field]
    context = of(run, {"steps"}) if paths else {}
    for path in paths:
        try:
            known[path] = templating.lookup(context, path)
        except templating.NoValue:
            known[path] = None
    return all_hold(wanted, known)


def of(run: PlaybookRun, roots: Iterable[str]) -> dict[str, Any]:
    """The context of a run, with those of its parts that are asked for."""
    readers: Mapping[str, Any] = {
        "alert": lambda: _alert(run.alert) if run.alert else {},
        "investigation": lambda: _case(run.investigation) if run.investigation else {},
        "run": lambda: {
            "id": run.shown_id,
            "trigger": run.trigger,
            "requested_by": ids.show("per", run.requested_by),
        },
        "playbook": lambda: {
            "id": ids.show("pbk", run.playbook_id),
            "name": run.playbook_version.name,
        },
        "inputs": lambda: run.inputs,
        "steps": lambda: _steps(run),
    }
    return {root: readers[root]() for root in roots if root in readers}


def _alert(alert: Alert) -> dict[str, Any]:
    links = relations.indicators_of([alert.pk]).get(alert.pk, [])
    known: dict[str, Any] = {name: getattr(alert, name) for name in _ALERT}
    known["id"] = alert.shown_id
    known["occurred_at"] = alert.occurred_at.isoformat() if alert.occurred_at else None
    known["indicators"] = [
        {
            "type": each.indicator.type,
            "value": each.indicator.value,
            "malice": each.indicator.malice,
        }
        for each in links
    ]
    first: dict[str, str] = {}
    for each in links:
        first.setdefault(each.indicator.type, each.indicator.value)
    return known | {"first": first}


def _case(case: Investigation) -> dict[str, Any]:
    return {name: getattr(case, name) for name in _CASE} | {"id": case.shown_id}


def _steps(run: PlaybookRun) -> dict[str, Any]:
    rows = StepRun.objects.filter(run=run).values("key", "state", "output", "error")
    return {
        row["key"]: {"state": row["state"], "output": row["output"], "error": row["error"]}
        for row in rows
    }
