"""The analyst's desk."""

from soc.admin import alerts, cases, documents, registers

__all__ = ["alerts", "cases", "documents", "registers"]
