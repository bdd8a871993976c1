"""The analyst's desk."""

from soc.admin import alerts, cases, registers

__all__ = ["alerts", "cases", "registers"]
