"""The moves and views of each resource, named once for the sync and the async client."""

from typing import Any

from soc_client.resources import Verb, View
from soc_client.rows import Alert, Incident, Investigation

Json = dict[str, Any]


class AlertVerbs:
    acknowledge = Verb[Alert]("acknowledge")
    triage = Verb[Alert]("triage")
    escalate = Verb[Alert]("escalate")
    resolve = Verb[Alert]("resolve")
    close = Verb[Alert]("close")
    suppress = Verb[Alert]("suppress")
    reopen = Verb[Alert]("reopen")
    reclassify = Verb[Alert]("reclassify")
    assign = Verb[Alert]("assign")
    undo = Verb[Alert]("undo")
    comment = Verb[Json]("comments")
    comments = View[Json]("comments")
    context_documents = View[Json]("context-documents")
    related = View[Json]("related")
    clocks = View[Json]("clocks")


class InvestigationVerbs:
    start = Verb[Investigation]("start")
    hold = Verb[Investigation]("hold")
    resume = Verb[Investigation]("resume")
    contain = Verb[Investigation]("contain")
    resolve = Verb[Investigation]("resolve")
    close = Verb[Investigation]("close")
    reopen = Verb[Investigation]("reopen")
    clocks = View[Json]("clocks")
    escalate = Verb[Investigation]("escalate")
    add_alerts = Verb[Investigation]("alerts/add")
    remove_alerts = Verb[Investigation]("alerts/remove")
    merge = Verb[Investigation]("merge")
    unmerge = Verb[Investigation]("unmerge")
    apply_template = Verb[Investigation]("apply-template")
    add_event = Verb[Json]("timeline")
    timeline = View[Json]("timeline")
    report = View[bytes]("report")
    comment = Verb[Json]("comments")
    comments = View[Json]("comments")


class FindingVerbs:
    verify = Verb[Json]("verify")
    custody = View[Json]("custody")
    hand_over = Verb[Json]("custody")
    download = View[bytes]("file")


class DocumentVerbs:
    versions = View[Json]("versions")


class DetectionRuleVerbs:
    quality = View[Json]("quality")


class IndicatorVerbs:
    judge = Verb[Json]("judge")
    reset = Verb[Json]("reset")
    sightings = View[Json]("sightings")


class ProposalVerbs:
    accept = Verb[Json]("accept")
    dismiss = Verb[Json]("dismiss")


class HandoverVerbs:
    sign_out = Verb[Json]("sign_out")
    sign_in = Verb[Json]("sign_in")


class TaskVerbs:
    start = Verb[Json]("start")
    complete = Verb[Json]("complete")
    skip = Verb[Json]("skip")
    reopen = Verb[Json]("reopen")


class PlaybookVerbs:
    run = Verb[Json]("run")
    validate = Verb[Json]("validate")
    versions = View[Json]("versions")


class RunVerbs:
    cancel = Verb[Json]("cancel")
    settle = Verb[Json]("settle")
    retry = Verb[Json]("retry")


class StepVerbs:
    approve = Verb[Json]("approve")
    reject = Verb[Json]("reject")
    complete = Verb[Json]("complete")


class ConnectorVerbs:
    check = Verb[Json]("check")


class IncidentVerbs:
    contain = Verb[Incident]("contain")
    eradicate = Verb[Incident]("eradicate")
    recover = Verb[Incident]("recover")
    close = Verb[Incident]("close")
    reopen = Verb[Incident]("reopen")
    report = Verb[Incident]("report")
    assess = Verb[Incident]("assess")
    record_fact = Verb[Incident]("facts")
    obligations = View[Json]("obligations")
    lineage = View[Json]("lineage")


class SubmissionVerbs:
    submit = Verb[Json]("submit")
    approve = Verb[Json]("approve")
    reject = Verb[Json]("reject")
    send = Verb[Json]("send")
    export = View[bytes]("export")


class CorrectiveActionVerbs:
    complete = Verb[Json]("complete")
    verify = Verb[Json]("verify")
    reopen = Verb[Json]("reopen")
