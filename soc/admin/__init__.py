"""The analyst's desk."""

from soc.admin import (
    alerts,
    cases,
    comments,
    documents,
    findings,
    indicators,
    proposals,
    registers,
    rules,
    slas,
    tasks,
    templates,
    timeline,
)

__all__ = [
    "alerts",
    "cases",
    "comments",
    "documents",
    "findings",
    "indicators",
    "proposals",
    "registers",
    "rules",
    "slas",
    "tasks",
    "templates",
    "timeline",
]
