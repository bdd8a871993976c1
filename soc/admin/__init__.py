"""The analyst's desk."""

from soc.admin import alerts, cases, documents, findings, registers

__all__ = ["alerts", "cases", "documents", "findings", "registers"]
