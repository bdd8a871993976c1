"""`client.soc`, `client.grc` and `client.core`: the resources by name."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from soc_client import rows
from soc_client.calls import Call, get, post
from soc_client.registers import AsyncRegister, AsyncRisks, Register, Risks
from soc_client.resources import AsyncResource, AsyncSend, Resource, Send
from soc_client.verbs import (
    AlertVerbs,
    ConnectorVerbs,
    CorrectiveActionVerbs,
    DetectionRuleVerbs,
    DocumentVerbs,
    FindingVerbs,
    HandoverVerbs,
    IncidentVerbs,
    IndicatorVerbs,
    InvestigationVerbs,
    Json,
    PlaybookVerbs,
    ProposalVerbs,
    RunVerbs,
    StepVerbs,
    SubmissionVerbs,
    TaskVerbs,
)

SOC, GRC, CORE = "/api/v1/soc", "/api/v1/grc", "/api/v1/core"


class Alerts(AlertVerbs, Resource[rows.Alert]):
    """`client.soc.alerts`."""

    def bulk(self, verb: str, ids: Sequence[str], **body: Any) -> Json:
        """The same verb for up to 500 alerts, one answer each: `{"results": [{id, status,
        problem}]}`.
        """
        answer: Json = self.send(_bulk(self.path, verb, ids, body))
        return answer


class AsyncAlerts(AlertVerbs, AsyncResource[rows.Alert]):
    async def bulk(self, verb: str, ids: Sequence[str], **body: Any) -> Json:
        answer: Json = await self.send(_bulk(self.path, verb, ids, body))
        return answer


class Investigations(InvestigationVerbs, Resource[rows.Investigation]):
    """`client.soc.investigations`."""


class AsyncInvestigations(InvestigationVerbs, AsyncResource[rows.Investigation]):
    """`client.soc.investigations`."""


class Findings(FindingVerbs, Resource[Json]):
    """`client.soc.findings`."""

    def upload(self, row_id: str, path: str | Path, *, sha256: str = "", note: str = "") -> Json:
        """Store the file of an artefact."""
        kept: Json = self.send(_upload(self.path, row_id, Path(path), sha256, note))
        return kept


class AsyncFindings(FindingVerbs, AsyncResource[Json]):
    async def upload(
        self, row_id: str, path: str | Path, *, sha256: str = "", note: str = ""
    ) -> Json:
        kept: Json = await self.send(_upload(self.path, row_id, Path(path), sha256, note))
        return kept


class ContextDocuments(DocumentVerbs, Resource[Json]):
    """`client.soc.context_documents`."""


class AsyncContextDocuments(DocumentVerbs, AsyncResource[Json]):
    """`client.soc.context_documents`."""


class DetectionRules(DetectionRuleVerbs, Resource[rows.DetectionRule]):
    """`client.soc.detection_rules`."""


class AsyncDetectionRules(DetectionRuleVerbs, AsyncResource[rows.DetectionRule]):
    """`client.soc.detection_rules`."""


class Incidents(IncidentVerbs, Resource[rows.Incident]):
    """`client.grc.incidents`."""


class AsyncIncidents(IncidentVerbs, AsyncResource[rows.Incident]):
    """`client.grc.incidents`."""


class Submissions(SubmissionVerbs, Resource[Json]):
    """`client.grc.submissions`."""


class AsyncSubmissions(SubmissionVerbs, AsyncResource[Json]):
    """`client.grc.submissions`."""


class CorrectiveActions(CorrectiveActionVerbs, Resource[Json]):
    """`client.grc.corrective_actions`."""


class AsyncCorrectiveActions(CorrectiveActionVerbs, AsyncResource[Json]):
    """`client.grc.corrective_actions`."""


class Indicators(IndicatorVerbs, Resource[rows.Indicator]):
    """`client.soc.indicators`."""


class AsyncIndicators(IndicatorVerbs, AsyncResource[rows.Indicator]):
    """`client.soc.indicators`."""


class Proposals(ProposalVerbs, Resource[Json]):
    """`client.soc.investigation_proposals`."""


class AsyncProposals(ProposalVerbs, AsyncResource[Json]):
    """`client.soc.investigation_proposals`."""


class Tasks(TaskVerbs, Resource[Json]):
    """`client.soc.tasks`."""


class AsyncTasks(TaskVerbs, AsyncResource[Json]):
    """`client.soc.tasks`."""


class Handovers(HandoverVerbs, Resource[Json]):
    """`client.soc.handovers`."""


class AsyncHandovers(HandoverVerbs, AsyncResource[Json]):
    """`client.soc.handovers`."""


class Playbooks(PlaybookVerbs, Resource[rows.Playbook]):
    """`client.soc.playbooks`."""


class AsyncPlaybooks(PlaybookVerbs, AsyncResource[rows.Playbook]):
    """`client.soc.playbooks`."""


class Runs(RunVerbs, Resource[Json]):
    """`client.soc.playbook_runs`."""


class AsyncRuns(RunVerbs, AsyncResource[Json]):
    """`client.soc.playbook_runs`."""


class Steps(StepVerbs, Resource[Json]):
    """`client.soc.playbook_steps`."""


class AsyncSteps(StepVerbs, AsyncResource[Json]):
    """`client.soc.playbook_steps`."""


class Connectors(ConnectorVerbs, Resource[Json]):
    """`client.soc.connectors`."""


class AsyncConnectors(ConnectorVerbs, AsyncResource[Json]):
    """`client.soc.connectors`."""


class Soc:
    """`client.soc`."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.alerts = Alerts(send, f"{SOC}/alerts")
        self.investigations = Investigations(send, f"{SOC}/investigations")
        self.indicators = Indicators(send, f"{SOC}/indicators")
        self.indicator_lists: Resource[Json] = Resource(send, f"{SOC}/indicator-lists")
        self.investigation_proposals = Proposals(send, f"{SOC}/investigation-proposals")
        self.playbooks = Playbooks(send, f"{SOC}/playbooks")
        self.playbook_runs = Runs(send, f"{SOC}/playbook-runs")
        self.playbook_steps = Steps(send, f"{SOC}/playbook-steps")
        self.connectors = Connectors(send, f"{SOC}/connectors")
        self.tasks = Tasks(send, f"{SOC}/tasks")
        self.handovers = Handovers(send, f"{SOC}/handovers")
        self.templates: Resource[Json] = Resource(send, f"{SOC}/templates")
        self.timeline_entries: Resource[Json] = Resource(send, f"{SOC}/timeline-entries")
        self.comments: Resource[Json] = Resource(send, f"{SOC}/comments")
        self.detection_rules = DetectionRules(send, f"{SOC}/detection-rules")
        self.context_documents = ContextDocuments(send, f"{SOC}/context-documents")
        self.findings = Findings(send, f"{SOC}/findings")
        self.sla_definitions: Resource[Json] = Resource(send, f"{SOC}/sla-definitions")
        self.business_calendars: Resource[Json] = Resource(send, f"{SOC}/business-calendars")
        self.views: Resource[Json] = Resource(send, f"{SOC}/views")
        self.rejected_records: Resource[Json] = Resource(send, f"{SOC}/rejected-records")

    def intake(self, format: str, records: Iterable[Any]) -> rows.IntakeAnswer:
        """Send records in a tool's own shape; what became of each comes back, in order."""
        answer: rows.IntakeAnswer = self._send(_intake(format, records))
        return answer

    def metrics(self, **query: Any) -> Json:
        """The numbers of a window: `created_after`, `created_before`, `group_by`."""
        numbers: Json = self._send(get(f"{SOC}/metrics", query))
        return numbers


