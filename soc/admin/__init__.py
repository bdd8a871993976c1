"""The analyst's desk."""

from soc.admin import alerts, cases, documents, findings, indicators, proposals, registers

__all__ = ["alerts", "cases", "documents", "findings", "indicators", "proposals", "registers"]
