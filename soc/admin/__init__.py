"""The analyst's desk."""

from soc.admin import alerts, cases, indicators, proposals, registers

__all__ = ["alerts", "cases", "indicators", "proposals", "registers"]