class AsyncSoc:
    """`client.soc`, awaited."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send
        self.alerts = AsyncAlerts(send, f"{SOC}/alerts")
        self.investigations = AsyncInvestigations(send, f"{SOC}/investigations")
        self.indicators = AsyncIndicators(send, f"{SOC}/indicators")
        self.indicator_lists: AsyncResource[Json] = AsyncResource(send, f"{SOC}/indicator-lists")
        self.investigation_proposals = AsyncProposals(send, f"{SOC}/investigation-proposals")
        self.playbooks = AsyncPlaybooks(send, f"{SOC}/playbooks")
        self.playbook_runs = AsyncRuns(send, f"{SOC}/playbook-runs")
        self.playbook_steps = AsyncSteps(send, f"{SOC}/playbook-steps")
        self.connectors = AsyncConnectors(send, f"{SOC}/connectors")
        self.tasks = AsyncTasks(send, f"{SOC}/tasks")
        self.handovers = AsyncHandovers(send, f"{SOC}/handovers")
        self.templates: AsyncResource[Json] = AsyncResource(send, f"{SOC}/templates")
        self.timeline_entries: AsyncResource[Json] = AsyncResource(send, f"{SOC}/timeline-entries")
        self.comments: AsyncResource[Json] = AsyncResource(send, f"{SOC}/comments")
        self.detection_rules = AsyncDetectionRules(send, f"{SOC}/detection-rules")
        self.context_documents = AsyncContextDocuments(send, f"{SOC}/context-documents")
        self.findings = AsyncFindings(send, f"{SOC}/findings")
        self.sla_definitions: AsyncResource[Json] = AsyncResource(send, f"{SOC}/sla-definitions")
        self.business_calendars: AsyncResource[Json] = AsyncResource(
            send, f"{SOC}/business-calendars"
        )
        self.views: AsyncResource[Json] = AsyncResource(send, f"{SOC}/views")
        self.rejected_records: AsyncResource[Json] = AsyncResource(send, f"{SOC}/rejected-records")

    async def intake(self, format: str, records: Iterable[Any]) -> rows.IntakeAnswer:
        answer: rows.IntakeAnswer = await self._send(_intake(format, records))
        return answer

    async def metrics(self, **query: Any) -> Json:
        numbers: Json = await self._send(get(f"{SOC}/metrics", query))
        return numbers


class Grc:
    """`client.grc`."""

    def __init__(self, send: Send) -> None:
        self.incidents = Incidents(send, f"{GRC}/incidents")
        self.assets = Register(send, f"{GRC}/assets")
        self.accounts = Register(send, f"{GRC}/accounts")
        self.risks = Risks(send, f"{GRC}/risks")
        self.regulators = Register(send, f"{GRC}/regulators")
        self.obligations: Resource[Json] = Resource(send, f"{GRC}/obligations")
        self.submissions = Submissions(send, f"{GRC}/submissions")
        self.corrective_actions = CorrectiveActions(send, f"{GRC}/corrective-actions")


class AsyncGrc:
    """`client.grc`, awaited."""

    def __init__(self, send: AsyncSend) -> None:
        self.incidents = AsyncIncidents(send, f"{GRC}/incidents")
        self.assets = AsyncRegister(send, f"{GRC}/assets")
        self.accounts = AsyncRegister(send, f"{GRC}/accounts")
        self.risks = AsyncRisks(send, f"{GRC}/risks")
        self.regulators = AsyncRegister(send, f"{GRC}/regulators")
        self.obligations: AsyncResource[Json] = AsyncResource(send, f"{GRC}/obligations")
        self.submissions = AsyncSubmissions(send, f"{GRC}/submissions")
        self.corrective_actions = AsyncCorrectiveActions(send, f"{GRC}/corrective-actions")


class Core:
    """`client.core`."""

    def __init__(self, send: Send) -> None:
        self.teams: Resource[Json] = Resource(send, f"{CORE}/teams")
        self.notifications: Resource[Json] = Resource(send, f"{CORE}/notifications")


class AsyncCore:
    """`client.core`, awaited."""

    def __init__(self, send: AsyncSend) -> None:
        self.teams: AsyncResource[Json] = AsyncResource(send, f"{CORE}/teams")
        self.notifications: AsyncResource[Json] = AsyncResource(send, f"{CORE}/notifications")


def _bulk(path: str, verb: str, ids: Sequence[str], body: Json) -> Call:
    return post(f"{path}/bulk/{verb}", {**body, "ids": list(ids)})


def _upload(path: str, row_id: str, file: Path, sha256: str, note: str) -> Call:
    """The file is read whole, so that a second try sends it again from its start."""
    given = {"file": (file.name, file.read_bytes(), "application/octet-stream")}
    texts = {name: (None, text) for name, text in (("sha256", sha256), ("note", note)) if text}
    return Call("POST", f"{path}/{row_id}/file", files={**given, **texts})


def _intake(format: str, records: Iterable[Any]) -> Call:
    """Repeats are counted by the platform itself, so that a second try adds nothing."""
    lines = b"\n".join(json.dumps(record).encode() for record in records)
    return Call("POST", f"{SOC}/intake/{format}", content=lines)
