"""The analyst's desk."""

from soc.admin import (
    alerts,
    cases,
    comments,
    connectors,
    documents,
    findings,
    indicators,
    playbooks,
    proposals,
    registers,
    rules,
    runs,
    slas,
    tasks,
    templates,
    timeline,
)

__all__ = [
    "alerts",
    "cases",
    "comments",
    "connectors",
    "documents",
    "findings",
    "indicators",
    "playbooks",
    "proposals",
    "registers",
    "rules",
    "runs",
    "slas",
    "tasks",
    "templates",
    "timeline",
]
